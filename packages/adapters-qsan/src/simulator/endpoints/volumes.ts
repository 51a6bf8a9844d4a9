/** Volumes (S1-6 to S1-10): addressed by name, neither listed nor renamed. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { fields, isoTime, param, readBody, says, shows, unless, type Endpoint } from '../asking.ts';
import { assumed } from '../assumed.ts';
import { volumeIsMapped } from '../refusals.ts';
import { idOf, mappingOf, replaced, usedBy, without, type QsanSimState, type QsanSimVolume } from '../state.ts';
import { poolNamed, roomFor, volumeNamed } from './space.ts';

const Create = t.intersection([t.type({ pool: fields.text, name: fields.name, size: fields.bytes }), t.partial({ thin_provision: t.boolean })]);
const Extend = t.type({ size: fields.bytes });

/** What every answer about a volume has. */
export const statusOf = (state: QsanSimState, { name }: QsanSimVolume): string => (mappingOf(state, name) === undefined ? 'available' : 'in-use');

const created = (state: QsanSimState, volume: QsanSimVolume): object => ({
  id: volume.id,
  name: volume.name,
  pool: volume.pool,
  size: volume.sizeBytes,
  thin_provision: volume.isThin,
  status: statusOf(state, volume),
  created_at: isoTime(volume.createdAtMs),
});

/** Adds a volume; its id is the next one. */
export const adding = (state: QsanSimState, volume: Omit<QsanSimVolume, 'id'>): { readonly state: QsanSimState; readonly volume: QsanSimVolume } => {
  const made = { ...volume, id: idOf('vol', state.made.volumes) };
  return { volume: made, state: { ...state, volumes: [...state.volumes, made], made: { ...state.made, volumes: state.made.volumes + 1 } } };
};

export const nameIsFree = (state: QsanSimState, name: string) => unless(state.volumes.some((volume) => volume.name === name), assumed.volumeExists(name));

export const createVolume: Endpoint = (state, asked, settings) =>
  pipe(
    readBody(Create, asked),
    E.bindTo('body'),
    E.bind('pool', ({ body }) => poolNamed(state, body.pool)),
    E.chainFirst(({ body }) => nameIsFree(state, body.name)),
    E.chainFirst(({ body: { size, thin_provision: isThin = true }, pool }) => roomFor(state, pool, { takesBytes: isThin ? 0 : size, promisesBytes: size, isThin }, settings)),
    E.map(({ body: { name, size, thin_provision: isThin = true }, pool }) => {
      const { state: next, volume } = adding(state, { name, pool: pool.name, sizeBytes: size, isThin, writtenBytes: 0, createdAtMs: asked.atMs });
      return { state: next, body: created(next, volume), isCreated: true };
    }),
  );

export const getVolume: Endpoint = (state, asked) =>
  pipe(
    volumeNamed(state, param(asked, 'volume')),
    E.chain((volume) => shows(state, { ...created(state, volume), used_size: usedBy(volume) })),
  );

export const extendVolume: Endpoint = (state, asked, settings) =>
  pipe(
    E.Do,
    E.bind('volume', () => volumeNamed(state, param(asked, 'volume'))),
    E.bind('body', () => readBody(Extend, asked)),
    E.bind('pool', ({ volume }) => poolNamed(state, volume.pool)),
    E.chainFirst(({ volume, body: { size } }) => unless(size <= volume.sizeBytes, assumed.notLarger(volume.sizeBytes))),
    E.chainFirst(({ volume: { sizeBytes, isThin }, body: { size }, pool }) => {
      const addsBytes = size - sizeBytes;
      return roomFor(state, pool, { takesBytes: isThin ? 0 : addsBytes, promisesBytes: addsBytes, isThin }, settings);
    }),
    E.map(({ volume, body: { size } }) => ({
      state: { ...state, volumes: replaced(state.volumes, volume, { ...volume, sizeBytes: size }) },
      body: { id: volume.id, name: volume.name, size, status: statusOf(state, volume) },
    })),
  );

export const deleteVolume: Endpoint = (state, asked) =>
  pipe(
    volumeNamed(state, param(asked, 'volume')),
    E.chainFirst(({ name }) => unless(mappingOf(state, name) !== undefined, volumeIsMapped)),
    E.chainFirst(({ name }) => unless(state.snapshots.some(({ volume }) => volume === name), assumed.volumeHasSnapshots)),
    E.chain((volume) => says({ ...state, volumes: without(state.volumes, volume) }, 'Volume deleted successfully')),
  );
