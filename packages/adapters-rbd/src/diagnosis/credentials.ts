/** The configuration file and the keyring: are they there, can they be read, and by whom else? */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding } from '@blockledger/domain';
import type { RbdOptions } from '../options.ts';
import type { Session } from '../session.ts';
import { factsOf } from './files.ts';
import { complaintOf, fine, hear, problem, warning } from './finding.ts';
import { configured } from './probes.ts';

/** Permission bits of all but the owner and the group. */
const OTHERS = 0o007;
const USUAL_CONF = '/etc/ceph/ceph.conf';

const valueOf = async (session: Session, key: string): Promise<E.Either<string, string>> => {
  const answer = await hear(session, configured(key));
  if (E.isLeft(answer)) return E.left(answer.left.message);
  return answer.right.exitCode === 0 ? E.right(answer.right.stdout.trim()) : E.left(complaintOf(answer.right));
};

const NO_CLUSTER = 'The programs do not know which cluster to talk to, so nothing of this backend works.';

const lookAtConfiguration = async (session: Session, { conf }: RbdOptions): Promise<Finding> => {
  const about = conf ?? USUAL_CONF;
  const hosts = await valueOf(session, 'mon_host');
  const remedy = `name the cluster's ceph.conf as \`conf\` of rbdBackend({ ... }), and let the user of the service read it`;
  if (E.isLeft(hosts)) return problem('configuration', about, { found: `${about} cannot be read: ${hosts.left}`, meaning: NO_CLUSTER, remedy });
  if (hosts.right === '') {
    const found = conf === undefined && factsOf(USUAL_CONF)._tag === 'Absent' ? `${USUAL_CONF} is not there` : `${about} names no monitor (mon host)`;
    return problem('configuration', about, { found, meaning: NO_CLUSTER, remedy });
  }
  return fine('configuration', about, `${about} names the monitors ${hosts.right.slice(0, 200)}`);
};

const lookAtKeyring = (path: string, user: string): readonly Finding[] => {
  const facts = factsOf(path);
  const meaning = `The cluster does not let ${user} in.`;
  if (facts._tag === 'Absent') {
    return [problem('keyring', path, { found: `the keyring ${path} is not there`, meaning, remedy: `put it there (ceph auth get ${user} -o ${path}), or name another as \`keyring\` of rbdBackend({ ... })` })];
  }
  if (facts._tag === 'Unreadable') {
    return [problem('keyring', path, { found: `the keyring ${path} cannot be read by this user`, meaning, remedy: `let the user of the service read it: chown or setfacl on ${path}` })];
  }
  const there = fine('keyring', path, `the keyring ${path} is there`);
  if ((facts.mode & OTHERS) === 0) return [there, fine('keyringPermissions', path, `only its owner and group can use ${path}`)];
  const open = { found: `every user of this machine can use ${path} (mode ${facts.mode.toString(8)})`, meaning: `Whoever can read it can do with the cluster what ${user} may.`, remedy: `chmod 640 ${path}` };
  return [there, warning('keyringPermissions', path, open)];
};

/** The keyring that the programs would take: the one given, else the first there is of those they look for. */
const keyringOf = async (session: Session, { keyring }: RbdOptions): Promise<string | undefined> => {
  if (keyring !== undefined) return keyring;
  const listed = await valueOf(session, 'keyring');
  const paths = E.isRight(listed) ? listed.right.split(',').map((path) => path.trim()).filter((path) => path !== '') : [];
  return paths.find((path) => factsOf(path)._tag !== 'Absent') ?? paths[0];
};

/** Looks at what names the cluster and what opens it. */
export const lookAtCredentials = async (session: Session, options: RbdOptions): Promise<readonly Finding[]> => {
  const configuration = await lookAtConfiguration(session, options);
  if (configuration.level === 'problem') return [configuration];
  const asks = await valueOf(session, 'auth_client_required');
  if (E.isRight(asks) && asks.right === 'none') return [configuration, fine('keyring', 'none', 'the cluster asks nobody for a key')];
  const keyring = await keyringOf(session, options);
  return keyring === undefined ? [configuration] : [configuration, ...lookAtKeyring(keyring, options.name ?? 'client.admin')];
};
