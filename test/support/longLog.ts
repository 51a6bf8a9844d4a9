/** A log that is long from its start: one pool that is paused and resumed without end. */
import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { memoryStore } from '@blockledger/app/memory';
import { poolStream, type EventMeta, type EventStore, type NewEvent, type PoolId } from '@blockledger/domain';

export const LONG_POOL = '00000000-0000-4000-8000-00000000700f' as PoolId;
const COMMAND = '00000000-0000-4000-8000-00000000c0de';
const AT = 1_700_000_000_000;
const STREAM = poolStream(LONG_POOL);

const meta = { commandId: COMMAND, issuedBy: 'test', tenant: 'default', correlationId: COMMAND, at: AT } as unknown as EventMeta;
const event = (type: string, data: object): NewEvent => ({ eventId: randomUUID(), type, data: { ...data, at: AT }, meta, schemaVersion: 1 });

const birth: readonly NewEvent[] = [
  event('PoolRequested', {
    operationId: COMMAND,
    poolId: LONG_POOL,
    name: 'long',
    tenant: 'default',
    placement: { backend: 'fake', pool: 'long' },
    poolType: 'replicated',
    overSubscriptionRatio: 20,
    identity: null,
  }),
  event('PoolRegistered', { operationId: COMMAND, number: 1 }),
];

/** So many events, a pause and a resume in turn. */
export const pauses = (count: number): readonly NewEvent[] =>
  Array.from({ length: count }, (_, n) => (n % 2 === 0 ? event('PoolPaused', { reason: 'disks' }) : event('PoolResumed', {})));

export interface LongLog {
  readonly store: EventStore;
  /** Of all events, in order. */
  readonly positions: readonly number[];
  /** Appends more, as another process would; their positions. */
  readonly append: (events: readonly NewEvent[]) => Promise<readonly number[]>;
}

/** A store with so many events. */
export const filledStore = async (count: number, store: EventStore = memoryStore()): Promise<LongLog> => {
  let revision = -1;
  const append: LongLog['append'] = async (events) => {
    const appended = await store.append(STREAM, revision < 0 ? 'none' : revision, events)();
    if (E.isLeft(appended)) throw new Error(JSON.stringify(appended.left));
    ({ revision } = appended.right);
    return events.map((_, index) => appended.right.position - (events.length - 1 - index));
  };
  return { store, positions: await append([...birth, ...pauses(count - birth.length)]), append };
};
