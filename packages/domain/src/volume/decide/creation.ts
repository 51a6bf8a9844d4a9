/** Creating, cloning, adopting and recovering a volume. */
import type { Of } from '../../kernel/tagged.ts';
import { roundUp, type Bytes } from '../../kernel/quantities.ts';
import { firstRefusal } from '../../kernel/rule.ts';
import { UNLIMITED_QOS, type Generation } from '../../ports/blockBackend.ts';
import { refuseVolume } from '../errors.ts';
import type { PoolFacts } from '../facts.ts';
import type { Parent, VolumeCommand } from '../messages.ts';
import {
  backendCan,
  backendKnown,
  cloneDepth,
  generationKnown,
  notInGroupSnapshot,
  notInternal,
  noV2OnErasure,
  poolExists,
  poolHealthy,
  priorityNeedsV3,
  sizeInRange,
  snapshotExists,
  snapshotReady,
  validName,
  validQos,
  validText,
} from '../rules.ts';
import { accept, begun, unless, type Case, type Decision } from './common.ts';

type Create = Of<VolumeCommand, 'CreateVolume'>;
type Newcomer = Of<VolumeCommand, 'CreateVolume' | 'AdoptVolume' | 'RecoverVolume'>;

const newcomer = (command: Newcomer, { meta }: Case, pool: PoolFacts) => ({
  ...begun(meta),
  volumeId: command.volumeId,
  poolId: command.poolId,
  placement: pool.placement,
  poolType: pool.poolType,
  name: command.name,
  description: command.description,
  labels: command.labels,
  tenant: meta.tenant,
  serial: command.serial,
  hidden: command.hidden,
});

const isNew = ({ state }: Case) =>
  state.lifecycle === 'absent' ? undefined : refuseVolume('VolumeAlreadyExists', 'a volume with this id exists or existed', { value: state.volume?.volumeId });

const granular = (bytes: number, pool: PoolFacts): Bytes => roundUp(bytes, pool.capabilities?.sizeGranularityBytes ?? 1);

/** The checks that every new volume passes, in the order of S0-16: pool, name, QoS. */
const welcome = (command: Newcomer, subject: Case) => {
  const { pool } = subject.facts;
  return firstRefusal(isNew(subject), poolExists(pool), poolHealthy(pool), backendKnown(pool), validName(command.name), validText(command.description, command.labels));
};

const abilities = (command: Create, pool: PoolFacts, generation: Generation) =>
  firstRefusal(
    validQos(command.qos),
    command.qos.enabled ? backendCan('qos')(pool) : undefined,
    generationKnown(pool, generation),
    noV2OnErasure(generation, pool.poolType),
    priorityNeedsV3(generation, command.performancePriority),
    command.performancePriority ? backendCan('performancePriority')(pool) : undefined,
  );

const createEmpty = (command: Create, subject: Case, pool: PoolFacts): Decision => {
  if (command.sizeBytes === null) return unless(refuseVolume('SizeIsMissing', 'a new volume needs a size'), accept);
  const generation = command.generation ?? 'v3';
  const sizeBytes = granular(command.sizeBytes, pool);
  const { qos, performancePriority } = command;
  return unless(firstRefusal(abilities(command, pool, generation), sizeInRange(sizeBytes)), () =>
    accept({
      type: 'VolumeRequested',
      ...newcomer(command, subject, pool),
      generation,
      sizeBytes,
      qos,
      performancePriority,
      parent: null,
      flattened: false,
      depth: 0,
    }),
  );
};

const clone = (command: Create, subject: Case, pool: PoolFacts): Decision => {
  const { snapshot, source } = subject.facts;
  const missing = firstRefusal(snapshotExists(snapshot), snapshotReady(snapshot));
  if (missing !== undefined || snapshot === null || source === null)
    return unless(missing ?? refuseVolume('SnapshotIsNotReady', 'the snapshot has no volume'), accept);
  const { generation } = source;
  const { flattened, qos, performancePriority } = command;
  const parent: Parent = { snapshotId: snapshot.snapshotId, volume: snapshot.volume };
  return unless(
    firstRefusal(
      command.sizeBytes !== null || command.generation !== null
        ? refuseVolume('SizeComesFromTheSnapshot', 'a clone takes its size and format from the snapshot', { value: command.sizeBytes ?? command.generation })
        : undefined,
      backendCan('clone')(pool),
      notInternal(snapshot),
      notInGroupSnapshot(snapshot, pool.capabilities?.cloneFromGroupSnapshot === true),
      snapshot.volume.placement.backend === pool.placement.backend && (snapshot.poolId === pool.poolId || pool.capabilities?.cloneAcrossPools === true)
        ? undefined
        : refuseVolume('CapabilityIsMissing', 'the backend cannot clone into this pool', { value: 'cloneAcrossPools' }),
      noV2OnErasure(generation, source.poolType, pool.poolType),
      abilities(command, pool, generation),
      flattened ? backendCan('flatten')(pool) : undefined,
      cloneDepth(source, flattened),
    ),
    () =>
      accept({
        type: 'VolumeRequested',
        ...newcomer(command, subject, pool),
        generation,
        sizeBytes: (snapshot.sizeBytes ?? 0) as Bytes,
        qos,
        performancePriority,
        parent,
        flattened,
        depth: source.depth + 1,
      }),
  );
};

/** S0-16…S0-36: the presence of a snapshot decides between create and clone. */
export const createVolume = (command: Create, subject: Case): Decision => {
  const { pool } = subject.facts;
  const refusal = welcome(command, subject);
  if (refusal !== undefined || pool === null) return unless(refusal ?? poolExists(null), accept);
  return command.snapshotId === null ? createEmpty(command, subject, pool) : clone(command, subject, pool);
};


/** Takes over what stands on the backend; the size given is the one that was observed. */
export const adoptVolume = (command: Of<VolumeCommand, 'AdoptVolume'>, subject: Case): Decision => {
  const { pool } = subject.facts;
  const refusal = firstRefusal(welcome(command, subject), backendCan('adopt')(pool), validName(command.backendName), sizeInRange(command.sizeBytes), generationKnown(pool, command.generation));
  if (refusal !== undefined || pool === null) return unless(refusal ?? poolExists(null), accept);
  const { generation, sizeBytes, backendName } = command;
  return accept({ type: 'VolumeAdoptionRequested', ...newcomer(command, subject, pool), generation, sizeBytes, qos: UNLIMITED_QOS, performancePriority: false, backendName });
};

/** Writes down what the backend shows when the log was lost (I-27). Nothing is checked against limits: it is a fact. */
export const recoverVolume = (command: Of<VolumeCommand, 'RecoverVolume'>, subject: Case): Decision => {
  const { pool } = subject.facts;
  const refusal = firstRefusal(isNew(subject), poolExists(pool));
  if (refusal !== undefined || pool === null) return unless(refusal ?? poolExists(null), accept);
  const { generation, sizeBytes, qos, performancePriority, parent, depth } = command;
  return accept({ type: 'VolumeRecovered', ...newcomer(command, subject, pool), generation, sizeBytes, qos, performancePriority, parent, depth });
};
