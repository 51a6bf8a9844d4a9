/** Attachments over REST: each of their steps is one operation there. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AttachmentBody, ConnectionInfoBody } from '../api/bodies/attachment.ts';
import type { Attachment, AttachmentRef, Attachments } from './attachments.ts';
import { cinderError, type Asked, type CinderError } from './errors.ts';
import type { Connection, IscsiPath } from './formats/connectionInfo.ts';
import { ask, change, endOf, type Service } from './storage/service.ts';
import { accessPathOf } from './world.ts';

const attachmentOf = ({ uuid: id, stage, mode, host, instance, connector }: AttachmentBody): Attachment => ({
  id,
  stage,
  mode,
  initiator: connector?.initiator ?? null,
  hostName: host ?? connector?.host ?? null,
  instanceId: instance,
});

const isSamePath = (one: IscsiPath, other: IscsiPath): boolean =>
  one.iqn === other.iqn && one.lun === other.lun && one.portal.ip === other.portal.ip && one.portal.port === other.portal.port;

/** Every portal of every host that can be reached; of all hosts where none can. A virtual IP is a portal of several hosts, and one path. */
const pathsOf = ({ targets }: ConnectionInfoBody): readonly IscsiPath[] => {
  const reachable = targets.filter((target) => target.reachable);
  const paths = (reachable.length === 0 ? targets : reachable).flatMap(({ iqn, portals, lun_id: lun }) => portals.map((portal) => ({ iqn, portal, lun })));
  return paths.filter((path, at) => paths.findIndex((other) => isSamePath(path, other)) === at);
};

const connectionOf = (info: ConnectionInfoBody): E.Either<CinderError, Omit<Connection, 'volumeId'>> => {
  const [first, ...others] = pathsOf(info);
  if (first === undefined) return E.left(cinderError('VolumeBackendAPIException', 'NoPortals', 'no host of the access path has a portal by which initiators come in'));
  const { tname: username, tsecret: password, mode } = info;
  return E.right({ paths: [first, ...others], chap: username === null || password === null ? null : { username, password }, mode });
};

/** What is gone needs no end (I-22). */
const unlessGone = (asked: Asked<unknown>): Asked<unknown> =>
  pipe(
    asked,
    TE.orElse((error): Asked<unknown> => (error.code === 'AttachmentNotFound' || error.code === 'VolumeNotFound' ? TE.right(undefined) : TE.left(error))),
  );

/** Waits for what another call began and did not see the end of: asking for it again is answered at once. */
const endOfWork = (service: Service, ref: AttachmentRef): Asked<unknown> =>
  pipe(
    ask(() => service.client.getAttachment(pathTo(ref))),
    TE.chain(({ attachment: { stage, task } }): Asked<unknown> => (task !== null && (stage === 'connecting' || stage === 'disconnecting') ? endOf(service, task) : TE.right(undefined))),
  );

/**
 * By force where that can be seen to fence. Elsewhere what the storage has is all there is: no initiator is let in any more, and the LUN is gone
 * (S1-35). Whoever would rather have a stuck volume than an initiator that nobody saw leaving asks for fencing (I-21).
 */
const fencing =
  (isRequired: boolean) =>
  (force: boolean, act: (force: boolean) => Asked<unknown>): Asked<unknown> =>
    pipe(
      act(force),
      TE.orElse((error): Asked<unknown> => (force && !isRequired && error.code === 'CapabilityIsMissing' ? act(false) : TE.left(error))),
    );

const pathTo = ({ volume, id: attachment }: AttachmentRef) => ({ path: { volume, attachment } });

/** Whose attachments, by which access path, and whether a force detach must be seen to fence. */
interface Place {
  readonly service: Service;
  readonly accessPathName: string;
  readonly requireFencing: boolean;
}

/** The attachments of a service's volumes, by one access path of it. */
export const restAttachments = (place: Place): Attachments => {
  const { service } = place;
  const byForce = fencing(place.requireFencing);
  const { client } = service;
  return {
    list: (volume) =>
      pipe(
        ask(() => client.listAttachments({ path: { volume } })),
        TE.map(({ attachments }) => attachments.map(attachmentOf)),
      ),
    reserve: ({ volume, id: uuid }, { shared, mode }) => change(service, (waiting) => client.createAttachment({ path: { volume }, body: { attachment: { uuid, shared, mode } }, ...waiting })),
    attach: (ref, { shared, mode }, { initiator, host, multipath }) =>
      pipe(
        accessPathOf(place),
        TE.chain((accessPath) => {
          const attachment = { uuid: ref.id, shared, mode, host, access_path_id: accessPath, connector: { initiator, host, multipath } };
          return change(service, (waiting) => client.createAttachment({ path: { volume: ref.volume }, body: { attachment }, ...waiting }));
        }),
        TE.chain(() => endOfWork(service, ref)),
      ),
    connect: (ref, { initiator, host, multipath }) =>
      pipe(
        accessPathOf(place),
        TE.chain((accessPath) => change(service, (waiting) => client.connectAttachment({ ...pathTo(ref), body: { connection: { access_path_id: accessPath, connector: { initiator, host, multipath } } }, ...waiting }))),
        TE.chain(() => endOfWork(service, ref)),
      ),
    connection: (ref) =>
      pipe(
        ask(() => client.getConnectionInfo(pathTo(ref))),
        TE.chainEitherK(({ connection_info: info }) => connectionOf(info)),
      ),
    complete: (ref, { instanceId: instance, hostName: host, mountPoint, mode }) =>
      change(service, (waiting) => client.completeAttachment({ ...pathTo(ref), body: { attachment: { instance, host, mount_point: mountPoint, ...(mode === null ? {} : { mode }) } }, ...waiting })),
    beginDetach: (ref) => change(service, (waiting) => client.beginDetaching({ ...pathTo(ref), ...waiting })),
    disconnect: ({ volume, id }, force) =>
      unlessGone(
        byForce(force, (force) =>
          id === null
            ? change(service, (waiting) => client.disconnectAttachments({ path: { volume }, query: { force }, ...waiting }))
            : pipe(
                change(service, (waiting) => client.disconnectAttachment({ ...pathTo({ volume, id }), query: { force }, ...waiting })),
                TE.chain(() => endOfWork(service, { volume, id })),
              ),
        ),
      ),
    release: (ref, force) =>
      unlessGone(
        byForce(force, (force) =>
          pipe(
            change(service, (waiting) => client.deleteAttachment({ ...pathTo(ref), query: { force }, ...waiting })),
            TE.chain(() => endOfWork(service, ref)),
          ),
        ),
      ),
  };
};
