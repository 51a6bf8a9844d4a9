/** Every kind of part that readers see. */
import type { AttachmentView } from '../attachmentViews.ts';
import type { Keeping } from '../kept.ts';
import type { Over } from '../kinds/kind.ts';
import type { Lookup } from '../kinds/lookup.ts';
import type { PartKindName, PartView } from '../pathViews.ts';
import type { States } from '../states.ts';
import type { ResourceKindName, ResourceRef, ResourceView } from '../views.ts';
import { mappingGroupPart } from './mappingGroup.ts';
import { networkAddressPart } from './networkAddress.ts';
import { makePartIndex, type PartIndex, type PartPlace } from './part.ts';
import { targetPart } from './target.ts';
import { vipPart } from './vip.ts';

/** One index per kind of part. */
export type PartIndexes = { readonly [K in PartKindName]: PartIndex };

/** The kind of resource that each kind of part belongs to. */
export const parentOf: { readonly [K in PartKindName]: ResourceKindName } = { networkAddress: 'host', target: 'accessPath', mappingGroup: 'accessPath', vip: 'vipGroup' };

/** Indexes over all parts; make them before the log is replayed. */
export const makePartIndexes = (states: States, lookup: Lookup): { readonly [K in PartKindName]: PartIndex & Keeping } => ({
  networkAddress: makePartIndex(networkAddressPart, states, lookup),
  target: makePartIndex(targetPart, states, lookup),
  mappingGroup: makePartIndex(mappingGroupPart, states, lookup),
  vip: makePartIndex(vipPart, states, lookup),
});

/** Finds parts of what may be seen, gone ones included. */
export type FindPart = (kind: PartKindName, ref: ResourceRef) => PartPlace | undefined;

export const findPartIn =
  (parts: PartIndexes, { indexes }: Pick<Over, 'indexes'>): FindPart =>
  (kind, ref) => {
    const place = parts[kind].find(ref);
    return place !== undefined && indexes[parentOf[kind]].tenantOf(place.parentId) !== undefined ? place : undefined;
  };

const partsOfView = (resource: ResourceView): readonly (PartView | AttachmentView)[] => {
  switch (resource.kind) {
    case 'host':
      return resource.addresses;
    case 'accessPath':
      return [...resource.targets, ...resource.mappingGroups];
    case 'vipGroup':
      return resource.vips;
    case 'volume':
      return resource.attachments;
    case 'snapshot':
    case 'pool':
    case 'clientGroup':
      return [];
  }
};

/** A part of a resource as it stands; undefined where it is not there any more. */
export const partIn = (resource: ResourceView, id: string): PartView | AttachmentView | undefined => partsOfView(resource).find((part) => part.id === id);
