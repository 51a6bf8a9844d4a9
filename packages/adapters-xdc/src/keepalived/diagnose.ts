/** What is wrong between here and the hosts that are to hold virtual IPs. */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding, NotReady } from '@blockledger/domain';
import { hostTrouble } from '../hosts/diagnose.ts';
import { lookAround, survey } from './commands.ts';
import { layoutOf, rootOf } from './layout.ts';
import { parseLook, type LookedAt } from './parse.ts';
import { ask, type Session } from './session.ts';
import { parseSurvey, type Standing, type Surveyed } from './survey.ts';

interface Look {
  readonly session: Session;
  readonly host: string;
  readonly seen: Surveyed;
}

type Findings = readonly Finding[];

const [GROUP_WRITES, OTHERS_WRITE, STICKY] = [0o020, 0o002, 0o1000];
const OTHERS_READ = 0o044;
const ROOT = '0';

const NOTHING_HELD = 'It holds no virtual IP.';
/** `init_fail` and scripts with a limit of time are well known from here on. */
const LEAST = 2;

const lookAtProgram = ({ host: about, seen, session: { settings } }: Look): Finding => {
  const check = 'keepalived';
  const { version } = seen;
  if (version === undefined) return { check, about, level: 'problem', found: `${settings.keepalived} is not there on host ${about}`, meaning: NOTHING_HELD, remedy: 'install it (Debian, Ubuntu: apt-get install keepalived), or say where it is with the option keepalived' };
  if (Number.parseInt(version, 10) < LEAST) return { check, about, level: 'warning', found: `keepalived on host ${about} is version ${version}`, meaning: 'Its configuration was never tried with one as old.', remedy: `install version ${LEAST} or newer` };
  return { check, about, level: 'ok', found: `keepalived on host ${about} is version ${version}` };
};

const lookAtUser = ({ host: about, seen: { uid } }: Look): Findings => {
  if (uid === ROOT) return [];
  const found = `programs on host ${about} run as the user ${uid ?? '?'}, and not as root`;
  return [{ check: 'root', about, level: 'problem', found, meaning: NOTHING_HELD, remedy: "be root there (user: 'root'), or let the user call sudo without a password (prefix: ['sudo', '-n'])" }];
};

/** Debian's packages of what is asked for. */
const PACKAGES: Readonly<Record<string, string>> = { ip: 'iproute2', ss: 'iproute2', timeout: 'coreutils', tcpdump: 'tcpdump', setsid: 'util-linux', systemctl: 'systemd' };

const lookAtTools = ({ host: about, seen: { lacks } }: Look): Findings =>
  lacks.map((program) => {
    const meaning = program === 'tcpdump' ? 'It cannot hear which virtual router ids are in use, so no VIP group can be made there.' : NOTHING_HELD;
    return { check: program, about, level: 'problem', found: `${program} is not installed on host ${about}`, meaning, remedy: `Debian, Ubuntu: apt-get install ${PACKAGES[program] ?? program}` };
  });

const lookAtSupervisor = ({ host: about, seen: { hasSystemd }, session: { settings } }: Look): Findings => {
  if (settings.supervise !== 'systemd' || hasSystemd) return [];
  return [{ check: 'systemd', about, level: 'problem', found: `systemd does not run on host ${about}`, meaning: NOTHING_HELD, remedy: "say supervise: 'child'" }];
};

/** As keepalived judges it: a group of root's may write, and anybody where nobody can replace what is another's. */
const isOpen = ({ user, group, mode }: Standing): boolean =>
  user !== ROOT || (group !== ROOT && (mode & GROUP_WRITES) !== 0) || ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0);

/** What keepalived would not run, or what others could read. */
const lookAtFiles = ({ host: about, seen: { folders, files } }: Look): Findings => {
  const open = [...folders, ...files].find(isOpen);
  if (open !== undefined) {
    const found = `others than root can write ${open.path} on host ${about}`;
    return [{ check: 'trackScript', about, level: 'problem', found, meaning: 'keepalived leaves out a track script that somebody else could change, and would hold addresses without it: so no instance is started or changed there.', remedy: `chown root ${open.path} && chmod go-w ${open.path}, or keep instances elsewhere with the option folder` }];
  }
  const readable = files.find(({ mode, path }) => path.endsWith('.conf') && (mode & OTHERS_READ) !== 0);
  if (readable !== undefined) {
    return [{ check: 'configurationMode', about, level: 'warning', found: `every user of host ${about} can read ${readable.path}, in which the word of VRRP stands`, meaning: 'Whoever knows it can take addresses away, which anybody on the wire can, too.', remedy: `chmod 600 ${readable.path}` }];
  }
  return [{ check: 'trackScript', about, level: 'ok', found: `only root can change the track scripts of host ${about}` }];
};

const WHY: Readonly<Record<NotReady, readonly [found: string, remedy: string]>> = {
  admission: ['waits to be admitted', 'a service that runs admits it, once its targets are what they should be: see `blockledger path show`'],
  service: ['sees that what the address stands for is not served there', 'see `blockledger path show`, and the daemon of the targets on the host'],
  yielding: ['yields, since it was told to', 'it is on its way out of its VIP group: see `blockledger vip-group show`'],
};

const lookAtInstance = ({ host, session: { settings } }: Look, { id, card, daemon, notReady }: LookedAt): Finding => {
  const [about, check] = [`${host} ${card?.instance.ip ?? id}`, 'instance'] as const;
  const { unit, dir } = layoutOf(settings, host, (card?.instance.vipId ?? id) as Parameters<typeof layoutOf>[2]);
  if (daemon === undefined) {
    const remedy = settings.supervise === 'systemd' ? `systemctl status ${unit}` : `see ${dir}/log`;
    return { check, about, level: 'problem', found: `keepalived does not run for ${card?.instance.ip ?? id} on host ${host}`, meaning: 'The address cannot move there.', remedy: `${remedy} on the host; blockledger vip-group redeploy starts it again` };
  }
  if (notReady === undefined) return { check, about, level: 'ok', found: `host ${host} may hold ${card?.instance.ip ?? id}` };
  const [found, remedy] = WHY[notReady];
  return { check, about, level: 'warning', found: `host ${host} ${found} (${card?.instance.ip ?? id})`, meaning: 'The address cannot move there.', remedy };
};

const lookAtInstances = async (look: Look): Promise<Findings> => {
  const { session, host } = look;
  const answer = await ask(session, lookAround(session.settings, rootOf(session.settings, host)));
  const looked = E.chain(({ stdout }: { readonly stdout: string }) => parseLook(stdout))(answer);
  return E.isLeft(looked) ? [hostTrouble(session.host, looked.left)] : looked.right.instances.map((instance) => lookAtInstance(look, instance));
};

const lookAt = async (session: Session): Promise<Findings> => {
  const { host, settings } = session;
  const way = host.diagnose?.() ?? [];
  const answer = await ask(session, survey(settings, rootOf(settings, host.name)));
  if (E.isLeft(answer)) return [...way, hostTrouble(host, answer.left)];
  const look: Look = { session, host: host.name, seen: parseSurvey(answer.right.stdout) };
  const program = lookAtProgram(look);
  if (program.level === 'problem') return [...way, program];
  return [...way, program, ...lookAtUser(look), ...lookAtTools(look), ...lookAtSupervisor(look), ...lookAtFiles(look), ...(await lookAtInstances(look))];
};

/** Looks at every host; what cannot be looked at is found as a problem. */
export const diagnose = async (sessions: readonly Session[]): Promise<Findings> => (await Promise.all(sessions.map(lookAt))).flat();
