/** Random requests of one tenant, over everything that can be asked for, with references of its own and of others mixed. */
import type { PartKindName, PlaneRequest, RequestName, ResourceRef } from '@blockledger/app';

/** What serves volumes to hosts, and what it is made of. */
export type PathThing = 'host' | 'clientGroup' | 'accessPath' | 'vipGroup' | PartKindName;

/** What a request is made of. References lead to what is the asker's own, to what is another's, or nowhere. */
export interface Picks {
  readonly volume: () => ResourceRef;
  readonly snapshot: () => ResourceRef;
  /** A snapshot and its own volume. */
  readonly pair: () => { readonly volume: ResourceRef; readonly snapshot: ResourceRef };
  readonly task: () => ResourceRef;
  /** A volume in the trash, a task that failed: where there is any. */
  readonly trashed: () => ResourceRef;
  readonly failed: () => ResourceRef;
  readonly pool: () => ResourceRef;
  readonly thing: (kind: PathThing) => ResourceRef;
  /** A name for something new: the asker's own, or one that all tenants use. */
  readonly name: () => string;
  readonly text: () => string;
  /** A secret of a CHAP account: the asker's own. */
  readonly secret: () => string;
  /** A UUID of a user of volumes. */
  readonly user: () => string;
  readonly sizeBytes: () => number;
  readonly chance: (probability: number) => boolean;
}

type Make = (pick: Picks) => PlaneRequest;

const onVolume = (verb: 'disownVolume' | 'promoteVolume' | 'demoteVolume' | 'flattenVolume'): Make => ({ volume }) => ({ do: verb, volume: volume() });
const using = (verb: 'releaseMapping' | 'beginDetaching' | 'joinVolumeGroup' | 'leaveVolumeGroup'): Make => ({ volume, user }) => ({ do: verb, volume: volume(), input: { id: user() } });
const onTask = (verb: 'retryTask' | 'abandonTask' | 'cancelTask'): Make => ({ task, failed, chance }) => ({ do: verb, task: chance(0.6) ? failed() : task() });
const onPool = (verb: 'resumePool' | 'retirePool'): Make => ({ pool }) => ({ do: verb, pool: pool() });
const guarding = (verb: 'protectSnapshot' | 'unprotectSnapshot'): Make => ({ snapshot }) => ({ do: verb, snapshot: snapshot() });

const onHost = (verb: 'resumeHost' | 'declareHostBack' | 'retireHost'): Make => ({ thing }) => ({ do: verb, host: thing('host') });
const saying = (verb: 'pauseHost' | 'declareHostOff'): Make => ({ thing, text }) => ({ do: verb, host: thing('host'), input: { reason: text() } });
const onPath = (verb: 'deleteAccessPath' | 'redeployAccessPath'): Make => ({ thing }) => ({ do: verb, accessPath: thing('accessPath') });
const onMember = (verb: 'addVipMember' | 'removeVipMember'): Make => ({ thing }) => ({ do: verb, vipGroup: thing('vipGroup'), input: { networkAddress: thing('networkAddress') } });

/** Addresses of the network that the hosts are in: few, so that tenants meet each other's. */
const addressAt = (chance: Picks['chance']): string => `10.0.0.${101 + [4, 2, 1].reduce((sum, bit) => sum + (chance(0.5) ? bit : 0), 0)}`;

const connectorOf = (text: string): { readonly initiator: string; readonly host: string } => ({ initiator: `iqn.2026-11.org.example:${text.toLowerCase().replaceAll(' ', '-')}`, host: text });

