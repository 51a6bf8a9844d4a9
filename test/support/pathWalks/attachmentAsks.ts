/** What is asked about attachments, as requests: a few hosts, a few ids, volumes for one or for several. Walks over gateways and over an array ask the same. */
import type { AttachmentView, ControlPlane, PlaneRequest } from '@blockledger/app';

/** How often each is asked for. */
export const ATTACHMENT_WEIGHTS = {
  attach: 6,
  reserveAttachment: 2,
  connectAttachment: 3,
  completeAttachment: 2,
  beginDetaching: 1,
  disconnectOne: 3,
  disconnectAll: 1,
  releaseAttachment: 4,
} as const;

/** What is asked for; the numbers choose among what is there then. */
export interface AttachmentAsk {
  readonly do: keyof typeof ATTACHMENT_WEIGHTS;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Hosts that attach. Nobody lets them in by hand. */
export const ATTACHERS = ['iqn.1994-05.com.redhat:node-1', 'iqn.1994-05.com.redhat:node-2', 'iqn.1994-05.com.redhat:node-3'] as const;

const PURPOSES = ['host', 'host', 'host', 'backup'] as const;
const all = { limit: -1 } as const;
const pick = <A>(items: readonly A[], choice: number): A | undefined => items[choice % Math.max(1, items.length)];
/** Four ids for each volume: who asks a second time means the same one. */
const idOf = (choice: number): string => `0b9d7a3e-0000-4000-8000-00000000000${1 + (choice % 4)}`;

const connection = (plane: ControlPlane, { b, c }: AttachmentAsk) => {
  const path = pick(plane.accessPaths.list(all).items, c);
  return path === undefined ? undefined : { accessPath: path.id, connector: { initiator: ATTACHERS[b % ATTACHERS.length] ?? null, host: `node-${1 + (b % ATTACHERS.length)}`, multipath: true } };
};

/** Mostly one that is there. */
const attachmentOf = (plane: ControlPlane, { a, b }: AttachmentAsk): Pick<AttachmentView, 'id'> & { readonly on: string } | undefined => {
  const there = pick(plane.attachments.list(), a);
  if (there !== undefined && b % 7 !== 0) return { id: there.id, on: there.volume.id };
  const volume = pick(plane.volumes.list(all).items, a);
  return volume === undefined ? undefined : { id: idOf(b), on: volume.id };
};

const reserving = (plane: ControlPlane, ask: AttachmentAsk): PlaneRequest | undefined => {
  const { a, b, c } = ask;
  const volume = pick(plane.volumes.list(all).items, a);
  const connect = ask.do === 'attach' ? connection(plane, ask) : null;
  if (volume === undefined || connect === undefined) return undefined;
  const purpose = ask.do === 'attach' ? 'host' : (PURPOSES[c % PURPOSES.length] ?? 'host');
  return { do: 'reserveAttachment', volume: volume.id, input: { id: idOf(b), shared: c % 4 !== 3, purpose, connect } };
};

/** The request of an ask; undefined where there is nothing to ask about. */
export const attachmentRequestOf = (plane: ControlPlane, ask: AttachmentAsk): PlaneRequest | undefined => {
  if (ask.do === 'attach' || ask.do === 'reserveAttachment') return reserving(plane, ask);
  const found = attachmentOf(plane, ask);
  if (found === undefined) return undefined;
  const [{ id, on: volume }, force] = [found, ask.c % 3 === 0];
  switch (ask.do) {
    case 'connectAttachment': {
      const to = connection(plane, ask);
      return to === undefined ? undefined : { do: 'connectAttachment', volume, input: { id, ...to } };
    }
    case 'completeAttachment':
      return { do: 'completeAttachment', volume, input: { id, instance: `vm-${ask.c % 3}`, mountPoint: '/dev/vdb' } };
    case 'beginDetaching':
      return { do: 'beginDetaching', volume, input: { id } };
    case 'disconnectOne':
      return { do: 'disconnectAttachments', volume, input: { id, force } };
    case 'disconnectAll':
      return { do: 'disconnectAttachments', volume, input: { force } };
    case 'releaseAttachment':
      return { do: 'releaseAttachment', volume, input: { id, force } };
  }
};

/** Releases everything, as a patient operator would. */
export const releaseAll = (plane: ControlPlane): readonly PlaneRequest[] =>
  plane.attachments.list().map(({ id, volume }) => ({ do: 'releaseAttachment', volume: volume.id, input: { id } }));

/** Sentences that are not true of attachments when nothing is owed: what is under way then is stuck, and what is connected has its LUN. */
export const attachmentFaults = (plane: ControlPlane): readonly string[] =>
  plane.attachments.list().flatMap(({ id, volume, purpose, stage, lun, mappingGroupId }) => {
    // Backups and their like hold a volume without being connected.
    const isConnected = purpose === 'host' && (stage === 'connected' || stage === 'attached' || stage === 'detaching');
    if (stage === 'connecting' || stage === 'disconnecting') return [`attachment ${id} of ${volume.name} is stuck: ${stage}`];
    const group = plane.mappingGroups.list(all).items.find((one) => one.id === mappingGroupId);
    const isShown = group?.luns.some((one) => one.volume.id === volume.id && one.lun === lun) === true;
    return isConnected === isShown ? [] : [`attachment ${id} of ${volume.name} is ${stage}, and its LUN is ${isShown ? '' : 'not '}there`];
  });
