/** A simulated cluster with a clock that the test moves, the backend over it, and short names for what is asked of it. */
import { imageName, rbdBackend, snapshotName } from '@blockledger/adapters-rbd';
import { simulateRbd, type Simulator, type SimulatorOptions } from '@blockledger/adapters-rbd/simulator';
import { MIB, type ActionOf, type BackendAction, type BackendResult, type BlockBackend, type Bytes, type CallContext, type Clock, type PortError, type Qos, type SerialNumber, type SnapshotId, type VolumeId, type VolumeRef } from '@blockledger/domain';
import * as assert from 'uvu/assert';

export const POOL = 'vols';
export const SIZE = (64 * MIB) as Bytes;
export const LARGER = (128 * MIB) as Bytes;
export const NO_QOS: Qos = { enabled: false, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 };
export const QOS: Qos = { enabled: true, maxBytesPerSecond: 1_000, burstBytesPerSecond: 2_000, maxIops: 30, burstIops: 40 };

const uuid = (digit: string): string => `0b9d7a3e-0000-4000-8000-${digit.repeat(12)}`;

/** A volume whose id and serial number are one digit, repeated. */
export const volume = (digit: string): VolumeRef => ({
  placement: { backend: 'rbd', pool: POOL },
  volumeId: uuid(digit) as VolumeId,
  serial: digit.repeat(16) as SerialNumber,
});
export const snapshot = (digit: string): SnapshotId => uuid(digit) as SnapshotId;
export const imageOf = ({ volumeId }: VolumeRef): string => imageName(volumeId);
export const snapshotOf = (id: SnapshotId): string => snapshotName(id);

export const identity = ({ volumeId, serial }: VolumeRef): ActionOf<'ensureVolume'>['identity'] => ({
  volumeId,
  serial,
  name: 'accounts',
  tenant: 'default',
  generation: 'v3',
  hidden: false,
});

export const make = (of: VolumeRef, more: Partial<ActionOf<'ensureVolume'>> = {}): ActionOf<'ensureVolume'> => ({
  do: 'ensureVolume',
  volume: of,
  identity: identity(of),
  sizeBytes: SIZE,
  qos: NO_QOS,
  performancePriority: false,
  parent: null,
  ...more,
});
export const cloneOf = (of: VolumeRef, parent: VolumeRef, snapshotId: SnapshotId, more: Partial<ActionOf<'ensureVolume'>> = {}): ActionOf<'ensureVolume'> =>
  make(of, { parent: { volume: parent, snapshotId }, ...more });
export const snap = (of: VolumeRef, snapshotId: SnapshotId): ActionOf<'ensureSnapshot'> => ({ do: 'ensureSnapshot', volume: of, snapshotId, name: 'nightly', internal: false });
export const unsnap = (of: VolumeRef, snapshotId: SnapshotId): ActionOf<'ensureSnapshotGone'> => ({ do: 'ensureSnapshotGone', volume: of, snapshotId });
export const gone = (of: VolumeRef, ...snapshots: readonly SnapshotId[]): ActionOf<'ensureVolumeGone'> => ({ do: 'ensureVolumeGone', volume: of, snapshots, trashed: false });
export const back = (of: VolumeRef, snapshotId: SnapshotId): ActionOf<'rollBack'> => ({ do: 'rollBack', volume: of, snapshotId, backupSnapshotId: snapshotId });
export const resize = (of: VolumeRef, fromBytes: Bytes, toBytes: Bytes): ActionOf<'ensureSize'> => ({ do: 'ensureSize', volume: of, fromBytes, toBytes });

/** A clock that stands still until it is moved; who sleeps wakes when it has moved far enough. */
export interface MovableClock extends Clock {
  readonly advance: (ms: number) => Promise<void>;
}

/** Sleepers move the clock themselves when `selfMoving`: time passes exactly as long as somebody waits. */
function movableClock(selfMoving = true): MovableClock {
  let nowMs = 1_000_000;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const advance = async (ms: number): Promise<void> => {
    nowMs += ms;
    for (const sleeper of sleepers.filter(({ at }) => at <= nowMs)) {
      sleepers.splice(sleepers.indexOf(sleeper), 1);
      sleeper.wake();
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    nowMs: () => nowMs,
    sleep: (ms, signal) => {
      if (signal === undefined || !selfMoving) {
        return new Promise((wake) => {
          sleepers.push({ at: nowMs + ms, wake });
          signal?.addEventListener('abort', wake);
        });
      }
      nowMs += ms;
      return Promise.resolve();
    },
    advance,
  };
}

export interface RbdScene {
  readonly cluster: Simulator;
  readonly backend: BlockBackend;
  readonly clock: MovableClock;
  readonly context: CallContext;
  /** What each command line began with, since the last call of `said`. */
  readonly said: () => readonly string[];
  readonly done: (action: BackendAction) => Promise<BackendResult>;
  readonly fails: (action: BackendAction, tag: PortError['_tag'], code?: string) => Promise<PortError>;
  /** Repeats an action as a driver does, until it succeeds; fails after ten times. */
  readonly insist: (action: BackendAction) => Promise<BackendResult>;
}

/** Makes a scene. In real time the cluster takes the time that it says; else waiting moves the clock. */
export function rbdScene({ realTime = false, ...options }: SimulatorOptions & { readonly realTime?: boolean } = {}): RbdScene {
  const clock = movableClock();
  const cluster = simulateRbd(realTime ? options : { clock, ...options });
  const backend = rbdBackend({ run: cluster.run, dialect: options.dialect ?? 'upstream', nowMs: clock.nowMs });
  const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'here' };
  const perform = (action: BackendAction) => backend.perform(action, context)();
  let heard = 0;
  return {
    cluster,
    backend,
    clock,
    context,
    said: () => {
      const fresh = cluster.calls.slice(heard).map((argv) => argv.slice(0, 3).filter((word) => !word.includes('/') && !word.startsWith('--')).join(' '));
      heard = cluster.calls.length;
      return fresh;
    },
    done: async (action) => {
      const answer = await perform(action);
      if (answer._tag === 'Left') throw new Error(`${action.do}: ${JSON.stringify(answer.left)}`);
      return answer.right;
    },
    fails: async (action, tag, code) => {
      const answer = await perform(action);
      if (answer._tag === 'Right') throw new Error(`${action.do}: succeeded with ${JSON.stringify(answer.right)}`);
      assert.is(answer.left._tag, tag, JSON.stringify(answer.left));
      if (code !== undefined) assert.is(answer.left.code, code, JSON.stringify(answer.left));
      return answer.left;
    },
    insist: async (action) => {
      for (let tries = 0; tries < 10; tries += 1) {
        const answer = await perform(action);
        if (answer._tag === 'Right') return answer.right;
        if (answer.left._tag !== 'Retryable') throw new Error(`${action.do}: ${JSON.stringify(answer.left)}`);
        await clock.advance(answer.left.retryAfterMs ?? 1_000);
      }
      throw new Error(`${action.do}: not done after ten times`);
    },
  };
}

/** Says something to the cluster behind the backend's back, as another admin would. */
export const run = ({ cluster, context }: RbdScene, ...args: readonly string[]) => cluster.run({ argv: ['rbd', ...args], idleTimeoutMs: 1_000, signal: context.signal })();

/** A cluster that answers one verb with an exit code. */
export const answering = (verb: string, exitCode: number, stderr = ''): NonNullable<SimulatorOptions['faults']> => ({
  instead: (effect) => (effect.verb === verb ? { _tag: 'Says', exitCode, stderr } : undefined),
});
