/** Stored events made ready for a fold: decoded by the domain's codecs, with what is stored beside them. */
import type { NewEvent, StoredEvent, StoreError, Tagged } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { Aggregate } from './aggregates.ts';

/** An event, decoded, with its place in the log. */
export interface Folded {
  readonly event: Tagged;
  readonly stored: StoredEvent;
}

/** The data of an event as it is stored: without its type, which stands beside it. */
export const dataOf = (event: Tagged): object => {
  const { type: _type, ...data } = event;
  return data;
};

/** Where and why something does not fit its codec. */
export interface Misfit {
  /** Names, joined by dots. */
  readonly path: string;
  readonly reason: string;
  /** What was there. */
  readonly value: unknown;
  readonly codec: t.Decoder<unknown, unknown> | undefined;
}

/** The deepest error. */
export const explain = (errors: t.Errors): Misfit => {
  // Of a value or null, the value is what was meant.
  const meant = errors.filter(({ context }) => context.at(-1)?.type.name !== 'null');
  const deepest = [...(meant.length > 0 ? meant : errors)].toSorted((a, b) => b.context.length - a.context.length)[0];
  const last = deepest?.context.at(-1);
  const path = (deepest?.context ?? [])
    .map(({ key }) => key)
    .filter((key) => key !== '' && !/^\d+$/.test(key))
    .join('.');
  return { path, reason: deepest?.message ?? `is not ${last?.type.name ?? 'what is expected'}`, value: deepest?.value, codec: last?.type };
};

/** Decodes one stored event; one that does not fit is reported as corrupt with its position, never skipped. */
export const decodeStored = (aggregate: Aggregate, stored: StoredEvent): E.Either<StoreError, Folded> => {
  const decoded = aggregate.decodeEvent({ ...stored.data, type: stored.type });
  if (E.isRight(decoded)) return E.right({ event: decoded.right, stored });
  const { path, reason } = explain(decoded.left);
  return E.left({ _tag: 'Corrupt', position: stored.position, stream: stored.stream, message: `${stored.type}.${path} ${reason}` });
};

/**
 * What an append of ours is in the log. Its events have consecutive positions that end at the one acknowledged; in a log that counts bytes the
 * earlier ones have a position within the append instead, which is in the same order.
 */
export const asStored = (stream: string, news: readonly NewEvent[], appended: { readonly revision: number; readonly position: number }): readonly StoredEvent[] =>
  news.map((event, index) => ({
    ...event,
    stream,
    revision: appended.revision - (news.length - 1 - index),
    position: appended.position - (news.length - 1 - index),
  }));
