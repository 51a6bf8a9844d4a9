/** Clones, of a volume as it is (S1-12) and of a snapshot (S1-12, S1-13). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { fields, isoTime, param, readBody, unless, type ArraySettings, type Asked, type Done, type Endpoint } from '../asking.ts';
import { assumed } from '../assumed.ts';
import type { QsanErrorBody } from '../errorBody.ts';
import { usedBy, type QsanSimState, type QsanSimVolume } from '../state.ts';
import { snapshotAsked } from './snapshots.ts';
import { poolNamed, roomFor, snapshotNamed, volumeNamed } from './space.ts';
import { adding, nameIsFree, statusOf } from './volumes.ts';

const Clone = t.intersection([t.type({ name: fields.name }), t.partial({ snapshot: fields.text })]);
const CloneOfSnapshot = t.intersection([t.type({ name: fields.name }), t.partial({ size: fields.bytes })]);

/** What a volume and a snapshot have in common. */
type Content = Pick<QsanSimVolume, 'sizeBytes' | 'writtenBytes'>;

/** What is copied, into what. */
interface Copy {
  readonly of: QsanSimVolume;
  readonly name: string;
  readonly sizeBytes: number;
  readonly writtenBytes: number;
  /** Fields of the answer that say what it was made of. */
  readonly sources: Readonly<Record<string, string>>;
}

interface Surroundings {
  readonly state: QsanSimState;
  readonly asked: Asked;
  readonly settings: ArraySettings;
}

const copied = ({ of, name, sizeBytes, writtenBytes, sources }: Copy, { state, asked, settings }: Surroundings): E.Either<QsanErrorBody, Done> =>
  pipe(
    nameIsFree(state, name),
    E.chain(() => poolNamed(state, of.pool)),
    E.chain((pool) => roomFor(state, pool, { takesBytes: usedBy({ isThin: of.isThin, sizeBytes, writtenBytes }), promisesBytes: sizeBytes, isThin: of.isThin }, settings)),
    E.map(() => {
      const { state: next, volume } = adding(state, { name, pool: of.pool, sizeBytes, isThin: of.isThin, writtenBytes, createdAtMs: asked.atMs });
      const body = { id: volume.id, name, pool: volume.pool, size: sizeBytes, ...sources, status: statusOf(next, volume), created_at: isoTime(volume.createdAtMs) };
      return { state: next, body, isCreated: true };
    }),
  );

export const cloneVolume: Endpoint = (state, asked, settings) =>
  pipe(
    E.Do,
    E.bind('volume', () => volumeNamed(state, param(asked, 'volume'))),
    E.bind('body', () => readBody(Clone, asked)),
    E.bind('content', ({ volume, body: { snapshot } }): E.Either<QsanErrorBody, Content> => (snapshot === undefined ? E.right(volume) : snapshotNamed(state, volume.name, snapshot))),
    E.chain(({ volume, body: { name, snapshot }, content: { sizeBytes, writtenBytes } }) => {
      const sources = { source_volume: volume.name, ...(snapshot === undefined ? {} : { source_snapshot: snapshot }) };
      return copied({ of: volume, name, sizeBytes, writtenBytes, sources }, { state, asked, settings });
    }),
  );

export const cloneSnapshot: Endpoint = (state, asked, settings) =>
  pipe(
    snapshotAsked(state, asked),
    E.bind('body', () => readBody(CloneOfSnapshot, asked)),
    E.chainFirst(({ snapshot, body: { size } }) => unless(size !== undefined && size < snapshot.sizeBytes, assumed.smallerThanSnapshot(snapshot.sizeBytes))),
    E.chain(({ volume, snapshot, body: { name, size } }) => {
      const copy = { of: volume, name, sizeBytes: size ?? snapshot.sizeBytes, writtenBytes: snapshot.writtenBytes, sources: { source_snapshot: snapshot.name } };
      return copied(copy, { state, asked, settings });
    }),
  );
