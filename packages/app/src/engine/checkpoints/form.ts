/** How a checkpoint lies among the states that a store keeps aside: two of them in turn, each in chunks and with a manifest that is written last. */
import * as t from 'io-ts';
import { versionOf } from '../../system/version.ts';
import { aggregates } from '../commands/aggregates.ts';

/** Rises when a read model is kept in another form, or makes something else of the same events. */
export const FORM = 1;

/** The one before stays whole while the next is written. */
export const SLOTS = ['a', 'b'] as const;
export type Slot = (typeof SLOTS)[number];

export const manifestStream = (slot: Slot): string => `checkpoint-${slot}`;
export const chunkStream = (slot: Slot, chunk: number): string => `checkpoint-${slot}-${chunk}`;

/** Characters of JSON in a chunk, about: it is written in one piece, and others wait for it. */
export const CHUNK_CHARACTERS = 262_144;

/** What folds the events: a checkpoint of any other code is not used. */
export const foldedBy = (): string => `${versionOf()} ${Object.values(aggregates).map(({ kind, foldVersion }) => `${kind}:${foldVersion}`).join(' ')}`;

export const Manifest = t.strict({
  /** Rises by one from checkpoint to checkpoint. */
  round: t.number,
  foldedBy: t.string,
  /** Everything up to this event is in it, and the event's id: another log, or an older copy of this one, has another event there. */
  position: t.number,
  eventId: t.string,
  chunks: t.number,
  /** Of all chunks together. */
  items: t.number,
});
export type Manifest = t.TypeOf<typeof Manifest>;

export const Chunk = t.strict({ round: t.number, of: t.string, items: t.readonlyArray(t.unknown) });
export type Chunk = t.TypeOf<typeof Chunk>;
