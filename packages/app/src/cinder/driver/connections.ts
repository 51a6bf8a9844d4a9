/** The driver's calls about exports and connections (S1-32…S1-35, S1-39). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { connected, connectionOf, disconnectAll, disconnectInitiator, dropUnused, validConnector } from '../exports.ts';
import { connectionInfo, type Connection } from '../formats/connectionInfo.ts';
import { formatProviderAuth } from '../formats/providerAuth.ts';
import { formatProviderLocation, parseProviderLocation } from '../formats/providerLocation.ts';
import type { CinderVolume, Connector } from '../objects.ts';
import { ifThere, volumeOf, type World } from '../world.ts';
import type { CinderDriver, ExportUpdate } from './contract.ts';
import { none } from './none.ts';

/** Cinder keeps one target: the portals of the first path's, and its number there. `initialize_connection` tells all paths. */
const exportUpdate = ({ paths, chap }: Connection): ExportUpdate => {
  const [{ iqn, lun }] = paths;
  const portals = paths.filter((path) => path.iqn === iqn && path.lun === lun).map(({ portal }) => portal);
  return { provider_location: formatProviderLocation({ portals, iqn, lun }), provider_auth: formatProviderAuth(chap) };
};

type ConnectionCalls = Pick<CinderDriver, 'create_export' | 'remove_export' | 'ensure_export' | 'validate_connector' | 'initialize_connection' | 'terminate_connection'>;

/** The calls in their world. */
export const connectionCalls = (world: World): ConnectionCalls => {
  const { attachments } = world;
  /** The connector's own attachment, connected. */
  const reached = (volume: CinderVolume, connector: Connector) =>
    pipe(
      TE.Do,
      TE.bind('known', () => validConnector(connector)),
      TE.bind('found', () => volumeOf(world, volume)),
      TE.bind('own', ({ known, found }) => connected(attachments, found.uuid, known)),
      TE.bind('connection', ({ own }) => connectionOf(attachments, own, volume.id)),
    );
  return {
    create_export: (_context, volume, connector) =>
      pipe(
        reached(volume, connector),
        TE.map(({ connection }) => exportUpdate(connection)),
      )(),
    remove_export: (_context, volume) => {
      const told = volume.provider_location ?? '';
      // What stands there is known without it. But a text that is no location is not ours, and then nor is what it is about.
      const read = told === '' ? E.right(undefined) : parseProviderLocation(told);
      return none(E.isLeft(read) ? TE.left(read.left) : ifThere(world, volume, ({ uuid }) => dropUnused(attachments, uuid)));
    },
    ensure_export: () => Promise.resolve(E.right(null)),
    validate_connector: (connector) => none(validConnector(connector)),
    initialize_connection: (volume, connector) =>
      pipe(
        reached(volume, connector),
        TE.chainFirst(({ own, known }) => (own.isUsed ? TE.right(undefined) : attachments.complete(own, { instanceId: null, hostName: known.host, mountPoint: null, mode: null }))),
        TE.map(({ connection, known }) => connectionInfo(connection, known.multipath)),
      )(),
    terminate_connection: (volume, connector, { force = false } = {}) =>
      none(
        connector === null
          ? ifThere(world, volume, ({ uuid }) => disconnectAll(attachments, uuid))
          : pipe(
              validConnector(connector),
              TE.chain(({ initiator }) => ifThere(world, volume, ({ uuid }) => disconnectInitiator(attachments, uuid, { initiator, force }))),
            ),
      ),
  };
};
