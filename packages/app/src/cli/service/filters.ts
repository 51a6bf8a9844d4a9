/** Which events are wanted, as `events` and `webhook` take it. */
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient } from '../../client/index.ts';
import type { Ending } from '../exit.ts';
import { maybe, several, type Reader } from '../frame/parts.ts';
import { text } from '../frame/readers.ts';
import { TOLD } from '../history/sentences.ts';
import { given } from '../show/given.ts';
import { refOf, resolveRef, type NamedKind } from './refs.ts';
import { orEnd } from './serviceCommand.ts';

/** The service knows which types there are; the shell offers those that we know. */
const eventType: Reader<string> = { ...text, completion: { of: 'words', words: TOLD, open: true } };

/** Options that say which events are wanted. All of them must hold; several of one are alternatives. */
export const filterParts = {
  volumes: several('--volume <volume>', 'only those of this volume; may be given several times, as the other filters', refOf('volume')),
  snapshots: several('--snapshot <snapshot>', 'only those of this snapshot', refOf('snapshot')),
  pools: several('--pool <pool>', 'only those of this pool itself', refOf('pool')),
  types: several('--type <type>', 'only those of this type, such as VolumeCreated', eventType),
  tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
} as const;

interface Resources {
  readonly volumes: readonly string[];
  readonly snapshots: readonly string[];
  readonly pools: readonly string[];
}

/** What was given of the filter. */
export interface FilterGiven extends Resources {
  readonly types: readonly string[];
  readonly tenant: string | undefined;
}

/** What the service is asked with; nothing where nothing was given. */
export interface FilterAsked {
  readonly ids?: readonly string[];
  readonly types?: readonly string[];
  readonly tenant?: string;
}

const uuidOf: Readonly<Record<NamedKind, (client: ApiClient, of: number | string) => Promise<E.Either<Ending, string>>>> = {
  volume: async (client, of) => E.map(({ body }: { readonly body: { readonly block_volume: { readonly uuid: string } } }) => body.block_volume.uuid)(orEnd(await client.getVolume({ path: { volume: of }, query: { gone: true } }))),
  snapshot: async (client, of) => E.map(({ body }: { readonly body: { readonly block_snapshot: { readonly uuid: string } } }) => body.block_snapshot.uuid)(orEnd(await client.getSnapshot({ path: { snapshot: of }, query: { gone: true } }))),
  pool: async (client, of) => E.map(({ body }: { readonly body: { readonly pool: { readonly uuid: string } } }) => body.pool.uuid)(orEnd(await client.getPool({ path: { pool: of }, query: { gone: true } }))),
};

/** Events know their resource by its UUID alone. */
const idsOf = async (client: ApiClient, { volumes, snapshots, pools }: Resources): Promise<E.Either<Ending, readonly string[]>> => {
  const named = [...volumes.map((ref) => ['volume', ref] as const), ...snapshots.map((ref) => ['snapshot', ref] as const), ...pools.map((ref) => ['pool', ref] as const)];
  const ids: string[] = [];
  for (const [kind, ref] of named) {
    const resolved = await resolveRef(client, kind, ref);
    if (E.isLeft(resolved)) return resolved;
    const id = typeof resolved.right === 'string' ? resolved : await uuidOf[kind](client, resolved.right);
    if (E.isLeft(id)) return id;
    ids.push(String(id.right));
  }
  return E.right(ids);
};

const someOr = <A>(list: readonly A[]): readonly A[] | undefined => (list.length === 0 ? undefined : list);

/** What was given, as the service takes it. */
export const filterOf = async (client: ApiClient, { types, tenant, ...resources }: FilterGiven): Promise<E.Either<Ending, FilterAsked>> =>
  E.map((ids: readonly string[]) => given({ ids: someOr(ids), types: someOr(types), tenant }))(await idsOf(client, resources));
