/** How a host sees for itself that a daemon of tgt serves something there, while nobody else may be able to ask. */
import type { Readiness } from '../keepalived/readiness.ts';
import { PATHS } from '../keepalived/scripts/shared.ts';
import { tgtLun } from './commands.ts';
import { settle, type TgtdOptions } from './options.ts';
import { folderOf } from './session.ts';

/**
 * `serves FOLDER TGTADM IP PORT IQN [LUN]…`, LUNs under tgt's own numbers. Whoever listens on the portal is asked, and only if it is one of ours:
 * the other daemons of the host, of which one may hang, are left alone. A target that is offline, or a LUN that is not online, is not served.
 * tgtd does not end the line of its pid file, so `read` fails although it has read the pid.
 */
const SERVES = `${PATHS}
folder=$1 tgtadm=$2 ip=$3 port=$4 iqn=$5
shift 5
listener=$(ss -Hltnp "sport = :$port" 2>/dev/null | while read -r _ _ _ local _ who; do
  case $local in ("$ip:$port" | "[$ip]:$port") printf '%s ' "$who" ;; esac
done)
control=
for file in "$folder"/tgtd.*.pid; do
  pid=
  { read -r pid < "$file"; } 2>/dev/null
  case $listener in (*"pid=\${pid:-none},"*)
    control=\${file##*/tgtd.}
    control=\${control%.pid}
  ;; esac
done
[ -n "$control" ] || exit 1
TGT_IPC_SOCKET=$folder/ipc "$tgtadm" --control-port "$control" --lld iscsi --mode target --op show | IQN=$iqn LUNS=$* awk '
  /^Target / { here = ($3 == ENVIRON["IQN"]) }
  here && /^        State: ready *$/ { ready = 1 }
  here && /^        LUN: / { lun = $2 }
  here && /^            Online: Yes *$/ { online[lun] = 1 }
  END {
    if (!ready) exit 1
    count = split(ENVIRON["LUNS"], wanted, " ")
    for (at = 1; at <= count; at++) if (!(wanted[at] in online)) exit 1
  }'`;

/**
 * The options by which `keepalivedVips` knows whether a host serves its targets of tgt: the check looks at portal, target and LUNs on the host
 * itself, and a daemon that is younger than the host's last admission makes the host not ready (I-20).
 *
 * @param tgtd As it was given to `tgtTargets`.
 *
 * @example
 * import { keepalivedVips, localHost, tgtReadiness, tgtTargets } from '@blockledger/adapters-xdc';
 * const hosts = [localHost({ name: 'gw1' })];
 * const targets = tgtTargets({ hosts, tgtd: { runDir: '/run/tgt-of-ours' } });
 * const vips = keepalivedVips({ hosts, supervise: 'systemd', ...tgtReadiness({ runDir: '/run/tgt-of-ours' }) });
 * tgtReadiness({ runDir: '/run/tgt-of-ours' }).daemonPidFiles('gw1'); // => ['/run/tgt-of-ours/gw1/tgtd.*.pid']
 * targets.hosts(); // => ['gw1']
 * vips.hosts(); // => ['gw1']
 */
export const tgtReadiness = (tgtd: TgtdOptions = {}): Readiness => {
  const settings = settle({ hosts: [], tgtd });
  return {
    check: ({ iqn, portal, luns }, host) => ['sh', '-c', SERVES, 'sh', folderOf({ name: host }, settings), settings.admin, portal.ip, String(portal.port), iqn, ...luns.map((lun) => String(tgtLun(lun)))],
    daemonPidFiles: (host) => [`${folderOf({ name: host }, settings)}/tgtd.*.pid`],
  };
};
