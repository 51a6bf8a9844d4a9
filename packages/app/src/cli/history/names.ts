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

/** What has a name for people, though it is no resource of its own: a virtual IP, and the address by which a host takes part. */
type Told = NamedKind | 'vip' | 'network-address';

/** Fields of events that hold the UUID of something with a name. */
const FIELDS: Readonly<Record<string, Told>> = {
  snapshotId: 'snapshot',
  backupSnapshotId: 'snapshot',
  cloneId: 'volume',
  poolId: 'pool',
  hostId: 'host',
  clientGroupId: 'client-group',
  accessPathId: 'path',
  vipGroupId: 'vip-group',
  vipId: 'vip',
  networkAddressId: 'network-address',
  to: 'network-address',
};

/** A log may speak of any number of things. */
const MOST_NAMES = 10_000;
const UUID_LENGTH = 36;
/** Not those that are part of a name. */
const UUID = /(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/g;

const isUuid = (text: string): boolean => text.length === UUID_LENGTH && new RegExp(UUID.source).test(text);

const mentionsIn = (data: EventData): readonly (readonly [Told, string])[] =>
  [data, ...Object.values(data).filter(isRecord)].flatMap((fields) =>
    Object.entries(FIELDS).flatMap(([field, kind]) => {
      const uuid = fields[field];
      return typeof uuid === 'string' && isUuid(uuid) ? [[kind, uuid] as const] : [];
    }),
  );

/** What the service calls it, gone things too; undefined where it does not say. */
const asked = async (client: ApiClient, kind: Told, uuid: string): Promise<string | undefined> => {
  if (kind === 'vip') {
    const vip = await client.getVip({ path: { vip: uuid } });
    return E.isRight(vip) ? vip.right.body.vip.ip : undefined;
  }
  if (kind === 'network-address') {
    const address = await client.getNetworkAddress({ path: { network_address: uuid } });
    return E.isRight(address) ? (address.right.body.network_address.host.name ?? undefined) : undefined;
  }
  const found = await identify(client, kind, uuid);
  return E.isRight(found) ? found.right.name : undefined;
};

/** Events whose name is not that of the resource they are about, with the field that says whose it is: a volume's own stream names its snapshots before they know of themselves. */
const NAMING: Readonly<Record<string, string>> = { SnapshotSlotReserved: 'snapshotId', TargetHostShown: 'hostId' };

/** What something is called; `bare`: nobody needs its UUID beside it. */
interface Called {
  readonly name: string;
  readonly bare?: true;
}

/** Virtual IPs and addresses of hosts that an event tells of, since those that are gone can be asked of nobody. */
const partsIn = ({ vip, vips, member, members }: EventData): readonly (readonly [string, Called])[] => {
  const records = (one: unknown, several: unknown): readonly EventData[] => [one, ...(Array.isArray(several) ? (several as readonly unknown[]) : [])].filter(isRecord);
  const called = (records: readonly EventData[], id: string, name: string): readonly (readonly [string, Called])[] =>
    records.flatMap(({ [id]: uuid, [name]: text }) => (typeof uuid === 'string' && typeof text === 'string' ? [[uuid, { name: text, bare: true }] as const] : []));
  return [...called(records(vip, vips), 'vipId', 'ip'), ...called(records(member, members), 'networkAddressId', 'host')];
};

/** A name that these tell of is only asked for. */
const NOT_YET: ReadonlySet<string> = new Set(['ClientGroupRenameRequested', 'ClientGroupUpdateRequested']);

/** Names, none of which is known yet. */
export const makeNames = (client: ApiClient): Names => {
  // An empty name: it was asked for, and has none.
  const known = new LRUCache<string, Called>({ max: MOST_NAMES });

  const note = ({ type, resourceId, data }: NamingEvent): void => {
    const name = data['name'];
    const named = data[NAMING[type] ?? ''] ?? resourceId;
    // It is not called so yet.
    if (typeof name === 'string' && typeof named === 'string' && !NOT_YET.has(type)) known.set(named, { name });
    // It may have another name now.
    if (type === 'VolumeUpdated') known.delete(resourceId);
    for (const [uuid, called] of partsIn(data)) known.set(uuid, called);
  };

  const ask = async (kind: Told, uuid: string): Promise<void> => {
    if (known.has(uuid)) return;
    const name = (await asked(client, kind, uuid)) ?? '';
    known.set(uuid, kind === 'vip' || kind === 'network-address' ? { name, bare: true } : { name });
  };

  return {
    learn: async (event) => {
      note(event);
      for (const [kind, uuid] of mentionsIn(event.data)) await ask(kind, uuid);
    },
    ask,
    of: (uuid) => known.get(uuid)?.name || undefined,
    told: (sentence) =>
      sentence.replaceAll(UUID, (uuid) => {
        const { name, bare } = known.get(uuid) ?? { name: '' };
        if (name === '') return uuid;
        return bare === true || name.includes(uuid) ? name : `${name} (${uuid})`;
      }),
  };
};
