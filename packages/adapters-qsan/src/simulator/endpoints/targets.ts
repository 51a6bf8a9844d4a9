/** Targets (S1-17 to S1-19), addressed by id, their initiators (S1-23) and their account (S1-24). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { fields, found, isoTime, param, readBody, says, shows, unless, type Asked, type Endpoint } from '../asking.ts';
import { assumed } from '../assumed.ts';
import type { QsanErrorBody } from '../errorBody.ts';
import { idOf, replaced, without, type QsanSimState, type QsanSimTarget } from '../state.ts';

const Create = t.intersection([t.type({ name: fields.name }), t.partial({ iqn: fields.iscsiName })]);
const Initiator = t.type({ initiator: fields.iscsiName });
const Chap = t.type({ username: fields.chapWord, password: fields.chapWord });

/** The target that a path names. */
export const targetAsked = ({ targets }: QsanSimState, asked: Asked): E.Either<QsanErrorBody, QsanSimTarget> => {
  const id = param(asked, 'target');
  return found(targets.find((target) => target.id === id), assumed.targetNotFound(id));
};

/** A target as it now is. */
export const changed = (state: QsanSimState, old: QsanSimTarget, next: QsanSimTarget): QsanSimState => ({ ...state, targets: replaced(state.targets, old, next) });

const STATUS = 'online';

export const createTarget: Endpoint = (state, asked, { system: { iqnPrefix } }) =>
  pipe(
    readBody(Create, asked),
    E.map(({ name, iqn = `${iqnPrefix}:${name}` }) => ({ name, iqn })),
    E.chainFirst(({ name, iqn }) => unless(state.targets.some((target) => target.name === name || target.iqn === iqn), assumed.targetExists(name))),
    E.map(({ name, iqn }) => {
      const target: QsanSimTarget = { id: idOf('target', state.made.targets), name, iqn, luns: [], acl: [], createdAtMs: asked.atMs };
      const next = { ...state, targets: [...state.targets, target], made: { ...state.made, targets: state.made.targets + 1 } };
      return { state: next, body: { id: target.id, name, iqn, status: STATUS, created_at: isoTime(target.createdAtMs) }, isCreated: true };
    }),
  );

export const getTarget: Endpoint = (state, asked) =>
  pipe(
    targetAsked(state, asked),
    E.chain(({ id, name, iqn, luns, acl }) => shows(state, { id, name, iqn, status: STATUS, luns: luns.map(({ lun, volume }) => ({ lun_id: lun, volume })), acl })),
  );

/** An array of one, or of none. */
export const findTargets: Endpoint = (state, { query: { name: asked } }) =>
  pipe(
    found(asked, assumed.badBody("Parameter 'name' is missing or invalid")),
    E.chain((wanted) => shows(state, state.targets.filter(({ name }) => name === wanted).map(({ id, name, iqn }) => ({ id, name, iqn, status: STATUS })))),
  );

export const deleteTarget: Endpoint = (state, asked) =>
  pipe(
    targetAsked(state, asked),
    E.chainFirst(({ luns }) => unless(luns.length > 0, assumed.targetHasLuns)),
    E.chain((target) => says({ ...state, targets: without(state.targets, target) }, 'Target deleted successfully')),
  );

export const addInitiator: Endpoint = (state, asked) =>
  pipe(
    targetAsked(state, asked),
    E.bindTo('target'),
    E.bind('body', () => readBody(Initiator, asked)),
    E.chainFirst(({ target: { acl }, body: { initiator } }) => unless(acl.includes(initiator), assumed.initiatorExists(initiator))),
    E.map(({ target, body: { initiator } }) => ({
      state: changed(state, target, { ...target, acl: [...target.acl, initiator] }),
      body: { message: 'Initiator added to ACL', initiator },
      isCreated: true,
    })),
  );

export const removeInitiator: Endpoint = (state, asked) => {
  const initiator = param(asked, 'initiator');
  return pipe(
    targetAsked(state, asked),
    E.chainFirst(({ acl }) => unless(!acl.includes(initiator), assumed.initiatorNotFound(initiator))),
    E.chain((target) => says(changed(state, target, { ...target, acl: without(target.acl, initiator) }), 'Initiator removed from ACL')),
  );
};

/** Nothing shows it again, and nothing takes it off. */
export const setChap: Endpoint = (state, asked) =>
  pipe(
    targetAsked(state, asked),
    E.bindTo('target'),
    E.bind('body', () => readBody(Chap, asked)),
    E.map(({ target, body: { username, password } }) => ({
      state: changed(state, target, { ...target, chap: { username, password } }),
      body: { message: 'CHAP authentication configured', chap_enabled: true },
    })),
  );
