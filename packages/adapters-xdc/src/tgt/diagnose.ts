/** What is wrong between here and the gateway hosts. */
import * as E from 'fp-ts/lib/Either.js';
import type { CallContext, Finding } from '@blockledger/domain';
import { hostTrouble } from '../hosts/diagnose.ts';
import type { Host } from '../hosts/host.ts';
import type { Settings } from './options.ts';

const HASTY_MS = 10_000;

/**
 * `survey TGTD TGTADM CONF CLIENT`: one word and what it is, a line each. The PATH is left as it is, since the programs are found on it. Where
 * tgt was built by somebody else, its module for Ceph may stand elsewhere.
 */
const SURVEY = `tgtd=$1 tgtadm=$2 conf=$3 client=$4
printf 'uid %s\\n' "$(id -u)"
command -v "$tgtd" > /dev/null && printf 'tgtd %s\\n' "$("$tgtd" --version 2>&1 | head -n 1)"
for program in "$tgtadm" rbd ss; do
  command -v "$program" > /dev/null || printf 'lacks %s\\n' "$program"
done
printf 'bind %s\\n' "$(cat /proc/sys/net/ipv4/ip_nonlocal_bind)"
for module in /usr/lib/tgt /usr/lib64/tgt /usr/local/lib/tgt; do
  [ -e "$module/backing-store/bs_rbd.so" ] && echo 'module yes'
done
printf 'cache %s\\n' "$(ceph-conf \${conf:+--conf "$conf"} \${client:+--name "$client"} --lookup rbd_cache 2> /dev/null)"
exit 0`;

/** What a host said of itself: a word may come several times, or not at all. */
type Said = ReadonlyMap<string, readonly string[]>;

const parsed = (text: string): Said => {
  const said = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [, word = '', rest = ''] = /^(\w+) ?(.*)$/.exec(line) ?? [];
    if (word !== '') said.set(word, [...(said.get(word) ?? []), rest.trim()]);
  }
  return said;
};

const INSTALL = 'install tgt on it (Debian, Ubuntu: apt-get install tgt tgt-rbd)';
const MOST_LETTERS = 40;

/** What one look is about, and what was found. */
interface Look {
  readonly host: string;
  readonly said: Said;
  readonly settings: Settings;
}

const lookAtPrograms = ({ host: about, said, settings: { program, admin } }: Look): Finding => {
  const check = 'program';
  const version = said.get('tgtd')?.[0];
  const missing = version === undefined ? program : said.get('lacks')?.find((name) => name === admin);
  if (missing !== undefined) return { check, about, level: 'problem', found: `${missing} is not installed on host ${about}`, meaning: 'It can serve no target.', remedy: INSTALL };
  return { check, about, level: 'ok', found: `${program} on host ${about} is version ${(version ?? '').slice(0, MOST_LETTERS)}` };
};

const lookAtUser = ({ host: about, said }: Look): readonly Finding[] => {
  const uid = said.get('uid')?.[0];
  if (uid === '0') return [];
  const found = `programs on host ${about} run as the user ${uid ?? '?'}, and not as root`;
  return [{ check: 'root', about, level: 'problem', found, meaning: 'tgtd does not start.', remedy: "be root there (user: 'root'), or let the user call sudo without a password (prefix: ['sudo', '-n'])" }];
};

const lookAtNonlocalBind = ({ host: about, said }: Look): Finding => {
  if (said.get('bind')?.[0] === '1') return { check: 'nonlocalBind', about, level: 'ok', found: `host ${about} can listen on virtual IPs that it does not hold` };
  return {
    check: 'nonlocalBind',
    about,
    level: 'warning',
    found: `net.ipv4.ip_nonlocal_bind is not 1 on host ${about}`,
    meaning: 'It cannot listen on a virtual IP before it holds it, so no access path with virtual IPs can be served.',
    remedy: 'sysctl -w net.ipv4.ip_nonlocal_bind=1, and write it into /etc/sysctl.d',
  };
};

const lookAtModule = ({ host: about, said }: Look): readonly Finding[] => {
  if (said.has('module')) return [];
  const found = `the module of tgt for images of Ceph was not found on host ${about}`;
  return [{ check: 'module', about, level: 'warning', found, meaning: 'Unless it stands elsewhere, no image of Ceph can be served there.', remedy: 'Debian, Ubuntu: apt-get install tgt-rbd' }];
};

/** The cluster may say so, too, which only an image tells: so it is a warning. */
const lookAtCache = ({ host: about, said, settings: { ceph } }: Look): readonly Finding[] => {
  if (!ceph.verify) return [];
  if (said.get('lacks')?.includes('rbd') === true) {
    return [{ check: 'rbd', about, level: 'problem', found: `rbd is not installed on host ${about}`, meaning: 'No image can be looked at before it is opened, so none is.', remedy: 'apt-get install ceph-common, or ceph: { verify: false } where it cannot be had' }];
  }
  if (said.get('cache')?.[0] === 'false') return [{ check: 'cache', about, level: 'ok', found: `host ${about} does not cache what is written` }];
  return [
    {
      check: 'cache',
      about,
      level: 'warning',
      found: `the ceph.conf of host ${about} does not say rbd_cache = false`,
      meaning: 'Unless the cluster or the image says so, volumes are refused there: blocks that initiators were told are written would be lost when an address fails over.',
      remedy: 'write rbd_cache = false into its section [client]',
    },
  ];
};

const lookAtSockets = ({ host: about, said }: Look): readonly Finding[] =>
  said.get('lacks')?.includes('ss') === true
    ? [{ check: 'ss', about, level: 'warning', found: `ss is not installed on host ${about}`, meaning: 'It cannot see whether its targets are served, so it holds no virtual IP.', remedy: 'apt-get install iproute2' }]
    : [];

const lookAt = async (host: Host, settings: Settings, { signal }: CallContext): Promise<readonly Finding[]> => {
  const way = host.diagnose?.() ?? [];
  const { program, admin, ceph } = settings;
  const answer = await host.run({ argv: ['sh', '-c', SURVEY, 'survey', program, admin, ceph.conf ?? '', ceph.client ?? ''], idleTimeoutMs: HASTY_MS, signal })();
  if (E.isLeft(answer)) return [...way, hostTrouble(host, answer.left)];
  const look: Look = { host: host.name, said: parsed(answer.right.stdout), settings };
  const programs = lookAtPrograms(look);
  if (programs.level === 'problem') return [...way, programs];
  return [...way, programs, ...lookAtUser(look), ...lookAtModule(look), ...lookAtCache(look), lookAtNonlocalBind(look), ...lookAtSockets(look)];
};

/** Looks at every host; what cannot be looked at is found as a problem. */
export const diagnose = async (hosts: readonly Host[], settings: Settings, context: CallContext): Promise<readonly Finding[]> =>
  (await Promise.all(hosts.map(async (host) => lookAt(host, settings, context)))).flat();
