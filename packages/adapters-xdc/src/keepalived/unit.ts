/** The unit of one instance, for hosts where systemd runs (S0-75). Pure. */
import type { VipInstance } from '@blockledger/domain';
import type { Layout } from './layout.ts';

/** The command line of the daemon. All paths are absolute: it changes to `/` by itself. */
export const daemonWords = (keepalived: string, { conf, pid, vrrpPid }: Pick<Layout, 'conf' | 'pid' | 'vrrpPid'>): readonly string[] =>
  [keepalived, '-n', '-l', '-D', '--vrrp', '-f', conf, '-p', pid, '-r', vrrpPid];

/**
 * The whole text. A bad or an empty configuration keeps it from starting and from reloading; what a killed daemon leaves on the interface
 * goes before it is started again, and so do pid files: after a crash of the host they may name anybody.
 */
export const unitText = (keepalived: string, layout: Layout, { ip, mask, interface: device }: VipInstance): string => `# Written by Blockledger: a change by hand is overwritten.
[Unit]
Description=Virtual IP ${ip} of Blockledger
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStartPre=/usr/bin/test -s ${layout.conf}
ExecStartPre=${keepalived} -t -f ${layout.conf}
ExecStartPre=/bin/rm -f ${layout.pid} ${layout.vrrpPid}
ExecStart=${daemonWords(keepalived, layout).join(' ')}
ExecReload=${keepalived} -t -f ${layout.conf}
ExecReload=/bin/kill -HUP $MAINPID
ExecStopPost=-/sbin/ip address del ${ip}/${mask} dev ${device}
KillMode=mixed
TimeoutStopSec=10
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
`;
