/** The six calls over attachments. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { uuidIds } from '../../system/ids.ts';
import type { Attachment, AttachmentRef, KnownConnector } from '../attachments.ts';
import { none } from '../driver/none.ts';
import { cinderError, type Asked, type CinderError } from '../errors.ts';
import { connectionOf, validConnector } from '../exports.ts';
import { callConnectionInfo } from '../formats/connectionInfo.ts';
import type { CinderVolume } from '../objects.ts';
import { ifThere, volumeOf, type World } from '../world.ts';
import type { SixCalls, WhichAttachment } from './contract.ts';
import { toAttach, toConnect, toDetach } from './picking.ts';

/** Refusals of a volume that does not stand as the call needs. */
const NOT_AVAILABLE: ReadonlySet<string> = new Set(['VolumeIsAttached', 'VolumeIsMapped', 'VolumeIsBusy', 'VolumeIsNotReady', 'VolumeIsPassive', 'MappingNeedsShared', 'AttachmentIsLeaving', 'AttachmentIsNotConnected', 'AttachmentNotFound']);

/** Nova is told that the volume is not available by `InvalidVolume` (S4-2). */
const asInvalid = (error: CinderError): CinderError => (NOT_AVAILABLE.has(error.code) ? cinderError('InvalidVolume', error.code, error.message) : error);

/** The volume, what is attached to it, and the attachment that is meant. */
const picked = (world: World, volume: CinderVolume, pick: (all: readonly Attachment[]) => Asked<Attachment>) =>
  pipe(
    TE.Do,
    TE.bind('found', () => volumeOf(world, volume)),
    TE.bind('all', ({ found }) => world.attachments.list(found.uuid)),
    TE.bind('one', ({ all }) => pick(all)),
    TE.map(({ found, one }) => ({ one, ref: { volume: found.uuid, id: one.id } })),
  );

/** So many who reserved at once may each find that another one was quicker. */
const MOST_TRIES = 256;

interface Connecting {
  readonly known: KnownConnector;
  readonly which: WhichAttachment;
}

/** Connects the attachment that is meant. Where it is only one of several that are reserved, another caller may have taken it just now: then it is the next one. */
const connectOne = (world: World, volume: CinderVolume, connecting: Connecting, tries: number): Asked<{ readonly ref: AttachmentRef }> => {
  const { known, which } = connecting;
  return pipe(
    picked(world, volume, (all) => toConnect(all, known.initiator, which)),
    TE.chain(({ ref }) =>
      pipe(
        world.attachments.connect(ref, known),
        TE.map(() => ({ ref })),
      ),
    ),
    TE.orElse((error) => (error.code === 'AttachmentIsConnected' && which.attachment_id === undefined && tries > 1 ? connectOne(world, volume, connecting, tries - 1) : TE.left(error))),
  );
};

const attachCalls = (world: World): Pick<SixCalls, 'reserve_volume' | 'initialize_connection' | 'attach'> => {
  const { attachments } = world;
  return {
    reserve_volume: (volume, { attachment_id: id = uuidIds.fresh(), mode = 'rw' } = {}) =>
      pipe(
        volumeOf(world, volume),
        TE.chain(({ uuid }) => attachments.reserve({ volume: uuid, id }, { shared: volume.multiattach === true, mode })),
        TE.bimap(asInvalid, () => id),
      )(),
    initialize_connection: (volume, connector, which = {}) =>
      pipe(
        TE.Do,
        TE.bind('known', () => validConnector(connector)),
        TE.bind('own', ({ known }) => connectOne(world, volume, { known, which }, MOST_TRIES)),
        TE.bind('connection', ({ own }) => connectionOf(attachments, own.ref, volume.id)),
        TE.bimap(asInvalid, ({ connection, known }) => callConnectionInfo(connection, known.multipath)),
      )(),
    attach: (volume, { instance_uuid: instanceId, host_name: hostName, mount_point: mountPoint, mode, ...which }) =>
      pipe(
        picked(world, volume, (all) => toAttach(all, hostName, which)),
        TE.chainFirst(({ ref }) => attachments.complete(ref, { instanceId, hostName, mountPoint, mode })),
        TE.bimap(asInvalid, ({ ref }) => ref.id),
      )(),
  };
};

const detachCalls = (world: World): Pick<SixCalls, 'begin_detaching' | 'terminate_connection' | 'detach'> => {
  const { attachments } = world;
  return {
    begin_detaching: (volume, which = {}) =>
      none(
        pipe(
          picked(world, volume, (all) => toDetach(all, which)),
          TE.chain(({ ref }) => attachments.beginDetach(ref)),
          TE.mapLeft(asInvalid),
        ),
      ),
    terminate_connection: (volume, connector, { force = false } = {}) =>
      none(
        ifThere(world, volume, ({ uuid }) =>
          connector === null
            ? attachments.disconnect({ volume: uuid, id: null }, true)
            : pipe(
                TE.Do,
                TE.bind('known', () => validConnector(connector)),
                TE.bind('all', () => attachments.list(uuid)),
                TE.map(({ all, known }) => all.filter(({ initiator }) => initiator === known.initiator)),
                TE.chain(TE.traverseSeqArray(({ id }) => attachments.disconnect({ volume: uuid, id }, force))),
              ),
        ),
      ),
    detach: (volume, attachmentId) =>
      none(
        ifThere(world, volume, ({ uuid }) =>
          pipe(
            attachments.list(uuid),
            TE.chain((all): Asked<unknown> => {
              const [only] = all;
              const meant = attachmentId === null ? only : all.find(({ id }) => id === attachmentId);
              if (meant === undefined) return TE.right(undefined);
              if (attachmentId === null && all.length > 1) return TE.left(cinderError('InvalidVolume', 'AttachmentIsNotNamed', 'the volume is attached several times: say which by attachment_id'));
              return attachments.release({ volume: uuid, id: meant.id }, false);
            }),
          ),
        ),
      ),
  };
};

/** The calls in their world. */
export const callsIn = (world: World): SixCalls => ({ ...attachCalls(world), ...detachCalls(world) });
