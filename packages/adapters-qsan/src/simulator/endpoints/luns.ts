/** Volumes as LUNs of targets (S1-21), and where a volume is mapped (S1-22). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { fields, found, param, readBody, says, shows, unless, type Endpoint } from '../asking.ts';
import { assumed, MOST_LUNS } from '../assumed.ts';
import type { QsanErrorBody } from '../errorBody.ts';
import { volumeNotMapped } from '../refusals.ts';
import { mappingOf, without, type QsanSimTarget } from '../state.ts';
import { volumeNamed } from './space.ts';
import { changed, targetAsked } from './targets.ts';

const Map = t.intersection([t.type({ volume: fields.text }), t.partial({ lun_id: fields.lun })]);

const STATUS = 'mapped';

/** The number that is asked for, or the lowest that is free. */
const lunFor = ({ luns }: QsanSimTarget, asked: number | undefined): E.Either<QsanErrorBody, number> => {
  const taken = new Set(luns.map(({ lun }) => lun));
  if (asked === undefined) return found(Array.from({ length: MOST_LUNS }, (_, lun) => lun).find((lun) => !taken.has(lun)), assumed.noLunFree);
  if (asked >= MOST_LUNS) return E.left(assumed.badBody("Field 'lun_id' is missing or invalid"));
  return taken.has(asked) ? E.left(assumed.lunTaken(asked)) : E.right(asked);
};

export const mapVolume: Endpoint = (state, asked) =>
  pipe(
    targetAsked(state, asked),
    E.bindTo('target'),
    E.bind('body', () => readBody(Map, asked)),
    E.bind('volume', ({ body }) => volumeNamed(state, body.volume)),
    E.chainFirst(({ volume }) => unless(mappingOf(state, volume.name) !== undefined, assumed.volumeHasMapping)),
    E.bind('lun', ({ target, body }) => lunFor(target, body.lun_id)),
    E.map(({ target, volume: { name: volume }, lun }) => ({
      state: changed(state, target, { ...target, luns: [...target.luns, { lun, volume }].toSorted((a, b) => a.lun - b.lun) }),
      body: { lun_id: lun, volume, target_id: target.id, status: STATUS },
      isCreated: true,
    })),
  );

export const unmapLun: Endpoint = (state, asked) => {
  const text = param(asked, 'lun');
  return pipe(
    targetAsked(state, asked),
    E.bindTo('target'),
    E.bind('mapped', ({ target: { luns } }) => found(luns.find(({ lun }) => String(lun) === text), assumed.lunNotFound(text))),
    E.chain(({ target, mapped }) => says(changed(state, target, { ...target, luns: without(target.luns, mapped) }), 'LUN unmapped successfully')),
  );
};

export const listLuns: Endpoint = (state, asked) =>
  pipe(
    targetAsked(state, asked),
    E.chain(({ luns }) => {
      const sizeOf = (name: string): number | undefined => state.volumes.find((volume) => volume.name === name)?.sizeBytes;
      return shows(state, luns.map(({ lun, volume }) => ({ lun_id: lun, volume, size: sizeOf(volume), status: STATUS })));
    }),
  );

export const getMapping: Endpoint = (state, asked) =>
  pipe(
    volumeNamed(state, param(asked, 'volume')),
    E.chain(({ name }) => found(mappingOf(state, name), volumeNotMapped)),
    E.chain(({ target, lun }) => shows(state, { volume: param(asked, 'volume'), target_id: target.id, target_iqn: target.iqn, lun_id: lun })),
  );
