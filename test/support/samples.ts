/** Sample facts, ids and histories for the domain's tests. */
import { GIB, MIB } from '@blockledger/domain';
import type {
  AccessPathId,
  Bytes,
  Capabilities,
  Connector,
  Placement,
  PoolFacts,
  PoolId,
  Qos,
  SecretRef,
  SerialNumber,
  SnapshotFacts,
  SnapshotId,
  SourceFacts,
  TimestampMs,
  TokenHash,
  TokenId,
  VolumeCommand,
  VolumeEvent,
  VolumeFacts,
  VolumeId,
  VolumeRef,
  WebhookDecisionFacts,
  WebhookId,
} from '@blockledger/domain';
import { metaOf, NOON, operation, uuid } from './decider.ts';

type Of<U extends { readonly type: string }, K extends U['type']> = Extract<U, { readonly type: K }>;

export const volumeIdOf = (n: number): VolumeId => uuid('a', n) as VolumeId;
export const snapshotIdOf = (n: number): SnapshotId => uuid('b', n) as SnapshotId;
export const poolIdOf = (n: number): PoolId => uuid('d', n) as PoolId;
export const tokenIdOf = (n: number): TokenId => uuid('f', n) as TokenId;
export const webhookIdOf = (n: number): WebhookId => uuid('e', n) as WebhookId;
export const secretRefOf = (n: number): SecretRef => `webhook/${n}/${'f'.repeat(43)}` as SecretRef;
export const tokenHashOf = (n: number): TokenHash => n.toString(16).padStart(64, '0') as TokenHash;
export const serialOf = (n: number): SerialNumber => n.toString(16).padStart(16, '0') as SerialNumber;
export const bytes = (n: number): Bytes => n as Bytes;
export const moment = (n: number): TimestampMs => n as TimestampMs;

export const volumeId = volumeIdOf(1);
export const snapshotId = snapshotIdOf(1);
export const poolId = poolIdOf(1);
export const placement: Placement = { backend: 'rbd', pool: 'vols' };
export const noQos: Qos = { enabled: false, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 };
/** The numbers of the source's create example (S0-13). */
export const exampleQos: Qos = { enabled: true, maxBytesPerSecond: 1_048_576_000, burstBytesPerSecond: 2_097_152_000, maxIops: 100_000, burstIops: 200_000 };

/** A backend that can do everything. */
export const able: Capabilities = {
  shrink: true,
  flatten: true,
  rollback: true,
  qos: true,
  performancePriority: true,
  clone: true,
  guardsParents: true,
  cloneAcrossPools: true,
  cloneFromGroupSnapshot: false,
  onlineExtend: true,
  migrate: true,
  liveMigration: false,
  trash: true,
  adopt: true,
  list: true,
  marks: true,
  erasurePools: true,
  generations: ['v2', 'v3', 'v3adv'],
  sizeGranularityBytes: MIB,
  maxSnapshots: 256,
};

/** What webhooks know: everything is allowed. */
export const webhookFacts = (changes: Partial<WebhookDecisionFacts> = {}): WebhookDecisionFacts => ({
  url: { protocol: 'https:', isLoopback: false, hasCredentials: false },
  plainHttpAllowed: false,
  secretBytes: 32,
  kinds: ['volume', 'snapshot', 'pool'],
  types: ['VolumeCreated', 'PoolPaused'],
  registered: 0,
  ...changes,
});

export const poolFacts = (changes: Partial<PoolFacts> = {}): PoolFacts => ({
  poolId,
  registered: true,
  health: 'online',
  poolType: 'replicated',
  placement,
  capabilities: able,
  ...changes,
});

/** A pool whose backend lacks something. */
export const unable = (changes: Partial<Capabilities>): VolumeFacts => ({ ...facts, pool: poolFacts({ capabilities: { ...able, ...changes } }) });

export const facts: VolumeFacts = { pool: poolFacts(), snapshot: null, source: null };
export const withPool = (changes: Partial<PoolFacts>): VolumeFacts => ({ ...facts, pool: poolFacts(changes) });

export const ref: VolumeRef = { placement, volumeId, serial: serialOf(1) };
const sourceRef: VolumeRef = { placement, volumeId: volumeIdOf(9), serial: serialOf(9) };

/** Facts for a clone of a 2 GiB snapshot of another volume. */
export const cloneFacts = (snapshot: Partial<SnapshotFacts> = {}, source: Partial<SourceFacts> = {}, pool: Partial<PoolFacts> = {}): VolumeFacts => ({
  pool: poolFacts(pool),
  snapshot: { snapshotId: snapshotIdOf(9), usable: true, volume: sourceRef, poolId, sizeBytes: 2 * GIB, groupSnapshotId: null, expiresAt: null, ...snapshot },
  source: { volumeId: volumeIdOf(9), generation: 'v3', poolType: 'replicated', depth: 0, ...source },
});

