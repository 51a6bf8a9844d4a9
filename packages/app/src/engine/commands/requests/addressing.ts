/** What turning a request into a command needs, and what comes of it. */
import type { CommandId, IdGenerator, Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ActionSubject } from '../../../queries/actionViews.ts';
import { isOfTenants } from '../../../queries/kinds/index.ts';
import type { Indexes, Resolve, ResourceIds } from '../../../queries/kinds/kind.ts';
import type { PartKindName } from '../../../queries/pathViews.ts';
import { parentOf, type FindPart } from '../../../queries/parts/index.ts';
import type { PartPlace } from '../../../queries/parts/part.ts';
import type { ResourceStates } from '../../../queries/states.ts';
import type { TaskRecords } from '../../../queries/taskRecords.ts';
import type { ResourceKindName, ResourceRef, SubjectKindName } from '../../../queries/views.ts';
import { notFound, refuseEngine } from '../../refusals.ts';
import type { PlaneRequest } from '../../requests.ts';
import type { Kind } from '../aggregates.ts';

/** A command for an aggregate, not yet decoded, and the resource that the caller is answered with. */
export interface Addressed<K extends SubjectKindName = ResourceKindName> {
  readonly to: Kind;
  readonly command: object;
  readonly resource: { readonly kind: K; readonly id: string };
  /** The part of the resource that it is about, by its UUID. */
  readonly part?: string;
  /** Whose the resource that it is about is; undefined for new ones that belong to whoever asks. */
  readonly tenant?: string | undefined;
  /** What else it is about. */
  readonly related?: readonly ActionSubject[];
}

/** A command, or the refusal of a reference that leads nowhere. */
export type Resolved = E.Either<Refusal, Addressed>;

export interface RequestContext {
  readonly ids: IdGenerator;
  readonly commandId: CommandId;
  readonly resolve: Resolve;
  readonly tasks: TaskRecords;
  readonly states: ResourceStates;
  readonly indexes: Indexes;
  readonly findPart: FindPart;
  /** The one tenant that the caller sees, so that nothing else resolves; null for a caller who sees all. */
  readonly confinedTo: string | null;
  /** The tenant that the caller named. */
  readonly tenant: string | undefined;
}

type Named<R, Do> = R extends { readonly do: infer D } ? (Do extends D ? R & { readonly do: Do } : never) : never;
/** The request of one name. */
export type RequestOf<Do extends PlaneRequest['do']> = Named<PlaneRequest, Do>;

/** How each of some requests becomes a command. */
export type Addressing<Do extends PlaneRequest['do']> = { readonly [D in Do]: (request: RequestOf<D>, context: RequestContext) => Resolved };

/** The UUID of what a caller names. */
export const idIn = <K extends ResourceKindName>({ resolve }: RequestContext, kind: K, ref: ResourceRef): E.Either<Refusal, ResourceIds[K]> => {
  const id = resolve[kind](ref);
  return id === undefined ? E.left(notFound(kind, ref)) : E.right(id);
};

/** A list. Callers without types may give anything: a text would be taken apart into its letters. */
export const listIn = <A>(given: readonly A[] | undefined, field: string): E.Either<Refusal, readonly A[]> =>
  Array.isArray(given) ? E.right(given) : E.left(refuseEngine('InvalidCommand', given === undefined ? `${field} is missing: it must be a list` : `${field} must be a list`, { value: field }));

/** The UUIDs of all that a caller names, or the refusal of the first that leads nowhere. */
export const idsIn = <K extends ResourceKindName>(context: RequestContext, kind: K, refs: readonly ResourceRef[]): E.Either<Refusal, readonly ResourceIds[K][]> => {
  const list = listIn(refs, `${kind}s`);
  if (E.isLeft(list)) return list;
  const found: ResourceIds[K][] = [];
  for (const ref of list.right) {
    const id = idIn(context, kind, ref);
    if (E.isLeft(id)) return id;
    found.push(id.right);
  }
  return E.right(found);
};

/** Resources that a request is also about. */
export const related = (kind: ResourceKindName, ids: readonly string[]): readonly ActionSubject[] => ids.map((id) => ({ kind, id }));

/** The UUID of a part that a caller names. */
export const partIdIn = ({ findPart }: RequestContext, kind: PartKindName, ref: ResourceRef): E.Either<Refusal, string> => {
  const place = findPart(kind, ref);
  return place === undefined ? E.left(notFound(kind, ref)) : E.right(place.id);
};

/** A command for a resource that is there. */
export const onResource = <K extends ResourceKindName>(context: RequestContext, [kind, ref]: readonly [K, ResourceRef], command: (id: ResourceIds[K]) => object): Resolved =>
  E.map((id: ResourceIds[K]): Addressed => ({ to: kind, command: { ...command(id), [`${kind}Id`]: id }, resource: { kind, id }, tenant: context.indexes[kind].tenantOf(id) }))(idIn(context, kind, ref));

/** A command for a part of a resource; one of a tenant's resource belongs to that tenant. */
export const onPart = (context: RequestContext, [kind, ref]: readonly [PartKindName, ResourceRef], command: (place: PartPlace) => object): Resolved => {
  const place = context.findPart(kind, ref);
  if (place === undefined) return E.left(notFound(kind, ref));
  const parent = parentOf[kind];
  const tenant = isOfTenants(parent) ? context.indexes[parent].tenantOf(place.parentId) : undefined;
  const whole = { ...command(place), [`${parent}Id`]: place.parentId };
  return E.right({ to: parent, command: whole, resource: { kind: parent, id: place.parentId }, part: place.id, tenant });
};

/** A command for what belongs to no tenant: the command carries the tenant of whoever asks. */
export const onEverybodys = (context: RequestContext, [kind, ref]: readonly [ResourceKindName, ResourceRef], command: object): Resolved =>
  E.map(({ tenant: _tenant, ...addressed }: Addressed): Addressed => addressed)(onResource(context, [kind, ref], () => command));
