/** Names of what events speak of by UUID: learned from the events themselves, and asked of the service where they do not tell. */
import { LRUCache } from 'lru-cache';
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient } from '../../client/index.ts';
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
  readonly ask: (kind: NamedThing, uuid: string) => Promise<void>;
  readonly of: (uuid: string) => string | undefined;
  /** A sentence with the name before every UUID that has one: `pool fast (0b9d7a3e-…)`. */
  readonly told: (sentence: string) => string;
}

/** What has a name that the service tells. */
export type NamedThing = 'volume' | 'snapshot' | 'pool';

/** Fields of events that hold the UUID of something with a name. */
const FIELDS: Readonly<Record<string, NamedThing>> = { snapshotId: 'snapshot', backupSnapshotId: 'snapshot', cloneId: 'volume', poolId: 'pool' };

/** A log may speak of any number of things. */
const MOST_NAMES = 10_000;
/** Not those that are part of a name. */
const UUID = /(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/g;

const mentionsIn = (data: EventData): readonly (readonly [NamedThing, string])[] =>
  [data, ...Object.values(data).filter(isRecord)].flatMap((fields) =>
    Object.entries(FIELDS).flatMap(([field, kind]) => {
      const uuid = fields[field];
      return typeof uuid === 'string' ? [[kind, uuid] as const] : [];
    }),
  );

/** What the service calls it, gone things too; undefined where it does not say. */
const asked = async (client: ApiClient, kind: NamedThing, uuid: string): Promise<string | undefined> => {
  const gone = { query: { gone: true } } as const;
  switch (kind) {
    case 'volume': {
      const found = await client.getVolume({ path: { volume: uuid }, ...gone });
      return E.isRight(found) ? found.right.body.block_volume.name : undefined;
    }
    case 'snapshot': {
      const found = await client.getSnapshot({ path: { snapshot: uuid }, ...gone });
      return E.isRight(found) ? found.right.body.block_snapshot.name : undefined;
    }
    case 'pool': {
      const found = await client.getPool({ path: { pool: uuid }, ...gone });
      return E.isRight(found) ? found.right.body.pool.name : undefined;
    }
  }
};

/** Names, none of which is known yet. */
export const makeNames = (client: ApiClient): Names => {
  // An empty name: it was asked for, and has none.
  const known = new LRUCache<string, string>({ max: MOST_NAMES });

  const note = ({ type, resourceId, data }: NamingEvent): void => {
    const name = data['name'];
    // A volume's own stream names its snapshots before they know of themselves.
    if (typeof name === 'string') known.set(type === 'SnapshotSlotReserved' && typeof data['snapshotId'] === 'string' ? data['snapshotId'] : resourceId, name);
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
