/**
 * What one tenant may see (I-12). Everything that reads finds resources through an index, tasks through their records: these let through
 * what is the tenant's own, and nothing else is there. Pools are everybody's, and show a tenant its own counts only.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Index } from './indexes.ts';
import { pageOf } from './paging.ts';
import { forEachKind, isOfTenants, kinds } from './kinds/index.ts';
import type { Indexes, Resolve } from './kinds/kind.ts';
import type { Lookup } from './kinds/lookup.ts';
import { resourcesOver, type ResourceQueries } from './resources.ts';
import type { States } from './states.ts';
import type { TaskRecord, TaskRecords } from './taskRecords.ts';
import type { TenantTotals } from './tenantTotals.ts';
import type { TokenQueries, TokenQuery } from './tokens.ts';
import type { Page, ResourceRef, TokenView } from './views.ts';

/** The part of an index that is a tenant's own. */
const indexWithin = (index: Index, tenant: string): Index => {
  const isOwn = (number: number): boolean => index.slotAt(number)?.tenant === tenant;
  const own = (id: string | undefined): string | undefined => (id !== undefined && index.tenantOf(id) === tenant ? id : undefined);
  const shown = (): readonly number[] => index.ofTenant(tenant, 'shown');
  const hidden = (): readonly number[] => index.ofTenant(tenant, 'hidden');
  return {
    resolve: (ref) => own(index.resolve(ref)),
    idAt: (number) => (isOwn(number) ? index.idAt(number) : undefined),
    slotAt: (number) => (isOwn(number) ? index.slotAt(number) : undefined),
    tombstone: (id) => (own(id) === undefined ? undefined : index.tombstone(id)),
    numberOf: (id) => (own(id) === undefined ? null : index.numberOf(id)),
    tenantOf: (id) => (own(id) === undefined ? undefined : tenant),
    all: () => (hidden().length === 0 ? shown() : [...shown(), ...hidden()].toSorted((a, b) => a - b)),
    gone: () => index.ofTenant(tenant, 'gone'),
    shown,
    hidden,
    ofTenant: (asked, list) => (asked === tenant ? index.ofTenant(tenant, list) : []),
    ofParent: (parentId) => index.ofParent(parentId).filter(isOwn),
    named: (name) => index.named(name).filter(isOwn),
    ids: function* ids() {
      for (const id of index.ids()) if (own(id) !== undefined) yield id;
    },
  };
};

/** Resources as a tenant sees them. What is not known to this process is not there: whose it is cannot be told. */
export const resourcesWithin = (whole: ResourceQueries, parts: { readonly states: States; readonly totals: TenantTotals; readonly tenant: string }): ResourceQueries => {
  const { states, totals, tenant } = parts;
  const indexes: Indexes = forEachKind((kind) => (kinds[kind].isEverybodys ? whole.indexes[kind] : indexWithin(whole.indexes[kind], tenant)));
  const lookup: Lookup = {
    volumeState: (id) => (indexes.volume.tenantOf(id) === undefined ? undefined : states.volumeState(id)),
    snapshotState: (id) => (indexes.snapshot.tenantOf(id) === undefined ? undefined : states.snapshotState(id)),
    poolState: states.poolState,
    hostState: states.hostState,
    clientGroupState: (id) => (indexes.clientGroup.tenantOf(id) === undefined ? undefined : states.clientGroupState(id)),
    accessPathState: (id) => (indexes.accessPath.tenantOf(id) === undefined ? undefined : states.accessPathState(id)),
    vipGroupState: (id) => (indexes.vipGroup.tenantOf(id) === undefined ? undefined : states.vipGroupState(id)),
    backendState: states.backendState,
    hasBackend: whole.lookup.hasBackend,
    hasTargets: whole.lookup.hasTargets,
    hasVips: whole.lookup.hasVips,
    seenInstance: whole.lookup.seenInstance,
    provisionedBytes: (poolId) => totals.of(tenant, poolId).bytes,
    volumeCount: (poolId) => totals.of(tenant, poolId).volumes,
  };
  const resolve = forEachKind((kind) => (kinds[kind].isEverybodys ? whole.resolve[kind] : (ref: ResourceRef) => indexes[kind].resolve(ref))) as Resolve;
  return resourcesOver({ states, indexes, lookup, resolve, remember: whole.remember }, whole.parts);
};

/** Tasks as a tenant sees them: those of its volumes and snapshots. */
export const tasksWithin = (records: TaskRecords, tenant: string): TaskRecords => {
  const isOwn = (task: TaskRecord): boolean => task.tenant === tenant && isOfTenants(task.kind);
  const own = (task: TaskRecord | undefined): TaskRecord | undefined => (task !== undefined && isOwn(task) ? task : undefined);
  return {
    get: (id) => own(records.get(id)),
    at: (number) => own(records.at(number)),
    numbers: () => records.ofTenant(tenant),
    ofTenant: (asked) => (asked === tenant ? records.ofTenant(tenant) : []),
    ofResource: (resourceId) => records.ofResource(resourceId).filter(isOwn),
    unfinished: function* unfinished() {
      for (const id of records.unfinished()) if (own(records.get(id)) !== undefined) yield id;
    },
    endedCount: (status) => records.ofTenant(tenant).filter((number) => records.at(number)?.status === status).length,
    onChange: (listener) => records.onChange((id, before) => own(records.get(id)) !== undefined && listener(id, before)),
  };
};

/** Access tokens as a tenant sees them: those for that tenant only. */
export const tokensWithin = (tokens: TokenQueries, tenant: string): TokenQueries => {
  const own = <A extends { readonly tenant: string | null }>(one: A | undefined): A | undefined => (one?.tenant === tenant ? one : undefined);
  const isForOthers = ({ tenant: asked }: TokenQuery): boolean => asked !== undefined && asked !== tenant;
  const none = (query: TokenQuery): Page<TokenView> => pageOf<TokenView>([], query, () => undefined);
  return {
    get: (id) => own(tokens.get(id)),
    list: (query = {}) => (isForOthers(query) ? none(query) : tokens.list({ ...query, tenant })),
    page: (query = {}) => (isForOthers(query) ? E.map(() => none(query))(tokens.page(query)) : tokens.page({ ...query, tenant })),
    verify: (presented) => tokens.verify(presented, tenant),
    onRevoked: (listener) => tokens.onRevoked((id) => own(tokens.get(id)) !== undefined && listener(id)),
  };
};
