/** What a command line calls each kind of resource, and how one of each is looked at. */
import * as E from 'fp-ts/lib/Either.js';
import type { EventBody } from '../../api/bodies/inspection.ts';
import type { ApiClient, ClientFailure } from '../../client/index.ts';
import { NOUNS, type NamedKind, type Ref } from './refs.ts';

/** `volume` of `block_volume`, `path` of `access_path`. */
export const kindOf = (subject: string): string => {
  const [kind] = Object.entries(SUBJECTS).find(([, name]) => name === subject) ?? [];
  return kind ?? subject;
};

/** What the API calls them. */
export const SUBJECTS = {
  'volume': 'block_volume',
  'snapshot': 'block_snapshot',
  'pool': 'pool',
  'host': 'host',
  'client-group': 'client_group',
  'path': 'access_path',
  'vip-group': 'vip_group',
} as const satisfies Readonly<Record<NamedKind, string>>;

/** Whether it is one of those that have a number, a UUID and a name. */
export const isNamedKind = (kind: string | undefined): kind is NamedKind => kind !== undefined && Object.hasOwn(NOUNS, kind);

type Answer<B> = Promise<E.Either<ClientFailure, { readonly body: B }>>;

/** Which state of a resource is looked at: as it stands or stood at its end, or at a moment in ms since 1970. */
export type When = { readonly gone: true } | { readonly at: number };

/** What everything has that can be looked at. */
export interface Identity {
  readonly uuid: string;
  /** A VIP group has its network for a name. */
  readonly name: string;
}

interface Reads {
  readonly look: (client: ApiClient, of: Ref, when: When) => Answer<Readonly<Record<string, unknown>>>;
  readonly history: (client: ApiClient, of: Ref) => Answer<{ readonly events: readonly EventBody[] }>;
}

const READS: Readonly<Record<NamedKind, Reads>> = {
  'volume': {
    look: async (client, volume, query) => client.getVolume({ path: { volume }, query }),
    history: async (client, volume) => client.getVolumeHistory({ path: { volume } }),
  },
  'snapshot': {
    look: async (client, snapshot, query) => client.getSnapshot({ path: { snapshot }, query }),
    history: async (client, snapshot) => client.getSnapshotHistory({ path: { snapshot } }),
  },
  'pool': {
    look: async (client, pool, query) => client.getPool({ path: { pool }, query }),
    history: async (client, pool) => client.getPoolHistory({ path: { pool } }),
  },
  'host': {
    look: async (client, host, query) => client.getHost({ path: { host }, query }),
    history: async (client, host) => client.getHostHistory({ path: { host } }),
  },
  'client-group': {
    look: async (client, group, query) => client.getClientGroup({ path: { client_group: group }, query }),
    history: async (client, group) => client.getClientGroupHistory({ path: { client_group: group } }),
  },
  'path': {
    look: async (client, path, query) => client.getAccessPath({ path: { access_path: path }, query }),
    history: async (client, path) => client.getAccessPathHistory({ path: { access_path: path } }),
  },
  'vip-group': {
    look: async (client, group, query) => client.getVipGroup({ path: { vip_group: group }, query }),
    history: async (client, group) => client.getVipGroupHistory({ path: { vip_group: group } }),
  },
};

/** One resource, as the API answers it. */
export const lookAt = (client: ApiClient, kind: NamedKind, of: Ref, when: When): Answer<Readonly<Record<string, unknown>>> => READS[kind].look(client, of, when);

/** Everything that happened to one. */
export const historyOf = (client: ApiClient, kind: NamedKind, of: Ref): ReturnType<Reads['history']> => READS[kind].history(client, of);

/** Who it is, whether it is still there or not. */
export const identify = async (client: ApiClient, kind: NamedKind, of: Ref): Promise<E.Either<ClientFailure, Identity>> =>
  E.map(({ body }: { readonly body: Readonly<Record<string, unknown>> }) => {
    const { uuid, network, name = network } = body[SUBJECTS[kind]] as { readonly uuid: string; readonly name?: string; readonly network?: string };
    return { uuid, name: name ?? uuid };
  })(await lookAt(client, kind, of, { gone: true }));
