/** Reading attachments, and telling a host where it finds its volume. */
import { refuseVolume, wantedTargets, type AccessPathFields, type AttachmentConnection, type Refusal, type VolumeFields } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { attachmentsReading } from '../queries/attachments.ts';
import type { ConnectionInfo, ConnectionTarget } from '../queries/attachmentViews.ts';
import { hostLink, type Lookup } from '../queries/kinds/lookup.ts';
import type { Indexes, Resolve } from '../queries/kinds/kind.ts';
import type { Attachments } from './attachmentFace.ts';
import type { Engine } from './parts.ts';
import { notFound, refuseEngine } from './refusals.ts';

export interface AttachmentParts {
  readonly engine: Pick<Engine, 'secrets'>;
  readonly resolve: Resolve;
  readonly indexes: Indexes;
  readonly lookup: Lookup;
}

const SERVED: ReadonlySet<string> = new Set(['connected', 'attached', 'detaching']);

/** The targets that show the volume to the initiator, on hosts that serve; those that can be reached come first. */
const targetsFor = (path: AccessPathFields, volumeId: string, { clients }: AttachmentConnection, lookup: Lookup): readonly ConnectionTarget[] =>
  path.hosts
    .filter(({ off }) => !off)
    .flatMap((host) =>
      wantedTargets(path, host).flatMap(({ ref, config }): readonly ConnectionTarget[] => {
        const lun = config.luns.find(({ volume }) => volume.volumeId === volumeId)?.lun;
        const isLetIn = config.clients.some((client) => clients.includes(client.code) && lun !== undefined && client.luns.includes(lun));
        return lun === undefined || !isLetIn ? [] : [{ host: hostLink(lookup, host.hostId), iqn: ref.iqn, portals: host.portalChoice === 'fixed' ? host.ownPortals : config.portals, lun, reachable: host.unreachable === null }];
      }),
    )
    .toSorted((a, b) => Number(b.reachable) - Number(a.reachable));

const chapOf = async ({ secrets }: Pick<Engine, 'secrets'>, { chap }: AccessPathFields): Promise<E.Either<Refusal, ConnectionInfo['chap']>> => {
  if (chap === null) return E.right(null);
  const found = await secrets.get(chap.secretRef)();
  if (E.isLeft(found)) return E.left(refuseEngine('SecretStoreUnavailable', found.left.message));
  return found.right === undefined ? E.left(refuseEngine('SecretStoreUnavailable', 'the secret store does not have the secret of the account: set it again')) : E.right({ user: chap.user, secret: found.right });
};

const connectionOf = (volume: VolumeFields, id: string): E.Either<Refusal, AttachmentConnection> => {
  const attachment = Object.hasOwn(volume.attachments, id) ? volume.attachments[id] : undefined;
  if (attachment === undefined) return E.left(refuseVolume('AttachmentNotFound', `volume "${volume.name}" has no attachment ${id}`, { value: id }));
  const { stage, connection } = attachment;
  return connection === null || !SERVED.has(stage) ? E.left(refuseVolume('AttachmentIsNotConnected', `attachment ${id} is ${stage}`, { value: stage })) : E.right(connection);
};

/** Attachments of what may be seen. */
export const makeAttachments = ({ engine, ...over }: AttachmentParts): Attachments => {
  const { resolve, indexes, lookup } = over;
  return {
    ...attachmentsReading(over),
    connectionInfo: async (ref, id) => {
      const volumeId = resolve.volume(ref);
      const volume = volumeId === undefined || indexes.volume.tenantOf(volumeId) === undefined ? null : (lookup.volumeState(volumeId)?.volume ?? null);
      if (volume === null) return E.left(notFound('volume', ref));
      const connection = connectionOf(volume, id);
      if (E.isLeft(connection)) return connection;
      const { wish, lun } = connection.right;
      const path = lookup.accessPathState(wish.accessPathId)?.path ?? null;
      if (path === null) return E.left(notFound('accessPath', wish.accessPathId));
      const chap = await chapOf(engine, path);
      if (E.isLeft(chap)) return chap;
      return E.right({
        volumeId: volume.volumeId,
        attachmentId: id,
        accessType: path.accessType,
        mode: volume.attachments[id]?.mode ?? 'rw',
        multipath: wish.connector.multipath,
        serial: volume.serial,
        lun: lun ?? 0,
        targets: targetsFor(path, volume.volumeId, connection.right, lookup),
        chap: chap.right,
      });
    },
  };
};
