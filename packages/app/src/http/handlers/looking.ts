/** What looking at one resource has in common, whatever its kind. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ControlPlane } from '../../engine/controlPlane.ts';
import { notFound } from '../../engine/refusals.ts';
import type { Page, ResourceKindName, ResourceRef, ResourceView } from '../../queries/views.ts';
import { entityTag } from '../requests/etag.ts';
import { pagingBody } from '../views/common.ts';
import { ENVELOPES } from '../views/envelopes.ts';
import { eventBody } from '../views/inspection.ts';
import { resourceBody } from '../views/resource.ts';
import { jsonAround, resourceJson } from '../views/json.ts';
import { ok, type Handled } from './handler.ts';

/** Which picture of a resource is asked for: at a moment of the past, or also when it is gone. */
interface Picture {
  readonly at?: number;
  readonly gone?: boolean;
}

/** Reading one kind of resource. */
interface Source {
  readonly get: (ref: ResourceRef) => ResourceView | undefined;
  readonly find: (ref: ResourceRef) => Promise<E.Either<Refusal, ResourceView>>;
}

const enveloped = (view: ResourceView): ReturnType<typeof ok> => ok({ [ENVELOPES[view.kind]]: resourceBody(view) });

/** One resource in its envelope: as it is, with its tag; as it was at a moment; or as it was at its end. */
export const look = async (plane: ControlPlane, { kind, ref, source }: { readonly kind: ResourceKindName; readonly ref: ResourceRef; readonly source: Source }, { at, gone }: Picture): Handled => {
  if (at !== undefined) return E.chain(enveloped)(await plane.at(at, { kind, ref }));
  const view = source.get(ref);
  if (view === undefined) return gone === true ? E.chain(enveloped)(await source.find(ref)) : E.left(notFound(kind, ref));
  const revision = plane.revision({ kind, ref: view.id });
  return ok(jsonAround(`{"${ENVELOPES[kind]}":`, [view], '}'), revision === undefined ? undefined : { etag: entityTag(revision, resourceJson(view)) });
};

/** Shows a page of resources under the name of their kind. */
export const listOf =
  <V extends ResourceView>(name: string) =>
  (page: Page<V>): ReturnType<typeof ok> =>
    ok(jsonAround(`{"${name}":[`, page.items, `],"paging":${JSON.stringify(pagingBody(page))}}`));

/** Every event of a resource. */
export const lookBack = async (plane: ControlPlane, kind: ResourceKindName, ref: ResourceRef): Handled =>
  E.chain((events: readonly Parameters<typeof eventBody>[0][]) => ok({ events: events.map(eventBody) }))(await plane.history({ kind, ref }));
