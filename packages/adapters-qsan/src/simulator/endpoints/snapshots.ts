/** Snapshots (S1-11): by name within their volume, and not listed. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { fields, isoTime, param, readBody, says, shows, unless, type Asked, type Endpoint } from '../asking.ts';
import { assumed } from '../assumed.ts';
import { idOf, without, type QsanSimSnapshot, type QsanSimState } from '../state.ts';
import { snapshotNamed, volumeNamed } from './space.ts';

const Create = t.type({ name: fields.name });

const shown = ({ id, name, volume, sizeBytes, createdAtMs }: QsanSimSnapshot): object => ({
  id,
  name,
  volume_name: volume,
  size: sizeBytes,
  status: 'available',
  created_at: isoTime(createdAtMs),
});

/** The snapshot that a path names; its volume must be there, too. */
export const snapshotAsked = (state: QsanSimState, asked: Asked) =>
  pipe(
    volumeNamed(state, param(asked, 'volume')),
    E.bindTo('volume'),
    E.bind('snapshot', ({ volume }) => snapshotNamed(state, volume.name, param(asked, 'snapshot'))),
  );

export const createSnapshot: Endpoint = (state, asked) =>
  pipe(
    E.Do,
    E.bind('volume', () => volumeNamed(state, param(asked, 'volume'))),
    E.bind('body', () => readBody(Create, asked)),
    E.chainFirst(({ volume, body: { name } }) => unless(E.isRight(snapshotNamed(state, volume.name, name)), assumed.snapshotExists(name))),
    E.map(({ volume, body: { name } }) => {
      const { sizeBytes, writtenBytes } = volume;
      const snapshot: QsanSimSnapshot = { id: idOf('snap', state.made.snapshots), name, volume: volume.name, sizeBytes, writtenBytes, createdAtMs: asked.atMs };
      const next = { ...state, snapshots: [...state.snapshots, snapshot], made: { ...state.made, snapshots: state.made.snapshots + 1 } };
      return { state: next, body: shown(snapshot), isCreated: true };
    }),
  );

export const getSnapshot: Endpoint = (state, asked) =>
  pipe(
    snapshotAsked(state, asked),
    E.chain(({ snapshot }) => shows(state, shown(snapshot))),
  );

export const deleteSnapshot: Endpoint = (state, asked) =>
  pipe(
    snapshotAsked(state, asked),
    E.chain(({ snapshot }) => says({ ...state, snapshots: without(state.snapshots, snapshot) }, 'Snapshot deleted successfully')),
  );
