/**
 * A double of EventStoreDB for tests: a server that speaks its wire protocol and behaves as one of version 24, as far as a client can see. What it cannot show:
 * durability, elections and delayed replication, scavenging, `$maxAge`, projections, links.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import persistentService from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { accessOf } from './access.ts';
import { appending } from './appending.ts';
import { batchAppending } from './batchAppending.ts';
import { deleting, tombstoning } from './deleting.ts';
import { makeFaults, type Faults } from './faults.ts';
import { supporting } from './features.ts';
import { gossiping, type Member } from './gossip.ts';
import type { Ground } from './ground.ts';
import { eventLog, type EventLog } from './log.ts';
import { persistentSubscriptions } from './persistent.ts';
import { reading } from './reading.ts';
import { socketsFor } from './sockets.ts';

export type { Fault, Faults } from './faults.ts';
export type { Member } from './gossip.ts';
export { eventLog, jsonEvent, type EventLog } from './log.ts';
export { jsonOf, type Recorded } from './records.ts';

/** What a member of a cluster is. */
export type Role = 'leader' | 'follower' | 'read_only_replica';

export interface DoubleOptions {
  /** PEM. With `ca` it asks clients for certificates of that root. The root of its own certificate is `ca`, or the certificate itself. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca?: string; readonly root?: string };
  /** Names and passwords; absent: anybody may do anything. */
  readonly users?: Readonly<Record<string, string>>;
  /** Default: 1 MiB, as the server's. */
  readonly maxAppendBytes?: number;
  /** Shared by several doubles: a cluster whose replication takes no time. */
  readonly log?: EventLog;
  /** Default: leader. Asked at each call when it is a function. */
  readonly role?: Role | (() => Role);
  /** What gossip answers; default: itself, in its role. */
  readonly cluster?: () => readonly Member[];
  /** Servers before 23.10 do not say that a subscription caught up. Default: true. */
  readonly saysCaughtUp?: boolean;
  /** How many events of the server itself follow each append. Default: 0. */
  readonly systemEvents?: number;
  /** Default: 0, a port that the system chooses. */
  readonly port?: number;
}

export interface EventStoreDbDouble {
  readonly connectionString: string;
  readonly address: { readonly host: string; readonly port: number };
  readonly log: EventLog;
  /** The names of the calls that were taken, in order. */
  readonly calls: readonly string[];
  readonly faults: Faults;
  /** Cuts the connections that are open now; new ones are taken. */
  readonly dropConnections: () => void;
  /** Ends it: connections are cut. */
  readonly stop: () => Promise<void>;
  /** Listens again on the same port, with the same log. Cuts the connections of before. */
  readonly restart: () => Promise<void>;
}

const HOST = '127.0.0.1';
const MEBIBYTE = 1_048_576;

const credentialsOf = (tls: DoubleOptions['tls']): ServerCredentials =>
  tls === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(
        tls.ca === undefined ? null : Buffer.from(tls.ca),
        [{ private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) }],
        tls.ca !== undefined,
      );

/** Clients read the root from a file. */
const rootFile = (tls: NonNullable<DoubleOptions['tls']>): { readonly path: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'esdb-double-'));
  const path = join(folder, 'root.pem');
  writeFileSync(path, tls.root ?? tls.ca ?? tls.cert);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

const serverOf = (ground: Ground, members: () => readonly Member[]): Server => {
  const server = new Server({ 'grpc.max_receive_message_length': 17 * MEBIBYTE });
  server.addService(streamsService.StreamsService, {
    read: reading(ground),
    append: appending(ground),
    batchAppend: batchAppending(ground),
    delete: deleting(ground),
    tombstone: tombstoning(ground),
  });
  server.addService(gossipService.GossipService, { read: gossiping(ground, members) });
  server.addService(featuresService.ServerFeaturesService, { getSupportedMethods: supporting(ground) });
  server.addService(persistentService.PersistentSubscriptionsService, persistentSubscriptions(ground));
  return server;
};

/** Starts a double on loopback. */
export const eventStoreDbDouble = async (options: DoubleOptions = {}): Promise<EventStoreDbDouble> => {
  const { tls, users, maxAppendBytes = MEBIBYTE, log = eventLog(), role = 'leader', saysCaughtUp = true, systemEvents = 0 } = options;
  const { faults, take } = makeFaults();
  const calls: string[] = [];
  const roleNow = (): Role => (typeof role === 'function' ? role() : role);
  const members = (): readonly Member[] => options.cluster?.() ?? [{ host: HOST, port: sockets.port(), state: roleNow() }];
  const ground: Ground = {
    log,
    maxAppendBytes,
    saysCaughtUp,
    systemEvents,
    note: (rpc) => void calls.push(rpc),
    takeFault: take,
    admit: accessOf({ users, role: roleNow, members }),
    cut: (peer) => sockets.cut(peer),
  };
  const sockets = socketsFor(serverOf(ground, members), credentialsOf(tls));
  await sockets.open(options.port ?? 0);
  const root = tls === undefined ? undefined : rootFile(tls);
  const settings = root === undefined ? 'tls=false' : `tls=true&tlsCAFile=${encodeURIComponent(root.path)}`;
  let listens = true;
  const close = async (): Promise<void> => {
    if (listens) await sockets.close();
    listens = false;
  };
  return {
    connectionString: `esdb://${HOST}:${sockets.port()}?${settings}`,
    address: { host: HOST, port: sockets.port() },
    log,
    calls,
    faults,
    dropConnections: () => sockets.cutAll(),
    stop: async () => {
      await close();
      root?.remove();
    },
    restart: async () => {
      await close();
      await sockets.open();
      listens = true;
    },
  };
};
