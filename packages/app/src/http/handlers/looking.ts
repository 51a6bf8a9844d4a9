/** What looking at one resource has in common, whatever its kind. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ControlPlane } from '../../engine/controlPlane.ts';
import { refuseEngine } from '../../engine/refusals.ts';
import type { ResourceKindName, ResourceRef, ResourceView } from '../../queries/views.ts';
import { entityTag } from '../etag.ts';
import { ENVELOPES } from '../views/envelopes.ts';
import { eventBody } from '../views/inspection.ts';
import { resourceBody } from '../views/resource.ts';
import { ok, type Handled } from './handler.ts';

const NOT_FOUND = { volume: 'VolumeNotFound', snapshot: 'SnapshotNotFound', pool: 'PoolNotFound' } as const;

/** What is not there. */
export const notThere = (kind: ResourceKindName, ref: ResourceRef): E.Either<Refusal, never> => E.left(refuseEngine(NOT_FOUND[kind], `there is no ${kind} ${ref}`, { value: ref }));

/** One resource in its envelope: as it is, with its tag, or as it was at a moment. */
export const look = async (plane: ControlPlane, kind: ResourceKindName, ref: ResourceRef, { view, at }: { readonly view: ResourceView | undefined; readonly at: number | undefined }): Handled => {
  if (at !== undefined) return E.chain((then: ResourceView) => ok({ [ENVELOPES[kind]]: resourceBody(then) }))(await plane.at(at, { kind, ref }));
  if (view === undefined) return notThere(kind, ref);
  const body = resourceBody(view);
  const revision = plane.revision({ kind, ref: view.id });
  return ok({ [ENVELOPES[kind]]: body }, revision === undefined ? undefined : { etag: entityTag(revision, body) });
};

/** Every event of a resource. */
export const lookBack = async (plane: ControlPlane, kind: ResourceKindName, ref: ResourceRef): Handled =>
  E.chain((events: readonly Parameters<typeof eventBody>[0][]) => ok({ events: events.map(eventBody) }))(await plane.history({ kind, ref }));