/** One maker for each request there is: a new one does not compile before it stands here. */
const MAKERS: Readonly<Record<RequestName, Make>> = {
  createVolume: ({ pool, name, text, snapshot, sizeBytes, chance }) => {
    const common = { pool: pool(), name: name(), description: text(), labels: { [text()]: text() }, hidden: chance(0.1) };
    return { do: 'createVolume', input: chance(0.35) ? { ...common, snapshot: snapshot(), flattened: chance(0.3) } : { ...common, sizeBytes: sizeBytes() } };
  },
  adoptVolume: ({ pool, name, volume, sizeBytes }) => ({ do: 'adoptVolume', input: { pool: pool(), backendName: String(volume()), name: name(), sizeBytes: sizeBytes() } }),
  updateVolume: ({ volume, name, text, sizeBytes, chance }) => ({
    do: 'updateVolume',
    volume: volume(),
    input: { ...(chance(0.5) ? { name: name() } : {}), ...(chance(0.5) ? { description: text() } : {}), ...(chance(0.3) ? { sizeBytes: sizeBytes() } : {}) },
  }),
  flattenVolume: onVolume('flattenVolume'),
  migrateVolume: ({ volume, pool }) => ({ do: 'migrateVolume', volume: volume(), input: { pool: pool() } }),
  rollBackVolume: ({ volume, snapshot, pair, chance }) => {
    const { volume: itsVolume, snapshot: one } = pair();
    return chance(0.6) ? { do: 'rollBackVolume', volume: itsVolume, input: { snapshot: one } } : { do: 'rollBackVolume', volume: volume(), input: { snapshot: snapshot() } };
  },
  // In the trash for so long that nobody's volume leaves it by itself while another one's deeds are looked at.
  deleteVolume: ({ volume, chance }) => ({ do: 'deleteVolume', volume: volume(), input: { cascade: chance(0.7), force: chance(0.3), retainMs: chance(0.6) ? 10 ** 10 : null } }),
  undeleteVolume: ({ volume, trashed, chance }) => ({ do: 'undeleteVolume', volume: chance(0.7) ? trashed() : volume() }),
  disownVolume: onVolume('disownVolume'),
  promoteVolume: onVolume('promoteVolume'),
  demoteVolume: onVolume('demoteVolume'),
  reserveMapping: ({ volume, user, chance }) => ({ do: 'reserveMapping', volume: volume(), input: { id: user(), shared: chance(0.8) } }),
  releaseMapping: using('releaseMapping'),
  reserveAttachment: ({ volume, user, text, chance, thing }) => ({
    do: 'reserveAttachment',
    volume: volume(),
    input: { id: user(), shared: chance(0.8), instance: text(), ...(chance(0.5) ? { connect: { accessPath: thing('accessPath'), connector: connectorOf(text()) } } : {}) },
  }),
  connectAttachment: ({ volume, user, text, thing }) => ({ do: 'connectAttachment', volume: volume(), input: { id: user(), accessPath: thing('accessPath'), connector: connectorOf(text()) } }),
  completeAttachment: ({ volume, user, text }) => ({ do: 'completeAttachment', volume: volume(), input: { id: user(), mountPoint: text() } }),
  beginDetaching: using('beginDetaching'),
  disconnectAttachments: ({ volume, user, chance }) => ({ do: 'disconnectAttachments', volume: volume(), input: { id: chance(0.5) ? null : user(), force: chance(0.3) } }),
  releaseAttachment: ({ volume, user, chance }) => ({ do: 'releaseAttachment', volume: volume(), input: { id: user(), force: chance(0.3) } }),
  joinVolumeGroup: using('joinVolumeGroup'),
  leaveVolumeGroup: using('leaveVolumeGroup'),
  createSnapshot: ({ volume, name, text }) => ({ do: 'createSnapshot', input: { volume: volume(), name: name(), description: text() } }),
  deleteSnapshot: ({ snapshot, chance }) => ({ do: 'deleteSnapshot', snapshot: snapshot(), input: { force: chance(0.3) } }),
  protectSnapshot: guarding('protectSnapshot'),
  unprotectSnapshot: guarding('unprotectSnapshot'),
  registerPool: ({ name }) => ({ do: 'registerPool', input: { name: name(), placement: { backend: 'fake', pool: 'hdd' } } }),
  updatePool: ({ pool }) => ({ do: 'updatePool', pool: pool(), input: { overSubscriptionRatio: 3 } }),
  reportPoolHealth: ({ pool }) => ({ do: 'reportPoolHealth', pool: pool(), input: { health: 'error' } }),
  pausePool: ({ pool, text }) => ({ do: 'pausePool', pool: pool(), input: { reason: text() } }),
  resumePool: onPool('resumePool'),
  retirePool: onPool('retirePool'),
  registerHost: ({ name }) => ({ do: 'registerHost', input: { name: name(), targets: 'targets' } }),
  addNetworkAddress: ({ thing }) => ({ do: 'addNetworkAddress', host: thing('host'), input: { ip: '10.0.0.9', prefix: 24, interface: 'eth0' } }),
  removeNetworkAddress: ({ thing }) => ({ do: 'removeNetworkAddress', networkAddress: thing('networkAddress') }),
  pauseHost: saying('pauseHost'),
  resumeHost: onHost('resumeHost'),
  declareHostOff: saying('declareHostOff'),
  declareHostBack: onHost('declareHostBack'),
  retireHost: onHost('retireHost'),
  createClientGroup: ({ name, text, chance }) => ({ do: 'createClientGroup', input: { name: name(), description: text(), clients: [`iqn.2026-11.org.example:${text().toLowerCase().replaceAll(' ', '-')}${chance(0.5) ? '' : '-2'}`] } }),
  updateClientGroup: ({ thing, name, text, secret, chance }) => {
    const mutual = { user: 'prover-of-all', secret: secret() };
    return { do: 'updateClientGroup', clientGroup: thing('clientGroup'), input: chance(0.5) ? { name: name() } : chance(0.6) ? { description: text() } : { mutual: chance(0.3) ? null : mutual } };
  },
  deleteClientGroup: ({ thing }) => ({ do: 'deleteClientGroup', clientGroup: thing('clientGroup') }),
  createAccessPath: ({ name, text, thing, secret, chance }) => {
    const chap = { user: 'storage-of-all', secret: secret() };
    return { do: 'createAccessPath', input: { name: name(), description: text(), hosts: chance(0.5) ? [thing('host')] : [thing('host'), thing('host')], ...(chance(0.8) ? {} : { chap }) } };
  },
  updateAccessPath: ({ thing, name, text, secret, chance }) => {
    const chap = { user: 'storage-of-all', secret: secret() };
    return { do: 'updateAccessPath', accessPath: thing('accessPath'), input: chance(0.5) ? { name: name() } : chance(0.6) ? { description: text() } : { chap: chance(0.3) ? null : chap } };
  },
  deleteAccessPath: onPath('deleteAccessPath'),
  redeployAccessPath: onPath('redeployAccessPath'),
  addTarget: ({ thing }) => ({ do: 'addTarget', accessPath: thing('accessPath'), input: { host: thing('host') } }),
  removeTarget: ({ thing, chance }) => ({ do: 'removeTarget', target: thing('target'), input: { force: chance(0.5) } }),
  createMappingGroup: ({ thing, volume, chance }) => ({ do: 'createMappingGroup', accessPath: thing('accessPath'), input: { clientGroup: thing('clientGroup'), volumes: [volume()], shared: chance(0.5) } }),
  addVolumesToMappingGroup: ({ thing, volume, chance }) => ({ do: 'addVolumesToMappingGroup', mappingGroup: thing('mappingGroup'), input: { volumes: [volume()], shared: chance(0.5) } }),
  removeVolumesFromMappingGroup: ({ thing, volume, chance }) => ({ do: 'removeVolumesFromMappingGroup', mappingGroup: thing('mappingGroup'), input: { volumes: [volume()], force: chance(0.5) } }),
  deleteMappingGroup: ({ thing, chance }) => ({ do: 'deleteMappingGroup', mappingGroup: thing('mappingGroup'), input: { force: chance(0.5) } }),
  createVipGroup: ({ thing, chance }) => ({
    do: 'createVipGroup',
    input: { accessPath: thing('accessPath'), network: '10.0.0.0/24', vips: [{ ip: addressAt(chance), networkAddress: thing('networkAddress') }], force: chance(0.5) },
  }),
  updateVipGroup: ({ thing, chance }) => ({ do: 'updateVipGroup', vipGroup: thing('vipGroup'), input: { preempt: chance(0.5) } }),
  addVip: ({ thing, chance }) => ({ do: 'addVip', vipGroup: thing('vipGroup'), input: { ip: addressAt(chance), networkAddress: thing('networkAddress') } }),
  removeVip: ({ thing }) => ({ do: 'removeVip', vip: thing('vip') }),
  addVipMember: onMember('addVipMember'),
  removeVipMember: onMember('removeVipMember'),
  deleteVipGroup: ({ thing, chance }) => ({ do: 'deleteVipGroup', vipGroup: thing('vipGroup'), input: { force: chance(0.5) } }),
  redeployVipGroup: ({ thing }) => ({ do: 'redeployVipGroup', vipGroup: thing('vipGroup') }),
  retryTask: onTask('retryTask'),
  abandonTask: onTask('abandonTask'),
  cancelTask: onTask('cancelTask'),
};

