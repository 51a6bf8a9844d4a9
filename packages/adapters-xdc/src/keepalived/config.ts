/** The configuration of keepalived for one address on one host. Pure. */
import { isIPv4 } from 'node:net';
import { NetworkInterface, permanent, type PortError, type VipInstance, Vrid } from '@blockledger/domain';
import type { Layout } from './layout.ts';

/** Why an instance cannot be configured; `undefined` when it can. Whatever passes needs no quotes in a configuration. */
export const instanceTrouble = (instance: VipInstance): PortError | undefined => {
  const { ip, mask, vrid, priority, source, peers } = instance;
  const known = { vrid: Vrid.is(vrid), device: NetworkInterface.is(instance.interface) };
  const wrong = (what: string): PortError => permanent('Invalid', `virtual IP ${ip}: ${what}`);
  if (!isIPv4(ip)) return wrong('it is no IPv4 address');
  if (!isIPv4(source) || !peers.every((peer) => isIPv4(peer))) return wrong('source and peers are IPv4 addresses');
  if (mask < 1 || mask > 32) return wrong(`the mask is 1 to 32, not ${mask}`);
  if (!known.vrid) return wrong(`a virtual router id is 1 to 255, not ${vrid}`);
  if (priority < 1 || priority > 254) return wrong(`the priority is 1 to 254, not ${priority}`);
  if (!known.device) return wrong(`"${instance.interface}" is no network device`);
  return undefined;
};

/** How often readiness is asked, in seconds; two answers alike make a change. */
const ASK = { interval: 1, timeout: 3, times: 2 } as const;

/**
 * The whole text. The state is always `BACKUP`, since an election decides and `nopreempt` needs it, and the instance begins as not ready
 * (`init_fail`): the host holds nothing before the script has said twice that it may.
 */
export const configText = (instance: VipInstance, { ready, notify }: Pick<Layout, 'ready' | 'notify'>, password: string): string => `# Written by Blockledger: a change by hand is overwritten.
global_defs {
    router_id ${instance.vipId}
    script_user root
    enable_script_security
    vrrp_garp_master_refresh 60
}
vrrp_script ready {
    script "${ready}"
    interval ${ASK.interval}
    timeout ${ASK.timeout}
    fall ${ASK.times}
    rise ${ASK.times}
    init_fail
}
vrrp_instance ${instance.vipId} {
    state BACKUP
    interface ${instance.interface}
    virtual_router_id ${instance.vrid}
    priority ${instance.priority}
${instance.preempt ? '' : '    nopreempt\n'}    advert_int 1
    mcast_src_ip ${instance.source}
    authentication {
        auth_type PASS
        auth_pass ${password}
    }
    virtual_ipaddress {
        ${instance.ip}/${instance.mask} dev ${instance.interface}
    }
    track_script {
        ready
    }
    notify "${notify}"
}
`;
