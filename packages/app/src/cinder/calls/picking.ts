/** Which attachment a call is about: the six calls name it only sometimes (S4-8). */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Attachment } from '../attachments.ts';
import { cinderError, type Asked } from '../errors.ts';
import { isLeaving } from '../exports.ts';
import type { WhichAttachment } from './contract.ts';

const invalid = (message: string): Asked<never> => TE.left(cinderError('InvalidVolume', 'AttachmentNotFound', message));

const named = (all: readonly Attachment[], id: string): Asked<Attachment> => {
  const found = all.find((one) => one.id === id);
  return found === undefined ? invalid(`the volume has no attachment ${id}`) : TE.right(found);
};

/** The one that is to be connected: the initiator's own, or one that was reserved and has no initiator yet. */
export const toConnect = (all: readonly Attachment[], initiator: string, { attachment_id: id }: WhichAttachment): Asked<Attachment> => {
  if (id !== undefined) return named(all, id);
  const staying = all.filter((one) => !isLeaving(one));
  const found = staying.find((one) => one.initiator === initiator) ?? staying.find((one) => one.initiator === null);
  return found === undefined ? invalid('the volume is not reserved for this: call reserve_volume first') : TE.right(found);
};

/** The one that is connected and not attached yet; the host's own where several are. A repeat finds the one that it attached. */
export const toAttach = (all: readonly Attachment[], hostName: string | null, { attachment_id: id }: WhichAttachment): Asked<Attachment> => {
  if (id !== undefined) return named(all, id);
  const connected = all.filter(({ stage }) => stage === 'connected');
  const found = connected.find((one) => one.hostName === hostName) ?? (connected.length === 1 ? connected[0] : undefined) ?? all.find((one) => one.stage === 'attached' && one.hostName === hostName);
  return found === undefined ? invalid(connected.length === 0 ? 'nobody is connected to the volume: call initialize_connection first' : 'several are connected to the volume: say which by attachment_id') : TE.right(found);
};

/** The one that is to be detached: the only one that is there. */
export const toDetach = (all: readonly Attachment[], { attachment_id: id }: WhichAttachment): Asked<Attachment> => {
  if (id !== undefined) return named(all, id);
  const [only, another] = all;
  if (only === undefined) return invalid('the volume is not attached');
  return another === undefined ? TE.right(only) : invalid('the volume is attached several times: say which by attachment_id');
};
