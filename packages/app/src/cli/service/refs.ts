/** Names as people use them, `pool/volume` and `volume@snapshot` where one name is not enough: the number or UUID that the service takes, found by the name where one was given. */
import * as E from 'fp-ts/lib/Either.js';
import { parseRef } from '../../api/fields.ts';
import type { ApiClient } from '../../client/index.ts';
import { ending, type Ending } from '../exit.ts';
import { needed, type Part, type Reader } from '../frame/parts.ts';
import { text } from '../frame/readers.ts';
import { accessPathsNamed, clientGroupsNamed, hostsNamed, vipGroupsNamed, type Candidate } from './pathRefs.ts';
import { orEnd } from './serviceCommand.ts';

/** Each kind of what has a number, a UUID and a name, and what it is called in a sentence. */
export const NOUNS = { 'volume': 'volume', 'snapshot': 'snapshot', 'pool': 'pool', 'host': 'host', 'client-group': 'client group', 'path': 'access path', 'vip-group': 'VIP group' } as const;
/** What has a number, a UUID and a name. */
export type NamedKind = keyof typeof NOUNS;
/** What a command can be about. */
export type RefKind = NamedKind | 'task' | 'backend';
/** What the service takes. */
export type Ref = number | string;

/** A reference on the command line: number, UUID or name. */
export const refOf = (kind: NamedKind): Reader<string> => ({ ...text, completion: { of: `${kind}s` } });

/** A task on the command line: tasks have no names. */
export const taskRef: Reader<Ref> = {
  read: (given) => E.fromNullable(`${given} is not a task: write its number or UUID`)(parseRef(given)),
  completion: { of: 'tasks' },
};

/** The argument that names one. */
export const argumentOf = (kind: RefKind): Part<Ref> => {
  switch (kind) {
    case 'task':
      return needed('<task>', 'its number or UUID', taskRef);
    case 'backend':
      return needed('<backend>', 'the name in the configuration', { ...text, completion: { of: 'backends' } });
    case 'vip-group':
      return needed('<vip-group>', 'its number or UUID, one of its virtual IPs, its network, or the name of its access path', refOf(kind));
    default:
      return needed(`<${kind}>`, 'its number, UUID or name', refOf(kind));
  }
};

type Found = Promise<E.Either<Ending, readonly Candidate[]>>;

const EVERYTHING = -1;

interface Linked {
  readonly uuid: string;
  readonly id: number | null;
  readonly name: string;
}

const candidates = <B extends Linked>(rows: readonly B[], about: (row: B) => string): readonly Candidate[] => rows.map((row) => ({ uuid: row.uuid, id: row.id, about: about(row) }));

const poolsNamed = async (client: ApiClient, name: string): Found =>
  E.map(({ body }: { readonly body: { readonly pools: readonly (Linked & { readonly backend: string })[] } }) => candidates(body.pools, ({ backend }) => `on backend ${backend}`))(
    orEnd(await client.listPools({ query: { name, limit: EVERYTHING } })),
  );

/** `name`, or `pool/name`: no name has a slash in it. */
const volumesNamed = async (client: ApiClient, given: string): Found => {
  const slash = given.indexOf('/');
  const pool = slash < 1 ? E.right(undefined) : await resolveRef(client, 'pool', given.slice(0, slash));
  if (E.isLeft(pool)) return pool;
  const within = pool.right === undefined ? {} : { pool_id: pool.right };
  const found = orEnd(await client.listVolumes({ query: { name: given.slice(slash + 1), hidden: 'all', limit: EVERYTHING, ...within } }));
  return E.map(({ body }: { readonly body: { readonly block_volumes: readonly (Linked & { readonly pool: { readonly name?: string | null } })[] } }) => candidates(body.block_volumes, ({ pool: { name } }) => `in pool ${name ?? '?'}`))(found);
};

/** `name`, or `volume@name`, since many volumes have a snapshot of one name: no name has an @ in it. */
const snapshotsNamed = async (client: ApiClient, given: string): Found => {
  const at = given.indexOf('@');
  const volume = at < 1 ? E.right(undefined) : await resolveRef(client, 'volume', given.slice(0, at));
  if (E.isLeft(volume)) return volume;
  const of = volume.right === undefined ? {} : { block_volume_id: volume.right };
  const found = orEnd(await client.listSnapshots({ query: { name: given.slice(at + 1), reserved: true, limit: EVERYTHING, ...of } }));
  return E.map(({ body }: { readonly body: { readonly block_snapshots: readonly (Linked & { readonly block_volume: { readonly name?: string | null } })[] } }) =>
    candidates(body.block_snapshots, ({ block_volume: { name } }) => `of volume ${name ?? '?'}`),
  )(found);
};

const NAMED: Readonly<Record<NamedKind, (client: ApiClient, name: string) => Found>> = {
  'volume': volumesNamed,
  'snapshot': snapshotsNamed,
  'pool': poolsNamed,
  'host': hostsNamed,
  'client-group': clientGroupsNamed,
  'path': accessPathsNamed,
  'vip-group': vipGroupsNamed,
};

/** The reference of what is named. A name that several have is refused with all of them. */
export const resolveRef = async (client: ApiClient, kind: RefKind, given: Ref): Promise<E.Either<Ending, Ref>> => {
  if (typeof given === 'number' || kind === 'task' || kind === 'backend') return E.right(given);
  const ref = parseRef(given);
  if (ref !== undefined) return E.right(ref);
  const found = await NAMED[kind](client, given);
  if (E.isLeft(found)) return found;
  const [first, ...others] = found.right;
  if (first === undefined) return E.left(ending('notFound', `there is no ${NOUNS[kind]} named ${given}`, `\`blockledger ${kind} list\` shows them all; what is gone has its number or UUID`));
  if (others.length === 0) return E.right(first.uuid);
  return E.left({ ...ending('usage', `several ${NOUNS[kind]}s are named ${given}`, 'name one by its number or UUID'), details: found.right.map(({ uuid, id, about }) => `${id ?? '?'}  ${uuid}  ${about}`) });
};

/** The references of several, in their order. */
export const resolveAll = async (client: ApiClient, kind: RefKind, given: readonly Ref[]): Promise<E.Either<Ending, readonly Ref[]>> => {
  const found: Ref[] = [];
  for (const one of given) {
    const ref = await resolveRef(client, kind, one);
    if (E.isLeft(ref)) return ref;
    found.push(ref.right);
  }
  return E.right(found);
};

/** The same of an option that may be left out. */
export const resolveMaybe = async (client: ApiClient, kind: RefKind, given: Ref | undefined): Promise<E.Either<Ending, Ref | undefined>> => (given === undefined ? E.right(undefined) : resolveRef(client, kind, given));