export const create = (changes: Partial<Of<VolumeCommand, 'CreateVolume'>> = {}): VolumeCommand => ({
  type: 'CreateVolume',
  volumeId,
  poolId,
  name: 'data',
  description: '',
  labels: {},
  serial: serialOf(1),
  hidden: false,
  sizeBytes: bytes(GIB),
  generation: 'v3',
  qos: noQos,
  performancePriority: false,
  snapshotId: null,
  flattened: false,
  ...changes,
});

export const clone = (changes: Partial<Of<VolumeCommand, 'CreateVolume'>> = {}): VolumeCommand =>
  create({ sizeBytes: null, generation: null, snapshotId: snapshotIdOf(9), ...changes });

const op = (n: number) => ({ operationId: operation(n), at: NOON });

export const requested = (changes: Partial<Of<VolumeEvent, 'VolumeRequested'>> = {}): VolumeEvent => ({
  type: 'VolumeRequested',
  ...op(1),
  volumeId,
  poolId,
  placement,
  poolType: 'replicated',
  name: 'data',
  description: '',
  labels: {},
  tenant: 'default',
  serial: serialOf(1),
  hidden: false,
  generation: 'v3',
  sizeBytes: bytes(GIB),
  qos: noQos,
  performancePriority: false,
  parent: null,
  flattened: false,
  depth: 0,
  ...changes,
});

/** A volume of 1 GiB that is ready for use. */
export const active = (changes: Partial<Of<VolumeEvent, 'VolumeRequested'>> = {}): readonly VolumeEvent[] => [
  requested(changes),
  { type: 'VolumeReserved', ...op(1), number: 1 },
  { type: 'VolumeMade', ...op(1), result: {} },
  { type: 'VolumeCreated', ...op(1), sizeBytes: changes.sizeBytes ?? bytes(GIB) },
];

/** A linked clone, ready for use. */
export const activeClone = (depth = 1): readonly VolumeEvent[] => active({ parent: { snapshotId: snapshotIdOf(9), volume: sourceRef }, depth });

/** The volume's n-th snapshot, taken at the given size. */
export const snapshotted = (n: number, sizeBytes = GIB, changes: Partial<Of<VolumeEvent, 'SnapshotSlotReserved'>> = {}): readonly VolumeEvent[] => [
  slot(n, changes),
  { type: 'SnapshotSlotTold', ...op(100 + n), snapshotId: snapshotIdOf(n) },
  { type: 'SnapshotSlotFilled', snapshotId: snapshotIdOf(n), sizeBytes: bytes(sizeBytes), at: NOON },
];

export const slot = (n: number, changes: Partial<Of<VolumeEvent, 'SnapshotSlotReserved'>> = {}): VolumeEvent => ({
  type: 'SnapshotSlotReserved',
  ...op(100 + n),
  snapshotId: snapshotIdOf(n),
  name: `s${n}`,
  description: '',
  groupSnapshotId: null,
  expiresAt: null,
  ...changes,
});

/** A rollback to snapshot 1, its backup being snapshot 2; `started` once the backup is there. */
export const rollingBack = (started: boolean): readonly VolumeEvent[] => [
  { type: 'VolumeRollbackRequested', ...op(20), snapshotId: snapshotIdOf(1), backupSnapshotId: snapshotIdOf(2), purge: null },
  slot(2, { ...op(20), name: 'backup', expiresAt: moment(NOON + 1000) }),
  { type: 'SnapshotSlotTold', ...op(20), snapshotId: snapshotIdOf(2) },
  ...(started
    ? ([
        { type: 'SnapshotSlotFilled', snapshotId: snapshotIdOf(2), sizeBytes: bytes(GIB), at: NOON },
        { type: 'VolumeRollbackStarted', ...op(20) },
      ] as const)
    : []),
];

export const accessPathId = uuid('9', 1) as AccessPathId;
export const otherPathId = uuid('9', 2) as AccessPathId;
export const mapped: VolumeEvent = { type: 'VolumeMapped', mappingId: uuid('e', 1), shared: false, accessPathId, at: NOON };
export const attached: VolumeEvent = { type: 'AttachmentReserved', ...op(30), attachmentId: uuid('e', 2), purpose: 'host', shared: false, mode: 'rw', instanceId: null, hostName: null };
/** What the n-th host says of itself. */
export const connectorOf = (n: number, more: Partial<Connector> = {}): Connector => ({ initiator: `iqn.1994-05.com.redhat:node${n}`, wwpns: [], ip: `10.0.0.${n}`, host: `node${n}`, multipath: false, ...more });
export const grouped: VolumeEvent = { type: 'VolumeJoinedGroup', groupId: uuid('e', 3), at: NOON };
export const passive: VolumeEvent = { type: 'VolumeDemoted', at: NOON };

/** Work of the n-th command failed for good. */
export const failed = (n: number, step: string): VolumeEvent => ({
  type: 'WorkFailed',
  ...op(n),
  work: `${operation(n)}/${step}`,
  error: { _tag: 'Permanent', code: 'Broken', message: 'it does not work' },
});

export { metaOf, NOON, operation, uuid };
