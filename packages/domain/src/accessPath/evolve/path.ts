/** Folds the access path itself: made, changed and deleted. */
import type { Of } from '../../kernel/tagged.ts';
import type { AccessPathEvent } from '../messages.ts';
import { noAccessPath, type AccessPathState } from '../state.ts';
import { begin, bump, change, converging, end, owe, releaseHost, releaseName, remember, type Fold } from './common.ts';
import { newHost, withoutHost } from './hosts.ts';

const requested: Fold<'AccessPathRequested'> = (_state, { type: _type, operationId, at, targets, ...fields }) =>
  begin(
    {
      ...noAccessPath,
      lifecycle: 'creating',
      path: {
        ...fields,
        number: null,
        hosts: targets.map((target) => newHost(target, operationId, 'used')),
        groups: [],
        vips: [],
        countsAsVipPath: false,
        resting: [],
        createdAt: at,
        updatedAt: at,
      },
    },
    { operationId, kind: 'create', about: null },
  );

/** What needs nobody's consent counts, and hosts are told of another account. */
const updated = (state: AccessPathState, { operationId, description, chap, at }: Pick<Of<AccessPathEvent, 'AccessPathUpdateRequested'>, 'operationId' | 'description' | 'chap' | 'at'>): AccessPathState => {
  const isOther = chap?.user !== state.path?.chap?.user || chap?.secretRef !== state.path?.chap?.secretRef;
  const changed = change(state, { description, chap, updatedAt: at });
  return converging(isOther ? bump(changed, operationId) : changed, operationId);
};

const updateRequested: Fold<'AccessPathUpdateRequested'> = (state, { operationId, description, chap, rename, at }) => {
  const begun = begin(state, { operationId, kind: 'update', about: null });
  // With another name all of it waits for that: an update is done whole, or refused whole.
  return rename === null ? updated(begun, { operationId, description, chap, at }) : { ...begun, rename: { operationId, name: rename, description, chap } };
};

const refused: Fold<'AccessPathRefused'> = (state, { operationId, refusal }) => {
  const dues = (state.path?.hosts ?? []).map(({ hostId }) => releaseHost(operationId, hostId));
  return owe({ ...remember(state, operationId, refusal), lifecycle: 'refused' }, releaseName(operationId, state.path?.name ?? ''), ...dues);
};

const renamed: Fold<'AccessPathRenamed'> = (state, { operationId, name, at }) => {
  const named = owe({ ...change(state, { name, updatedAt: at }), rename: null }, releaseName(operationId, state.path?.name ?? ''));
  return state.rename === null ? named : updated(named, { operationId, description: state.rename.description, chap: state.rename.chap, at });
};

const deletion: Fold<'AccessPathDeletionRequested'> = (state, { operationId }) => {
  const leaving = change(state, { hosts: (state.path?.hosts ?? []).map((host) => ({ ...host, stage: 'leaving', force: true })) });
  return converging(bump(begin({ ...leaving, lifecycle: 'deleting' }, { operationId, kind: 'delete', about: null }), operationId), operationId);
};

const deleted: Fold<'AccessPathDeleted'> = (state, { operationId }) => {
  const given = (state.path?.hosts ?? []).reduce((left, { hostId }) => withoutHost(left, hostId, operationId), state);
  const names = [...(state.path === null ? [] : [releaseName(operationId, state.path.name)]), ...(state.rename === null ? [] : [releaseName(operationId, state.rename.name)])];
  return owe({ ...end(given, operationId), lifecycle: 'deleted', rename: null, operations: [] }, ...names);
};

type PathEvent = Of<
  AccessPathEvent,
  | 'AccessPathRequested'
  | 'AccessPathReserved'
  | 'AccessPathRefused'
  | 'AccessPathCreated'
  | 'AccessPathUpdateRequested'
  | 'AccessPathRenamed'
  | 'AccessPathUpdateRefused'
  | 'AccessPathDeletionRequested'
  | 'AccessPathDeleted'
  | 'AccessPathRedeployRequested'
>;

export const evolvePath = (state: AccessPathState, event: PathEvent): AccessPathState => {
  switch (event.type) {
    case 'AccessPathRequested':
      return requested(state, event);
    case 'AccessPathReserved':
      return change(state, { number: event.number });
    case 'AccessPathRefused':
      return refused(state, event);
    case 'AccessPathCreated':
      return { ...end(state, event.operationId), lifecycle: 'active' };
    case 'AccessPathUpdateRequested':
      return updateRequested(state, event);
    case 'AccessPathRenamed':
      return renamed(state, event);
    case 'AccessPathUpdateRefused':
      return { ...remember(state, event.operationId, event.refusal), rename: null };
    case 'AccessPathDeletionRequested':
      return deletion(state, event);
    case 'AccessPathDeleted':
      return deleted(state, event);
    case 'AccessPathRedeployRequested':
      return converging(bump(begin(state, { operationId: event.operationId, kind: 'redeploy', about: null }), event.operationId), event.operationId);
  }
};
