/** Each pool: is it there, is it for volumes, has it room, and may this user work on it? */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding, Placement } from '@blockledger/domain';
import type { ClusterMap } from '../parse.ts';
import type { Session } from '../session.ts';
import { complaintOf, fine, hear, problem, warning, type Trouble } from './finding.ts';
import { mayWork } from './probes.ts';

type PoolRow = ClusterMap['pools'][number];

/** Type 3 of a pool is erasure coded. */
const ERASURE = 3;

const flagsOf = ({ flags_names }: PoolRow): readonly string[] => (flags_names ?? '').split(',');

const lookAtApplication = ({ pool_name: name, application_metadata: applications }: PoolRow): Finding => {
  if (applications === undefined || 'rbd' in applications) return fine('poolApplication', name, `pool ${name} is for RBD`);
  const others = Object.keys(applications);
  const found = others.length === 0 ? `pool ${name} is for no application` : `pool ${name} is for ${others.join(', ')}, not for RBD`;
  return problem('poolApplication', name, { found, meaning: "A user of 'profile rbd' may not work on it.", remedy: `rbd pool init ${name}${others.length === 0 ? '' : ', or take another pool'}` });
};

const lookAtRoom = (row: PoolRow): Finding => {
  const { pool_name: name } = row;
  const flags = flagsOf(row);
  const full = flags.find((flag) => flag === 'full' || flag === 'full_quota');
  if (full !== undefined) return problem('poolFull', name, { found: `pool ${name} is full (${full})`, meaning: 'Writes to its volumes wait or fail.', remedy: full === 'full_quota' ? `raise its quota: ceph osd pool get-quota ${name}` : 'make room, or add storage' });
  if (!flags.some((flag) => flag === 'nearfull' || flag === 'backfillfull')) return fine('poolFull', name, `pool ${name} has room`);
  return warning('poolFull', name, { found: `pool ${name} is nearly full`, meaning: 'Writes to its volumes will soon wait or fail.', remedy: 'make room, or add storage' });
};

/** The heads of images need a replicated pool; their data may lie in an erasure coded one that allows overwriting. */
const lookAtType = (row: PoolRow, holds: 'heads' | 'data'): Finding => {
  const { pool_name: name } = row;
  if (row.type !== ERASURE) return fine('poolType', name, `pool ${name} is replicated`);
  const meaning = 'No volume can be made in it.';
  if (holds === 'heads') return problem('poolType', name, { found: `pool ${name} is erasure coded`, meaning, remedy: 'register a replicated pool, with this one as its `dataPool`' });
  if (flagsOf(row).includes('ec_overwrites')) return fine('poolType', name, `pool ${name} is erasure coded and can be overwritten`);
  return problem('poolType', name, { found: `pool ${name} cannot be overwritten`, meaning, remedy: `ceph osd pool set ${name} allow_ec_overwrites true` });
};

const lookAtPermissions = async (session: Session, pool: string, user: string): Promise<Finding> => {
  const answer = await hear(session, mayWork(pool, session.context.installationId));
  const notAllowed: Trouble = {
    found: `${user} may not work on pool ${pool}`,
    meaning: 'Volumes in it can at most be looked at.',
    remedy: `allow it: ceph auth caps ${user} mon 'profile rbd' osd 'profile rbd pool=${pool}', with its other pools in the same line`,
  };
  const silent = (why: string): Trouble => ({
    found: `pool ${pool} does not answer: ${why}`,
    meaning: 'Work on its volumes waits.',
    remedy: 'see `ceph pg stat` and `ceph osd tree`: its placement groups are not active, or their servers cannot be reached from here',
  });
  if (E.isLeft(answer)) return problem('permissions', pool, silent(answer.left.message));
  const { stderr, stdout } = answer.right;
  const said = `${stderr}\n${stdout}`;
  if (/\(2\) No such file/.test(said)) return fine('permissions', pool, `${user} may read and write in pool ${pool}`);
  return problem('permissions', pool, /\((?:1|13)\) /.test(said) ? notAllowed : silent(complaintOf(answer.right)));
};

interface Place {
  readonly pool: string;
  readonly holds: 'heads' | 'data';
}

/** Every pool once, though several placements may name it; one that holds heads anywhere is judged as such. */
const placesOf = (placements: readonly Placement[]): readonly Place[] => {
  const heads = new Set(placements.map(({ pool }) => pool));
  const data = new Set(placements.flatMap(({ dataPool }) => (dataPool === undefined || heads.has(dataPool) ? [] : [dataPool])));
  return [...[...heads].map((pool) => ({ pool, holds: 'heads' as const })), ...[...data].map((pool) => ({ pool, holds: 'data' as const }))];
};

const lookAtPool = async (session: Session, map: ClusterMap, { pool, holds }: Place, user: string): Promise<readonly Finding[]> => {
  const row = map.pools.find(({ pool_name }) => pool_name === pool);
  if (row === undefined) {
    return [problem('pool', pool, { found: `cluster ${map.fsid} has no pool ${pool}`, meaning: 'No volume can be made in it.', remedy: `ceph osd pool create ${pool}, then rbd pool init ${pool}; or correct its name, or the cluster, in the configuration` })];
  }
  const still = [fine('pool', pool, `pool ${pool} is there`), lookAtType(row, holds), lookAtApplication(row), lookAtRoom(row)];
  return [...still, await lookAtPermissions(session, pool, user)];
};

/** Looks at all pools that are named. */
export const lookAtPools = async (session: Session, map: ClusterMap, placements: readonly Placement[], user: string): Promise<readonly Finding[]> =>
  (await Promise.all(placesOf(placements).map((place) => lookAtPool(session, map, place, user)))).flat();
