/** Names as people use them: the number or UUID that the service takes, found by the name where one was given. */
import * as E from 'fp-ts/lib/Either.js';
import { parseRef } from '../../api/fields.ts';
import type { ApiClient } from '../../client/index.ts';
import { ending, type Ending } from '../exit.ts';
import type { Reader } from '../frame/parts.ts';
import { text } from '../frame/readers.ts';
import { orEnd } from './serviceCommand.ts';

/** What can be named. */
export type NamedKind = 'volume' | 'snapshot' | 'pool';

/** A reference on the command line: number, UUID or name. */
export const refOf = (kind: NamedKind): Reader<string> => ({ ...text, completion: { of: `${kind}s` } });

interface Candidate {
  readonly uuid: string;
  readonly id: number | null;
  readonly about: string;
}

type Found = Promise<E.Either<Ending, readonly Candidate[]>>;

const NAMED: Readonly<Record<NamedKind, (client: ApiClient, name: string) => Found>> = {
  volume: async (client, name) =>
    E.map(({ body }: { readonly body: { readonly block_volumes: readonly { readonly uuid: string; readonly id: number | null; readonly pool: { readonly name?: string | null } }[] } }) =>
      body.block_volumes.map(({ uuid, id, pool }) => ({ uuid, id, about: `in pool ${pool.name ?? '?'}` })),
    )(orEnd(await client.listVolumes({ query: { name, hidden: 'all' } }))),
  snapshot: async (client, name) =>
    E.map(({ body }: { readonly body: { readonly block_snapshots: readonly { readonly uuid: string; readonly id: number | null; readonly block_volume: { readonly name?: string | null } }[] } }) =>
      body.block_snapshots.map(({ uuid, id, block_volume: volume }) => ({ uuid, id, about: `of volume ${volume.name ?? '?'}` })),
    )(orEnd(await client.listSnapshots({ query: { name, reserved: true } }))),
  pool: async (client, name) =>
    E.map(({ body }: { readonly body: { readonly pools: readonly { readonly uuid: string; readonly id: number | null; readonly backend: string }[] } }) =>
      body.pools.map(({ uuid, id, backend }) => ({ uuid, id, about: `on backend ${backend}` })),
    )(orEnd(await client.listPools({ query: { name } }))),
};

/** The reference of what is named. A name that several have is refused with all of them. */
export const resolveRef = async (client: ApiClient, kind: NamedKind, given: string): Promise<E.Either<Ending, number | string>> => {
  const ref = parseRef(given);
  if (ref !== undefined) return E.right(ref);
  const found = await NAMED[kind](client, given);
  if (E.isLeft(found)) return found;
  const [first, ...others] = found.right;
  if (first === undefined) return E.left(ending('notFound', `there is no ${kind} named ${given}`, `\`blockledger ${kind} list\` shows them all; what is gone has its number or UUID`));
  if (others.length === 0) return E.right(first.uuid);
  return E.left({ ...ending('usage', `several ${kind}s are named ${given}`, 'name one by its number or UUID'), details: found.right.map(({ uuid, id, about }) => `${id ?? '?'}  ${uuid}  ${about}`) });
};
