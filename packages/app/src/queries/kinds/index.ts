/** Every kind of resource that readers see. */
import type { ResourceKindName, ResourceView } from '../views.ts';
import { accessPathKind } from './accessPath.ts';
import { clientGroupKind } from './clientGroup.ts';
import { hostKind } from './host.ts';
import { erase, type AnyKind } from './kind.ts';
import { poolKind } from './pool.ts';
import { snapshotKind } from './snapshot.ts';
import { vipGroupKind } from './vipGroup.ts';
import { volumeKind } from './volume.ts';

export const kinds: { readonly [K in ResourceKindName]: AnyKind<Extract<ResourceView, { readonly kind: K }>> } = {
  volume: erase(volumeKind),
  snapshot: erase(snapshotKind),
  pool: erase(poolKind),
  host: erase(hostKind),
  clientGroup: erase(clientGroupKind),
  accessPath: erase(accessPathKind),
  vipGroup: erase(vipGroupKind),
};

/** Their names. */
export const kindNames = Object.keys(kinds) as readonly ResourceKindName[];

/** One thing for each kind. */
export const forEachKind = <A>(make: (kind: ResourceKindName) => A): { readonly [K in ResourceKindName]: A } =>
  Object.fromEntries(kindNames.map((kind) => [kind, make(kind)])) as { readonly [K in ResourceKindName]: A };

export const isResourceKind = (kind: string): kind is ResourceKindName => Object.hasOwn(kinds, kind);

/** Kinds of which each resource belongs to one tenant. */
export type TenantsKind = Exclude<ResourceKindName, 'pool' | 'host'>;

/** True for kinds of which each resource belongs to one tenant. */
export const isOfTenants = (kind: string): kind is TenantsKind => isResourceKind(kind) && !kinds[kind].isEverybodys;
