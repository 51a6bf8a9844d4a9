/** Which events are wanted, as `events` and `webhook` take it. */
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient } from '../../client/index.ts';
import type { Ending } from '../exit.ts';
import { maybe, several, type Reader } from '../frame/parts.ts';
import { text } from '../frame/readers.ts';
import { TOLD } from '../history/sentences.ts';
import { given } from '../show/given.ts';
import { identify } from './kinds.ts';
import { refOf, resolveRef, type NamedKind } from './refs.ts';
import { orEnd } from './serviceCommand.ts';

/** The service knows which types there are; the shell offers those that we know. */
const eventType: Reader<string> = { ...text, completion: { of: 'words', words: TOLD, open: true } };

/** Options that name a resource. */
const KINDS = { volumes: 'volume', snapshots: 'snapshot', pools: 'pool', hosts: 'host', clientGroups: 'client-group', paths: 'path', vipGroups: 'vip-group' } as const satisfies Readonly<Record<string, NamedKind>>;

/** Options that say which events are wanted. All of them must hold; several of one are alternatives. */
export const filterParts = {
  volumes: several('--volume <volume>', 'only those of this volume; may be given several times, as the other filters', refOf('volume')),
  snapshots: several('--snapshot <snapshot>', 'only those of this snapshot', refOf('snapshot')),
  pools: several('--pool <pool>', 'only those of this pool itself', refOf('pool')),
  hosts: several('--host <host>', 'only those of this host itself', refOf('host')),
  clientGroups: several('--client-group <client-group>', 'only those of this client group itself', refOf('client-group')),
  paths: several('--path <path>', 'only those of this access path', refOf('path')),
  vipGroups: several('--vip-group <vip-group>', 'only those of this VIP group', refOf('vip-group')),
  types: several('--type <type>', 'only those of this type, such as VolumeCreated', eventType),
  tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
} as const;

type Resources = Readonly<Record<keyof typeof KINDS, readonly string[]>>;

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

/** Events know their resource by its UUID alone. */
const idsOf = async (client: ApiClient, resources: Resources): Promise<E.Either<Ending, readonly string[]>> => {
  const named = Object.entries(KINDS).flatMap(([option, kind]) => resources[option as keyof Resources].map((ref) => [kind, ref] as const));
  const ids: string[] = [];
  for (const [kind, ref] of named) {
    const resolved = await resolveRef(client, kind, ref);
    if (E.isLeft(resolved)) return resolved;
    const known = typeof resolved.right === 'string' ? E.right({ uuid: resolved.right }) : orEnd(await identify(client, kind, resolved.right));
    if (E.isLeft(known)) return known;
    ids.push(known.right.uuid);
  }
  return E.right(ids);
};

const someOr = <A>(list: readonly A[]): readonly A[] | undefined => (list.length === 0 ? undefined : list);

/** What was given, as the service takes it. */
export const filterOf = async (client: ApiClient, { types, tenant, ...resources }: FilterGiven): Promise<E.Either<Ending, FilterAsked>> =>
  E.map((ids: readonly string[]) => given({ ids: someOr(ids), types: someOr(types), tenant }))(await idsOf(client, resources));
