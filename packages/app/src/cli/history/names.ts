/** Names of what events speak of by UUID: learned from the events themselves, and asked of the service where they do not tell. */
import { LRUCache } from 'lru-cache';
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient } from '../../client/index.ts';
import { identify } from '../service/kinds.ts';
import type { NamedKind } from '../service/refs.ts';
import type { EventData } from './data.ts';
import { isRecord } from '../../api/record.ts';

/** An event, as far as names matter. */
export interface NamingEvent {
  readonly type: string;
  /** The UUID of what it is about. */
  readonly resourceId: string;
  readonly data: EventData;
}

/** Names by UUID. */
export interface Names {
  /** Takes what an event tells, and asks the service for the names of the others that it speaks of. */
  readonly learn: (event: NamingEvent) => Promise<void>;
  /** Asks for the name of something, unless it is known, or known to have none. */
  readonly ask: (kind: NamedKind, uuid: string) => Promise<void>;
  readonly of: (uuid: string) => string | undefined;
  /** A sentence with the name before every UUID that has one: `pool fast (0b9d7a3e-…)`. */
  readonly told: (sentence: string) => string;
}

/** Fields of events that hold the UUID of something with a name. */
const FIELDS: Readonly<Record<string, NamedKind>> = {
  snapshotId: 'snapshot',
  backupSnapshotId: 'snapshot',
  cloneId: 'volume',
  poolId: 'pool',
  hostId: 'host',
  clientGroupId: 'client-group',
  accessPathId: 'path',
  vipGroupId: 'vip-group',
};

/** A log may speak of any number of things. */
const MOST_NAMES = 10_000;
/** Not those that are part of a name. */
const UUID = /(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/g;

const mentionsIn = (data: EventData): readonly (readonly [NamedKind, string])[] =>
  [data, ...Object.values(data).filter(isRecord)].flatMap((fields) =>
    Object.entries(FIELDS).flatMap(([field, kind]) => {
      const uuid = fields[field];
      return typeof uuid === 'string' ? [[kind, uuid] as const] : [];
    }),
  );

/** What the service calls it, gone things too; undefined where it does not say. */
const asked = async (client: ApiClient, kind: NamedKind, uuid: string): Promise<string | undefined> => {
  const found = await identify(client, kind, uuid);
  return E.isRight(found) ? found.right.name : undefined;
};

/** Events whose name is not that of the resource they are about, with the field that says whose it is: a volume's own stream names its snapshots before they know of themselves. */
const NAMING: Readonly<Record<string, string>> = { SnapshotSlotReserved: 'snapshotId', TargetHostShown: 'hostId' };

/** Names, none of which is known yet. */
export const makeNames = (client: ApiClient): Names => {
  // An empty name: it was asked for, and has none.
  const known = new LRUCache<string, string>({ max: MOST_NAMES });

  const note = ({ type, resourceId, data }: NamingEvent): void => {
    const name = data['name'];
    const named = data[NAMING[type] ?? ''] ?? resourceId;
    // It is not called so yet.
    if (typeof name === 'string' && typeof named === 'string' && type !== 'ClientGroupRenameRequested') known.set(named, name);
    // It may have another name now.
    if (type === 'VolumeUpdated') known.delete(resourceId);
  };

  const ask: Names['ask'] = async (kind, uuid) => {
    if (!known.has(uuid)) known.set(uuid, (await asked(client, kind, uuid)) ?? '');
  };

  const of: Names['of'] = (uuid) => known.get(uuid) || undefined;

  return {
    learn: async (event) => {
      note(event);
      for (const [kind, uuid] of mentionsIn(event.data)) await ask(kind, uuid);
    },
    ask,
    of,
    told: (sentence) =>
      sentence.replaceAll(UUID, (uuid) => {
        const name = of(uuid);
        if (name === undefined) return uuid;
        return name.includes(uuid) ? name : `${name} (${uuid})`;
      }),
  };
};