/** Every request there is. */
export const REQUEST_NAMES: readonly RequestName[] = Object.keys(MAKERS) as readonly RequestName[];

/** One request of a kind. */
export const requestOf = (name: RequestName, picks: Picks): PlaneRequest => MAKERS[name](picks);

const times = (count: number, ...names: readonly RequestName[]): readonly RequestName[] => names.flatMap((name) => Array<RequestName>(count).fill(name));

/** What makes others possible comes more often: in a world of volumes, and in one with gateways. */
const OFTEN: Readonly<Record<World, readonly RequestName[]>> = {
  volumes: [
    ...times(20, 'createVolume'),
    ...times(16, 'createSnapshot'),
    ...times(4, 'updateVolume', 'deleteVolume', 'undeleteVolume', 'protectSnapshot', 'unprotectSnapshot', 'retryTask', 'abandonTask'),
    ...times(6, 'rollBackVolume'),
    ...times(2, 'flattenVolume', 'promoteVolume', 'demoteVolume', 'deleteSnapshot', 'disownVolume'),
    ...times(2, 'reserveMapping', 'releaseMapping', 'reserveAttachment', 'releaseAttachment', 'joinVolumeGroup', 'leaveVolumeGroup'),
    ...times(3, 'beginDetaching', 'disconnectAttachments'),
  ],
  gateways: [
    ...times(10, 'createVolume', 'createMappingGroup'),
    ...times(8, 'createClientGroup', 'createAccessPath', 'createVipGroup', 'addVolumesToMappingGroup'),
    ...times(10, 'addVip', 'removeVip'),
    ...times(14, 'addVipMember', 'removeVipMember'),
    ...times(4, 'addTarget', 'removeVolumesFromMappingGroup', 'updateAccessPath', 'updateClientGroup'),
    ...times(6, 'reserveAttachment', 'connectAttachment', 'releaseAttachment'),
    ...times(8, 'completeAttachment'),
    ...times(2, 'disconnectAttachments'),
    ...times(2, 'deleteClientGroup', 'deleteMappingGroup', 'deleteAccessPath', 'removeTarget', 'deleteVipGroup', 'updateVipGroup', 'redeployAccessPath', 'redeployVipGroup'),
  ],
};

/** What there is in a world: volumes alone, or hosts as well that serve them. */
export type World = 'volumes' | 'gateways';

/** A random request. */
export const randomRequest = (random: () => number, picks: Picks, world: World): PlaneRequest => {
  const names = [...REQUEST_NAMES, ...OFTEN[world]];
  return MAKERS[names[Math.floor(random() * names.length)] ?? 'createVolume'](picks);
};
