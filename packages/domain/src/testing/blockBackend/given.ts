/** What the tests of the `BlockBackend` contract are given, and the words in which they speak. */
import type { Either } from 'fp-ts/lib/Either.js';
import type { SerialNumber, SnapshotId, VolumeId } from '../../kernel/ids.ts';
import type { PortError } from '../../kernel/portError.ts';
import { MIB, type Bytes } from '../../kernel/quantities.ts';
import type {
  ActionOf,
  BackendAction,
  BackendResult,
  BlockBackend,
  CallContext,
  Placement,
  Progress,
  Qos,
  SeenVolume,
  VolumeIdentity,
  VolumeRef,
} from '../../ports/blockBackend.ts';

/** A backend to test. What is optional is tested only where it is given. */
export interface BackendUnderTest {
  readonly backend: BlockBackend;
  /** A replicated pool. */
  readonly placement: Placement;
  /** Another pool of the same backend, for clones across pools and for moving. */
  readonly otherPlacement?: Placement;
  /** A pool whose data is erasure coded. */
  readonly erasure?: Placement;
  /** Writes a text at the beginning of a volume, as a host does. Needed, with `read`, for the tests of content. */
  readonly write?: (volume: VolumeRef, text: string) => Promise<void>;
  /** Reads that text back, as a host does. */
  readonly read?: (volume: VolumeRef) => Promise<string>;
  /** A host opens a volume; the result closes it. Needed for the tests of volumes in use. */
  readonly open?: (volume: VolumeRef) => Promise<() => Promise<void>>;
  /** Makes an object that is nobody's, for the tests of adoption. */
  readonly makeForeign?: (placement: Placement, name: string, sizeBytes: number) => Promise<void>;
  /** Whether removing a volume is work that tells how far it is. */
  readonly tellsProgress?: boolean;
  /** Frees everything; called after each test. */
  readonly dispose: () => Promise<void>;
}

/** Registers one test. */
export type RegisterBackendTest = (name: string, run: () => Promise<void>) => void;

/** What one test works with: the backend, two volumes' worth of names, and short forms of what is asked. */
export interface Scene extends BackendUnderTest {
  readonly volume: VolumeRef;
  /** A second volume, for clones. */
  readonly clone: VolumeRef;
  readonly context: CallContext;
  /** The context of another installation, which knows the same names. */
  readonly stranger: CallContext;
  readonly progress: readonly Progress[];
  readonly perform: (action: BackendAction, context?: CallContext) => Promise<Either<PortError, BackendResult>>;
  /** The answer of an action that must succeed. */
  readonly done: (action: BackendAction, context?: CallContext) => Promise<BackendResult>;
  /** The volume as it is seen, which must be there. */
  readonly seen: (volume: VolumeRef) => Promise<SeenVolume>;
  readonly snapshot: (index: number) => SnapshotId;
}

export type OnScene = (name: string, run: (scene: Scene) => Promise<void>) => void;

export const SIZE = (64 * MIB) as Bytes;
export const LARGER = (128 * MIB) as Bytes;

export const noQos: Qos = { enabled: false, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 };

/** Four numbers that are all different, so that a wrong row in a table of keys shows. */
export const someQos: Qos = { enabled: true, maxBytesPerSecond: 1_048_576_000, burstBytesPerSecond: 2_097_152_000, maxIops: 100_000, burstIops: 200_000 };

const hex = (digits: number): string => Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('');
const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;

const freshRef = (placement: Placement): VolumeRef => ({ placement, volumeId: uuid() as VolumeId, serial: hex(16) as SerialNumber });

/** Makes the scene of one test on a backend: names that no other test has. */
export function sceneOn(given: BackendUnderTest): Scene {
  const progress: Progress[] = [];
  const never = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  const context = { signal: never, onProgress: (step: Progress) => void progress.push(step), installationId: `installation-${hex(8)}` };
  const snapshots = new Map<number, SnapshotId>();
  const perform: Scene['perform'] = (action, asked = context) => given.backend.perform(action, asked)();
  return {
    ...given,
    volume: freshRef(given.placement),
    clone: freshRef(given.placement),
    context,
    stranger: { ...context, installationId: `${context.installationId}-other` },
    progress,
    perform,
    done: async (action, asked) => succeeded(await perform(action, asked), action.do),
    seen: async (volume) => {
      const seen = succeeded(await given.backend.see(volume, context, [...snapshots.values()])(), 'see');
      if (seen === undefined) throw new Error(`volume ${volume.volumeId} is not there`);
      return seen;
    },
    snapshot: (index) => {
      const id = snapshots.get(index) ?? (uuid() as SnapshotId);
      snapshots.set(index, id);
      return id;
    },
  };
}

export const identityOf = ({ volumeId, serial }: VolumeRef, more: Partial<VolumeIdentity> = {}): VolumeIdentity => ({
  volumeId,
  serial,
  name: 'accounts',
  tenant: 'default',
  generation: 'v3',
  hidden: false,
  ...more,
});

/** The action that makes a volume; what is not said is plain. */
export const making = (volume: VolumeRef, more: Partial<ActionOf<'ensureVolume'>> = {}): ActionOf<'ensureVolume'> => ({
  do: 'ensureVolume',
  volume,
  identity: identityOf(volume),
  sizeBytes: SIZE,
  qos: noQos,
  performancePriority: false,
  parent: null,
  ...more,
});

/** The action that makes a linked clone. */
export const cloning = (volume: VolumeRef, parent: VolumeRef, snapshotId: SnapshotId): ActionOf<'ensureVolume'> =>
  making(volume, { parent: { volume: parent, snapshotId }, identity: identityOf(volume, { parentSnapshotId: snapshotId, parentVolumeId: parent.volumeId }) });

export const snapping = (volume: VolumeRef, snapshotId: SnapshotId, name = 'before the upgrade', internal = false): ActionOf<'ensureSnapshot'> => ({
  do: 'ensureSnapshot',
  volume,
  snapshotId,
  name,
  internal,
});

export const removing = (volume: VolumeRef, ...snapshots: readonly SnapshotId[]): ActionOf<'ensureVolumeGone'> => ({
  do: 'ensureVolumeGone',
  volume,
  snapshots,
  trashed: false,
});

const show = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 600);

/** Fails with `what` unless the condition holds. */
export function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** Fails unless the two are equal as JSON. */
export const same = (actual: unknown, wanted: unknown, what: string): void =>
  check(JSON.stringify(actual) === JSON.stringify(wanted), `${what}: got ${show(actual)}, wanted ${show(wanted)}`);

/** The value of an answer that must be a success. */
export function succeeded<A>(answer: Either<PortError, A>, what: string): A {
  if (answer._tag === 'Left') throw new Error(`${what}: failed with ${show(answer.left)}`);
  return answer.right;
}

/** The error of an answer that must be a failure of this kind. */
export function failed<T extends PortError['_tag']>(answer: Either<PortError, unknown>, tag: T, what: string): Extract<PortError, { readonly _tag: T }> {
  if (answer._tag === 'Right') throw new Error(`${what}: wanted ${tag}, but it succeeded with ${show(answer.right)}`);
  const error = answer.left;
  if (error._tag !== tag) throw new Error(`${what}: wanted ${tag}, got ${show(error)}`);
  return error as Extract<PortError, { readonly _tag: T }>;
}
