/** How a simulated array is set up. */
import type { ArraySettings } from './asking.ts';
import { OVER_SUBSCRIPTION } from './assumed.ts';
import type { QsanFault, QsanRequest } from './faults.ts';
import { idOf, type QsanSimPool, type QsanSimState } from './state.ts';

/** A pool of a simulated array. */
export interface QsanPoolOptions {
  readonly name: string;
  /** Default: 10 TiB, as in the source's example. */
  readonly totalBytes?: number;
  /** What is taken already. Default: 0. */
  readonly takenBytes?: number;
  /** Default: `healthy`. */
  readonly status?: QsanSimPool['status'];
}

/** How a simulated array is set up. */
export interface QsanArrayOptions {
  /** Default: `127.0.0.1`. */
  readonly host?: string;
  /** Default: 0, one that is free. */
  readonly port?: number;
  /** Default: `admin`. */
  readonly username?: string;
  /** Default: one that is drawn when it starts, and kept in the `file`, if there is one. */
  readonly password?: string;
  /** Default: one, `Pool-1`. */
  readonly pools?: readonly QsanPoolOptions[];
  /** Addresses under which its targets are reached, without port. Default: `192.168.1.101` and `192.168.1.102` (S1-20). Nothing listens there. */
  readonly portals?: readonly string[];
  /** How long a token lasts. Default: 3600 (S1-2). */
  readonly tokenSeconds?: number;
  /** How many times as large as their pool thin volumes may be together. Default: 20. */
  readonly overSubscription?: number;
  /** Status of what was made. Default: 200, as in the source's examples; its table has 201 (S1-4). */
  readonly createdStatus?: 200 | 201;
  /** How long each request waits before it is done. Default: 0. */
  readonly latencyMs?: number | ((request: QsanRequest) => number);
  /** A fault that takes the place of the good end; faults by hand come first. `seededQsanFaults` draws some. */
  readonly faults?: (request: QsanRequest) => QsanFault | undefined;
  /**
   * Where what it holds is kept, as JSON, with its certificate and the password that it drew, all in clear; it is read at the start, in place of `pools`, and
   * written after each change. Its folder is created. Default: nowhere.
   */
  readonly file?: string;
}

const POOL_BYTES = 10 * 2 ** 40;
const DISKS = 8;

/** What the array holds when it starts. */
export const initialState = ({ pools = [{ name: 'Pool-1' }] }: QsanArrayOptions): QsanSimState => ({
  pools: pools.map(({ name, totalBytes = POOL_BYTES, takenBytes = 0, status = 'healthy' }, at) => ({
    id: idOf('pool', at),
    name,
    totalBytes,
    takenBytes,
    status,
    raidType: 'RAID6',
    diskCount: DISKS,
  })),
  volumes: [],
  snapshots: [],
  targets: [],
  sessions: [],
  made: { volumes: 0, snapshots: 0, targets: 0 },
});

/** What does not change while it runs. */
export const settingsOf = (options: QsanArrayOptions, { password, startedAtMs }: { readonly password: string; readonly startedAtMs: number }): ArraySettings => ({
  username: options.username ?? 'admin',
  password,
  portals: options.portals ?? ['192.168.1.101', '192.168.1.102'],
  tokenSeconds: options.tokenSeconds ?? 3600,
  overSubscription: options.overSubscription ?? OVER_SUBSCRIPTION,
  createdStatus: options.createdStatus ?? 200,
  system: {
    model: 'XCubeSAN XS5200',
    serialNumber: 'QSAN1234567890',
    version: '5.0.0',
    iqnPrefix: 'iqn.2004-08.com.qsan',
    hostname: 'qsan-storage-01',
    startedAtMs,
  },
});
