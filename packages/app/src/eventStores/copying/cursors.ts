/**
 * Where webhooks go on. Positions are a store's own, and the only ones that stand in events are those of webhooks: so each of them is moved in the
 * copy to the same event's new position.
 */
import { randomUUID } from 'node:crypto';
import type { CommandId, NewEvent, StoredEvent, TimestampMs } from '@blockledger/domain';

/** Who appends to a copy what was not in the log. */
export const COPIER = 'store copy';

/** A webhook that is there, as its stream says. */
interface Cursor {
  readonly stream: string;
  /** Everything up to here was delivered. */
  readonly position: number;
  /** Of its stream's last event. */
  readonly revision: number;
  readonly tenant: string;
}

/** An event that moves a webhook, and where it belongs. */
export interface Move {
  readonly stream: string;
  readonly expected: number;
  readonly event: NewEvent;
}

/** Whether an event moves a webhook of a copy, rather than being copied. */
export const isMove = ({ type, meta }: Pick<StoredEvent, 'type' | 'meta'>): boolean => type === 'WebhookMoved' && meta.issuedBy === COPIER;

/** Follows what a log says of its webhooks. */
export const cursorsOf = () => {
  const cursors = new Map<string, Cursor>();
  return {
    see: ({ stream, type, revision, data, meta }: StoredEvent): void => {
      if (!stream.startsWith('webhook-')) return;
      if (type === 'WebhookRemoved') {
        cursors.delete(stream);
        return;
      }
      const known = cursors.get(stream);
      const said = type !== 'DeliveryFailing' && 'position' in data && typeof data.position === 'number' ? data.position : known?.position;
      if (said !== undefined) cursors.set(stream, { stream, revision, position: said, tenant: known?.tenant ?? meta.tenant });
    },
    /** From the lowest position to the highest. */
    all: (): readonly Cursor[] => [...cursors.values()].toSorted((a, b) => a.position - b.position),
  };
};

/** Learns the new position of each cursor, from the events of both logs one after the other. */
export const placing = (cursors: readonly Cursor[]) => {
  const found = new Map<string, number>();
  let at = 0;
  let last = -1;
  /** Cursors that lie before this old position have come to the event before. */
  const pass = (before: number): void => {
    for (let cursor = cursors[at]; cursor !== undefined && cursor.position < before; cursor = cursors[at]) {
      found.set(cursor.stream, last);
      at += 1;
    }
  };
  return {
    see: (before: number, now: number): void => {
      pass(before);
      last = now;
    },
    /** What is to be appended to the copy, but for webhooks that were moved already. */
    moves: (moved: ReadonlySet<string>, nowMs: number): readonly Move[] => {
      pass(Number.POSITIVE_INFINITY);
      return cursors
        .filter(({ stream }) => !moved.has(stream))
        .map(({ stream, revision, tenant }) => {
          const commandId = randomUUID() as string as CommandId;
          const at = nowMs as TimestampMs;
          const data = { position: found.get(stream) ?? -1, at };
          return { stream, expected: revision, event: { eventId: randomUUID(), type: 'WebhookMoved', schemaVersion: 1, data, meta: { commandId, issuedBy: COPIER, tenant, correlationId: commandId, at } } };
        });
    },
  };
};
