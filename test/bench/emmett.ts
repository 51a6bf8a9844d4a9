/** The peer of the embedded store, whose package only `npm run bench` installs. */
import type { NewEvent } from '@blockledger/domain';
import { peer, versionOf } from './frame/peers.ts';

/** What is appended: what its columns and its metadata take of an event of ours. */
export interface PeerEvent {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}

export interface Emmett {
  /** Appends to a stream that has so many events; fulfilled when its transaction is committed. */
  readonly append: (stream: string, has: number, events: readonly PeerEvent[]) => Promise<void>;
  /** Events of a stream, turned into objects. */
  readonly read: (stream: string) => Promise<readonly unknown[]>;
  /** Reads the log in batches of so many; the number of events. */
  readonly replay: (batchSize: number) => Promise<number>;
  /** Many appends in one transaction, to fill a log. */
  readonly fill: (streams: Iterable<readonly [stream: string, events: readonly PeerEvent[]]>) => Promise<void>;
  readonly close: () => void;
}

export const EMMETT = 'emmett-sqlite';
export const emmettVersion = (): string => versionOf('@event-driven-io/emmett-sqlite');

/** An event of ours: the peer has no columns for what stands beside its data, so that it is metadata there. */
export const asPeers = ({ eventId, type, schemaVersion, data, meta }: NewEvent): PeerEvent => ({ type, data: { ...data }, metadata: { messageId: eventId, schemaVersion, ...meta } });

/** Opens a file, arranged as `peers/emmett.ts` says. */
export const openEmmett = async (path: string): Promise<Emmett> => (await peer<{ readonly openEmmett: (path: string) => Promise<Emmett> }>('emmett')).openEmmett(path);
