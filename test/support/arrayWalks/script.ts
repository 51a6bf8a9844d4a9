/** What a walk over an array asks for, and what happens to it meanwhile: the same for the same seed. */
import type { ControlPlane, PlaneRequest } from '@blockledger/app';
import { ATTACHMENT_WEIGHTS, attachmentRequestOf, type AttachmentAsk } from '../pathWalks/attachmentAsks.ts';
import { weighted } from '../walks/weighted.ts';

/** What can be asked or happen, and how often. */
export const WEIGHTS = {
  createVolume: 3,
  cloneVolume: 2,
  extendVolume: 4,
  deleteVolume: 3,
  createSnapshot: 3,
  deleteSnapshot: 2,
  mapByHand: 2,
  unmapByHand: 2,
  changeAccount: 3,
  redeploy: 1,
  pauseHost: 1,
  resumeHost: 2,
  pausePool: 1,
  resumePool: 2,
  endSessions: 1,
  passMinutes: 2,
  ...ATTACHMENT_WEIGHTS,
} as const;

export interface Ask {
  readonly do: keyof typeof WEIGHTS;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const kindOf = weighted(Object.entries(WEIGHTS) as readonly (readonly [Ask['do'], number])[]);

/** One ask. */
export const askOf = (random: () => number): Ask => {
  const number = (): number => Math.floor(random() * 1_000);
  return { do: kindOf(random), a: number(), b: number(), c: number() };
};

const GIB = 2 ** 30;
const all = { limit: -1 } as const;
/** More would only be waited for. */
const MOST_VOLUMES = 8;
const ACCOUNTS = [{ user: 'storage-1', secret: '1qaz2wsx3edc' }, { user: 'storage-2', secret: '3edc2wsx1qaz' }, null] as const;

const pick = <A>(items: readonly A[], choice: number): A | undefined => items[choice % Math.max(1, items.length)];
type Asking = (plane: ControlPlane, ask: Ask) => PlaneRequest | undefined;
const on = <A>(found: A | undefined, request: (found: A) => PlaneRequest): PlaneRequest | undefined => (found === undefined ? undefined : request(found));

const blocks: Partial<Record<Ask['do'], Asking>> = {
  createVolume: (plane, { a, b }) => (plane.volumes.list(all).items.length >= MOST_VOLUMES ? undefined : { do: 'createVolume', input: { pool: 'gold', name: `volume-${a % 20}`, sizeBytes: (1 + (b % 3)) * GIB } }),
  cloneVolume: (plane, { a, b }) =>
    plane.volumes.list(all).items.length >= MOST_VOLUMES ? undefined : on(pick(plane.snapshots.list(all).items, b), ({ id }) => ({ do: 'createVolume', input: { pool: 'gold', name: `clone-${a % 20}`, snapshot: id } })),
  extendVolume: (plane, { a, b }) => on(pick(plane.volumes.list(all).items, a), ({ id, sizeBytes }) => ({ do: 'updateVolume', volume: id, input: { sizeBytes: sizeBytes + (1 + (b % 2)) * GIB } })),
  deleteVolume: (plane, { a, b }) => on(pick(plane.volumes.list(all).items, a), ({ id }) => ({ do: 'deleteVolume', volume: id, input: { cascade: b % 2 === 0 } })),
  createSnapshot: (plane, { a, b }) => on(pick(plane.volumes.list(all).items, a), ({ id }) => ({ do: 'createSnapshot', input: { volume: id, name: `snapshot-${b % 5}` } })),
  deleteSnapshot: (plane, { a }) => on(pick(plane.snapshots.list(all).items, a), ({ id }) => ({ do: 'deleteSnapshot', snapshot: id, input: {} })),
};

const paths: Partial<Record<Ask['do'], Asking>> = {
  mapByHand: (plane, { a, c }) =>
    on(pick(plane.volumes.list(all).items, a), ({ id }) => {
      const group = plane.mappingGroups.list(all).items.find(({ clientGroup }) => clientGroup.name === 'by-hand');
      const shared = c % 3 !== 0;
      return group === undefined ? { do: 'createMappingGroup', accessPath: 1, input: { clientGroup: 1, volumes: [id], shared } } : { do: 'addVolumesToMappingGroup', mappingGroup: group.id, input: { volumes: [id], shared } };
    }),
  unmapByHand: (plane, { a, b }) =>
    on(
      plane.mappingGroups.list(all).items.find(({ clientGroup }) => clientGroup.name === 'by-hand'),
      ({ id, luns }) => {
        const lun = pick(luns, a);
        return lun === undefined || b % 3 === 0 ? { do: 'deleteMappingGroup', mappingGroup: id, input: { loggedOut: true } } : { do: 'removeVolumesFromMappingGroup', mappingGroup: id, input: { volumes: [lun.volume.id], loggedOut: true } };
      },
    ),
  changeAccount: (_, { a }) => ({ do: 'updateAccessPath', accessPath: 1, input: { chap: ACCOUNTS[a % ACCOUNTS.length] ?? null } }),
  redeploy: () => ({ do: 'redeployAccessPath', accessPath: 1 }),
  pauseHost: () => ({ do: 'pauseHost', host: 'qsan', input: { reason: 'maintenance' } }),
  resumeHost: () => ({ do: 'resumeHost', host: 'qsan' }),
  pausePool: () => ({ do: 'pausePool', pool: 'gold', input: { reason: 'maintenance' } }),
  resumePool: () => ({ do: 'resumePool', pool: 'gold' }),
};

const asking: Partial<Record<Ask['do'], Asking>> = { ...blocks, ...paths };
const isAboutAttachments = (ask: Ask | AttachmentAsk): ask is AttachmentAsk => Object.hasOwn(ATTACHMENT_WEIGHTS, ask.do);

/** The request of an ask; undefined for what happens to the array, and where there is nothing to ask about. */
export const requestOf = (plane: ControlPlane, ask: Ask): PlaneRequest | undefined => (isAboutAttachments(ask) ? attachmentRequestOf(plane, ask) : asking[ask.do]?.(plane, ask));
