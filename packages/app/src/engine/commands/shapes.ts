/** What each request may hold. A field that none of them has would be ignored in silence, and the caller would take the default for what was asked. */
import type { Placement, Qos } from '@blockledger/domain';
import { refuseEngine, type EngineRefusal } from '../refusals.ts';
import type { ConnectionInput, ConnectorInput, HoldInput, WebhookFilterInput } from '../requests.ts';
import { PATH_SHAPES } from './pathShapes.ts';
import type { Shape, ShapeOf, Shapes } from './shape.ts';

const QOS: ShapeOf<Qos> = { enabled: true, maxBytesPerSecond: true, burstBytesPerSecond: true, maxIops: true, burstIops: true };
const PLACEMENT: ShapeOf<Placement> = { backend: true, pool: true, dataPool: true };
const FILTER: ShapeOf<WebhookFilterInput> = { kinds: true, ids: true, types: true, tenant: true };
const HOLD: ShapeOf<HoldInput> = { id: true, shared: true };
const CONNECTOR: ShapeOf<ConnectorInput> = { initiator: true, wwpns: true, ip: true, host: true, multipath: true };
const CONNECTION: ShapeOf<ConnectionInput> = { accessPath: true, connector: CONNECTOR };
const TEXTS = { name: true, description: true, labels: true } as const;
const onVolume = { volume: true } as const;
const onPool = { pool: true } as const;
const onTask = { task: true } as const;

const SHAPES: Shapes = {
  createVolume: { input: { ...TEXTS, pool: true, sizeBytes: true, generation: true, qos: QOS, performancePriority: true, snapshot: true, flattened: true, hidden: true } },
  adoptVolume: { input: { ...TEXTS, pool: true, backendName: true, sizeBytes: true, generation: true, hidden: true } },
  updateVolume: { ...onVolume, input: { ...TEXTS, sizeBytes: true, qos: QOS, performancePriority: true } },
  flattenVolume: onVolume,
  migrateVolume: { ...onVolume, input: { pool: true } },
  rollBackVolume: { ...onVolume, input: { snapshot: true } },
  deleteVolume: { ...onVolume, input: { cascade: true, force: true, retainMs: true } },
  undeleteVolume: onVolume,
  disownVolume: onVolume,
  promoteVolume: onVolume,
  demoteVolume: onVolume,
  reserveMapping: { ...onVolume, input: HOLD },
  releaseMapping: { ...onVolume, input: { id: true } },
  reserveAttachment: { ...onVolume, input: { id: true, shared: true, purpose: true, mode: true, instance: true, host: true, connect: CONNECTION } },
  connectAttachment: { ...onVolume, input: { id: true, ...CONNECTION } },
  completeAttachment: { ...onVolume, input: { id: true, instance: true, host: true, mountPoint: true, mode: true } },
  beginDetaching: { ...onVolume, input: { id: true } },
  disconnectAttachments: { ...onVolume, input: { id: true, force: true } },
  releaseAttachment: { ...onVolume, input: { id: true, force: true } },
  joinVolumeGroup: { ...onVolume, input: { id: true } },
  leaveVolumeGroup: { ...onVolume, input: { id: true } },
  createSnapshot: { input: { volume: true, name: true, description: true } },
  deleteSnapshot: { snapshot: true, input: { force: true } },
  protectSnapshot: { snapshot: true },
  unprotectSnapshot: { snapshot: true },
  registerPool: { input: { name: true, placement: PLACEMENT, poolType: true, overSubscriptionRatio: true } },
  updatePool: { ...onPool, input: { overSubscriptionRatio: true } },
  reportPoolHealth: { ...onPool, input: { health: true } },
  pausePool: { ...onPool, input: { reason: true } },
  resumePool: onPool,
  retirePool: onPool,
  retryTask: onTask,
  abandonTask: onTask,
  cancelTask: onTask,
  pauseBackend: { backend: true, reason: true },
  resumeBackend: { backend: true },
  issueToken: { input: { name: true, role: true, tenant: true, expiresAt: true } },
  revokeToken: { id: true, input: { reason: true } },
  registerWebhook: { input: { name: true, url: true, secretRef: true, filter: FILTER, from: true } },
  updateWebhook: { id: true, input: { url: true, filter: FILTER, enabled: true, from: true } },
  rotateWebhookSecret: { id: true, secretRef: true },
  removeWebhook: { id: true },
  rebuild: {},
  acceptRestoredLog: onPool,
  ...PATH_SHAPES,
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

const LONGEST_NAME = 100;

/** A field that a shape does not have, as a path of names; with the names that stand there. */
interface Unknown {
  readonly path: readonly string[];
  readonly known: readonly string[];
}

/** What a field holds: an object, or a list of them. */
const firstUnknown = (value: unknown, shape: Shape): Unknown | undefined => {
  if (!Array.isArray(value)) return isObject(value) ? unknownIn(value, shape) : undefined;
  for (const [at, one] of value.entries()) {
    const unknown = isObject(one) ? unknownIn(one, shape) : undefined;
    if (unknown !== undefined) return { ...unknown, path: [String(at), ...unknown.path] };
  }
  return undefined;
};

/** The first field that the shape does not have. */
const unknownIn = (given: object, shape: Shape): Unknown | undefined => {
  for (const [field, value] of Object.entries(given)) {
    const expected = Object.hasOwn(shape, field) ? shape[field] : undefined;
    if (expected === undefined) return { path: [field.slice(0, LONGEST_NAME)], known: Object.keys(shape) };
    if (expected === true) continue;
    const inner = firstUnknown(value, expected);
    if (inner !== undefined) return { ...inner, path: [field, ...inner.path] };
  }
  return undefined;
};

const isKnown = (name: string): name is keyof Shapes => Object.hasOwn(SHAPES, name);

/** The refusal of a request that there is not, or of the first field that a request does not have. */
export const unknownPart = ({ do: name, ...given }: { readonly do: string }): EngineRefusal | undefined => {
  if (!isKnown(name)) return refuseEngine('InvalidCommand', `there is no request ${JSON.stringify(name)}`, { value: 'do', limit: Object.keys(SHAPES) });
  const unknown = unknownIn(given, SHAPES[name]);
  if (unknown === undefined) return undefined;
  const path = unknown.path.filter((field, at) => at > 0 || field !== 'input').join('.');
  return refuseEngine('InvalidCommand', `${path} is not a known field of ${name}: there are ${unknown.known.join(', ')}`, { value: path, limit: unknown.known });
};
