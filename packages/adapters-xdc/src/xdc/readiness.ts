/** How a host sees for itself that XDC serves something there, while nobody else may be able to ask. */
import type { Readiness } from '../keepalived/readiness.ts';
import { PATHS } from '../keepalived/scripts/shared.ts';
import { showAts } from './commands.ts';
import { settle, type XdcOptions } from './options.ts';
import { ENABLED } from './assumed.ts';

/**
 * `serves IP PORT IQN LUNS XDCADM [WORD]…`. What is shown has secrets in it, and goes no further than the next program.
 */
const SERVES = `${PATHS}
ip=$1 port=$2 iqn=$3 luns=$4
shift 4
"$@" | IP=$ip PORT=$port IQN=$iqn LUNS=$luns awk '
  /^    AT / { at = 0 }
  /^            iqn: / { here = ($2 == ENVIRON["IQN"]); if (here) at = 1 }
  /^        [a-z]/ { here = 0 }
  here && /^            state: ${ENABLED} *$/ { enabled = 1 }
  here && /^                portal IP: / && $3 == ENVIRON["IP"] && $5 == ENVIRON["PORT"] { portal = 1 }
  at && /^            lun id: / { lun[$3] = 1 }
  END {
    if (!enabled || !portal) exit 1
    count = split(ENVIRON["LUNS"], wanted, " ")
    for (n = 1; n <= count; n++) if (!(wanted[n] in lun)) exit 1
  }'`;

/** What `xdcReadiness` has to know. */
export interface XdcReadinessOptions extends Pick<XdcOptions, 'xdcadm'> {
  /** Pid files of XDC's daemon on the hosts, shell patterns allowed. Where it has them is not known to us. Default: none. */
  readonly pidFiles?: readonly string[];
}

/**
 * The options by which `keepalivedVips` knows whether a host serves its targets of XDC: the check looks at what `xdcadm` shows of portal, target
 * and LUNs on the host itself. Without `pidFiles` an XDC that starts anew does not make its host wait for another admission (I-20).
 *
 * @example
 * import { keepalivedVips, localHost, xdcReadiness } from '@blockledger/adapters-xdc';
 * const vips = keepalivedVips({ hosts: [localHost({ name: 'ceph-2' })], supervise: 'systemd', ...xdcReadiness({ pidFiles: ['/run/xdc.pid'] }) });
 * vips.hosts(); // => ['ceph-2']
 */
export const xdcReadiness = ({ xdcadm, pidFiles = [] }: XdcReadinessOptions = {}): Readiness => {
  const { program } = settle({ hosts: [], ...(xdcadm === undefined ? {} : { xdcadm }) });
  return {
    check: ({ iqn, portal, luns }) => ['sh', '-c', SERVES, 'sh', portal.ip, String(portal.port), iqn, luns.join(' '), program, ...showAts.args],
    daemonPidFiles: () => pidFiles,
  };
};
