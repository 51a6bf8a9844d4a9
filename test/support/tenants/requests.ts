/** Random requests of one tenant, over everything that can be asked for, with references of its own and of others mixed. */
import type { PlaneRequest, RequestName, ResourceRef } from '@blockledger/app';

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
  /** A name for something new: the asker's own, or one that all tenants use. */
  readonly name: () => string;
  readonly text: () => string;
  /** A UUID of a user of volumes. */
  readonly user: () => string;
  readonly sizeBytes: () => number;
  readonly chance: (probability: number) => boolean;
}

type Make = (pick: Picks) => PlaneRequest;

const onVolume = (verb: 'disownVolume' | 'promoteVolume' | 'demoteVolume' | 'flattenVolume'): Make => ({ volume }) => ({ do: verb, volume: volume() });
const holding = (verb: 'reserveMapping' | 'reserveAttachment'): Make => ({ volume, user, chance }) => ({ do: verb, volume: volume(), input: { id: user(), shared: chance(0.8) } });
const using = (verb: 'releaseMapping' | 'releaseAttachment' | 'joinVolumeGroup' | 'leaveVolumeGroup'): Make => ({ volume, user }) => ({ do: verb, volume: volume(), input: { id: user() } });
const onTask = (verb: 'retryTask' | 'abandonTask' | 'cancelTask'): Make => ({ task, failed, chance }) => ({ do: verb, task: chance(0.6) ? failed() : task() });
const onPool = (verb: 'resumePool' | 'retirePool'): Make => ({ pool }) => ({ do: verb, pool: pool() });
const guarding = (verb: 'protectSnapshot' | 'unprotectSnapshot'): Make => ({ snapshot }) => ({ do: verb, snapshot: snapshot() });

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
  reserveMapping: holding('reserveMapping'),
  reserveAttachment: holding('reserveAttachment'),
  releaseMapping: using('releaseMapping'),
  releaseAttachment: using('releaseAttachment'),
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
  retryTask: onTask('retryTask'),
  abandonTask: onTask('abandonTask'),
  cancelTask: onTask('cancelTask'),
};

/** Every request there is. */
export const REQUEST_NAMES: readonly RequestName[] = Object.keys(MAKERS) as readonly RequestName[];

/** One request of a kind. */
export const requestOf = (name: RequestName, picks: Picks): PlaneRequest => MAKERS[name](picks);

/** What makes others possible comes more often. */
const OFTEN: readonly RequestName[] = [...Array<RequestName>(12).fill('createVolume'), ...Array<RequestName>(10).fill('createSnapshot'), ...Array<RequestName>(3).fill('updateVolume'), 'rollBackVolume', 'flattenVolume'];

const WEIGHTED: readonly RequestName[] = [...REQUEST_NAMES, ...OFTEN];

/** A random request. */
export const randomRequest = (random: () => number, picks: Picks): PlaneRequest => MAKERS[WEIGHTED[Math.floor(random() * WEIGHTED.length)] ?? 'createVolume'](picks);
