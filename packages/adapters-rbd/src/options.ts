/** How a backend of this kind is set up. */
import type { BackendIdentity, ProcessRunner } from '@blockledger/domain';
import type { Connection } from './librados/calls.ts';

/** Options of `rbdBackend`. Times are in milliseconds. */
export interface RbdOptions {
  /** Path of the cluster's `ceph.conf`. Default: what `rbd` finds by itself. */
  readonly conf?: string;
  /** The Ceph user, such as `client.blockledger`. Default: `client.admin`. */
  readonly name?: string;
  /** Path of the user's keyring; a path is all that is ever known of the secret here. */
  readonly keyring?: string;
  /** Whose words to speak. Default: `upstream`. */
  readonly dialect?: 'upstream' | 'xsky';
  /** After so long the cluster forgets a client that died (`osd_client_watch_timeout`). Default: 30 000. */
  readonly watchTimeoutMs?: number;
  /** How long a connection to the monitors may take. Default: 30 000. */
  readonly connectTimeoutMs?: number;
  /** How long one operation of an OSD may take. Default: 2.5 watch timeouts; never less than 2. */
  readonly osdTimeoutMs?: number;
  /** A child that writes nothing for so long is killed. Default: 4 watch timeouts; never less than the OSD timeout. */
  readonly idleTimeoutMs?: number;
  /** How long it stays proved that this is the right cluster, and that an image is ours. Default: 60 000. */
  readonly proofMs?: number;
  /** How many processes run at once. Default: 8. */
  readonly maxProcesses?: number;
  /**
   * How the cluster is reached. `cli`, the default: a program for each call. `librados`: librbd and librados, called through the package `koffi`
   * in a worker process, over one connection; only where `dialect` is `upstream`. What they cannot be asked is asked by programs still.
   */
  readonly transport?: 'cli' | 'librados';
  /** How many calls of librbd are under way at once, with the transport `librados`. Default: 16. */
  readonly maxOperations?: number;
  /** Whether allocated space is measured after what changes it. Default: as the dialect does. A 512 TiB image takes minutes. */
  readonly measureUsage?: boolean;
  /**
   * For so long after this process died, or a call's outcome became unknown, its effect may still land. Default: 1 000 where children die
   * with this process (`setpriv` is installed), else the watch timeout.
   */
  readonly lateEffectsMs?: number;
  /** What each pool must be; any other cluster or pool id stops destructive work. Default: what the pool was when first seen. */
  readonly expected?: Readonly<Record<string, BackendIdentity>>;
  /** Runs the programs. Default: as child processes. The simulator is another. */
  readonly run?: ProcessRunner;
  /** Milliseconds since 1970, for the ages of proofs. */
  readonly nowMs?: () => number;
}

/** Options with nothing left open. */
export interface Settings {
  readonly globals: Readonly<Record<'rbd' | 'rados' | 'ceph' | 'ceph-conf', readonly string[]>>;
  readonly watchTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly proofMs: number;
  readonly maxProcesses: number;
  readonly maxOperations: number;
  /** Little patience: see `hasty`. */
  readonly hasty: boolean;
  /** For librados, which is told once. */
  readonly connection: Connection;
}

const seconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1000)));

/** How long the programs wait, in ms. */
interface Patience {
  readonly connectMs: number;
  readonly osdMs: number;
}

/** The options that name the cluster and the user, and those that say how long to wait, for each program. */
const globalsOf = ({ conf, name, keyring }: RbdOptions, { connectMs, osdMs }: Patience): Settings['globals'] => {
  const who = [
    ...(conf === undefined ? [] : ['--conf', conf]),
    ...(name === undefined ? [] : ['--name', name]),
    ...(keyring === undefined ? [] : ['--keyring', keyring]),
  ];
  const connect = seconds(connectMs);
  const patience = ['--client-mount-timeout', connect, '--rados-mon-op-timeout', connect, '--rados-osd-op-timeout', seconds(osdMs)];
  return { 'rbd': [...who, ...patience], 'rados': [...who, ...patience], 'ceph': [...who, '--connect-timeout', connect], 'ceph-conf': who };
};

/** Fills in the defaults. A timeout below twice the watch timeout would give up just before a dead client is forgotten, so none is. */
export function settle(options: RbdOptions): Settings {
  const watchTimeoutMs = options.watchTimeoutMs ?? 30_000;
  const osdTimeoutMs = Math.max(options.osdTimeoutMs ?? 2.5 * watchTimeoutMs, 2 * watchTimeoutMs);
  const connectMs = options.connectTimeoutMs ?? 30_000;
  return {
    globals: globalsOf(options, { connectMs, osdMs: osdTimeoutMs }),
    connection: {
      conf: options.conf,
      name: options.name ?? 'client.admin',
      keyring: options.keyring,
      connectSeconds: seconds(connectMs),
      osdSeconds: seconds(osdTimeoutMs),
    },
    watchTimeoutMs,
    idleTimeoutMs: Math.max(options.idleTimeoutMs ?? 4 * watchTimeoutMs, osdTimeoutMs),
    proofMs: options.proofMs ?? 60_000,
    maxProcesses: options.maxProcesses ?? 8,
    maxOperations: options.maxOperations ?? 16,
    hasty: false,
  };
}

/**
 * A person waits for a diagnosis, and it works on nothing that a dead client could hold. A cluster that is slow says so well before the end of
 * a child's time: one that is still silent then waits for what will not come.
 */
const HASTE: Patience = { connectMs: 5_000, osdMs: 8_000 };
const HASTY_IDLE_MS = 20_000;

/** The same settings with little patience, for a diagnosis, and for a look at an image that may open for ever. */
export const hasty = (options: RbdOptions, settings: Settings): Settings => {
  const idleTimeoutMs = Math.min(HASTY_IDLE_MS, settings.idleTimeoutMs);
  return { ...settings, hasty: true, globals: globalsOf(options, { ...HASTE, osdMs: Math.min(HASTE.osdMs, idleTimeoutMs / 2) }), idleTimeoutMs };
};
