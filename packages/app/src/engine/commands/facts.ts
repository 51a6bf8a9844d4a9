/** Gathers what decisions need to know from elsewhere: pools, snapshots, true clone depth, fresh statistics. */
import {
  isUsable,
  MAX_CLONE_DEPTH,
  noReservationFacts,
  poolStream,
  reservationStream,
  snapshotStream,
  volumeStream,
  type AccessPathCommand,
  type AccessPathId,
  type AccessPathState,
  type BackendCommand,
  type BackendFacts,
  type ClientGroupCommand,
  type ClientGroupState,
  type HostCommand,
  type HostState,
  type PoolCommand,
  type PoolDecisionFacts,
  type PoolFacts,
  type PoolId,
  type PoolState,
  type ReservationCommand,
  type ReservationFacts,
  type ReservationState,
  type SecretRef,
  type SnapshotCommand,
  type SnapshotDecisionFacts,
  type SnapshotFacts,
  type SnapshotId,
  type SnapshotState,
  type SourceFacts,
  type StoreError,
  type Tagged,
  type VipGroupCommand,
  type VipGroupState,
  type VolumeCommand,
  type VolumeFacts,
  type VolumeId,
  type VolumeState,
  type WebhookCommand,
  type WebhookDecisionFacts,
} from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { match, P } from 'ts-pattern';
import type { Kind } from './aggregates.ts';
import { deliverableKinds, deliverableTypes } from '../events/catalog.ts';
import type { Engine } from '../parts.ts';
import type { Questions } from '../backends/questions.ts';
import { urlFacts } from '../webhooks/addresses.ts';
import { accessPathFacts, attachingPaths, clientGroupFacts, hostFacts, vipGroupFacts, type PathFactSources } from './pathFacts.ts';

/** How facts are read: from the live states, or from those that a dry run has changed. */
export type ReadState = (stream: string) => Promise<E.Either<StoreError, unknown>>;

/** What decisions about webhooks need to know. */
export interface WebhookFactSources {
  readonly plainHttpAllowed: boolean;
  /** How many there are. */
  readonly registered: () => number;
  /** Length of a secret's key; null where the secret store does not have it. */
  readonly secretBytes: (ref: SecretRef) => Promise<number | null>;
}

export interface FactSources {
  readonly read: ReadState;
  readonly questions: Questions;
  readonly backends: Engine['backends'];
  readonly webhooks: WebhookFactSources;
  readonly paths: Omit<PathFactSources, 'state'>;
  /** This process has it, or a pool is on it. */
  readonly isBackendKnown: (name: string) => boolean;
}

/** A stream could not be read: thrown and caught in this file only, so that the many small steps need not hand it on. */
class Unreadable extends Error {
  readonly error: StoreError;
  constructor(error: StoreError) {
    super('message' in error ? error.message : error._tag);
    this.error = error;
  }
}

const stateOf = async <S>({ read }: FactSources, stream: string): Promise<S> => {
  const loaded = await read(stream);
  if (E.isLeft(loaded)) throw new Unreadable(loaded.left);
  return loaded.right as S;
};

const poolFacts = async (sources: FactSources, poolId: PoolId | undefined): Promise<PoolFacts | null> => {
  if (poolId === undefined) return null;
  const { pool, lifecycle } = await stateOf<PoolState>(sources, poolStream(poolId));
  if (pool === null) return null;
  const { health, poolType, placement } = pool;
  const capabilities = sources.backends.get(placement.backend)?.capabilities ?? null;
  return { poolId, registered: lifecycle === 'active', health, poolType, placement, capabilities };
};

const snapshotFacts = async (sources: FactSources, snapshotId: SnapshotId): Promise<SnapshotFacts | null> => {
  const state = await stateOf<SnapshotState>(sources, snapshotStream(snapshotId));
  if (state.snapshot === null || state.lifecycle === 'deleted') return null;
  const { volume, poolId, sizeBytes, groupSnapshotId, expiresAt } = state.snapshot;
  return { snapshotId, usable: isUsable(state), volume, poolId, sizeBytes, groupSnapshotId, expiresAt };
};

/** Ancestors counted one by one, since flattening a middle volume shortens the chains below it. Bounded, whatever the links say. */
const trueDepth = async (sources: FactSources, volumeId: VolumeId): Promise<number> => {
  let depth = 0;
  let current = volumeId;
  while (depth <= MAX_CLONE_DEPTH * 2) {
    const { volume } = await stateOf<VolumeState>(sources, volumeStream(current));
    if (volume === null || volume.parent === null) return depth;
    depth += 1;
    current = volume.parent.volume.volumeId;
  }
  return depth;
};

const sourceFacts = async (sources: FactSources, snapshot: SnapshotFacts | null): Promise<SourceFacts | null> => {
  if (snapshot === null) return null;
  const { volumeId } = snapshot.volume;
  const { volume } = await stateOf<VolumeState>(sources, volumeStream(volumeId));
  if (volume === null) return null;
  // The depth at birth is a safe upper bound; only where it would refuse is the chain walked (I-8).
  const depth = volume.depth + 1 > MAX_CLONE_DEPTH ? await trueDepth(sources, volumeId) : volume.depth;
  return { volumeId, generation: volume.generation, poolType: volume.poolType, depth };
};

const NO_VOLUME_FACTS: VolumeFacts = { pool: null, snapshot: null, source: null };

/** The access paths that a command about attachments speaks of. */
const pathsNamed = ({ volume }: VolumeState, command: VolumeCommand): readonly AccessPathId[] => {
  if (command.type === 'ReserveAttachment' || command.type === 'ConnectAttachment') return command.connect === null ? [] : [command.connect.accessPathId];
  const isForced = (command.type === 'DisconnectAttachments' || command.type === 'ReleaseAttachment') && command.force;
  return isForced ? Object.values(volume?.attachments ?? {}).flatMap(({ connection }) => connection?.wish.accessPathId ?? []) : [];
};

const volumeFacts = (sources: FactSources, paths: PathFactSources, [state, command]: readonly [VolumeState, VolumeCommand]): Promise<VolumeFacts> =>
  match(command)
    .with({ type: 'CreateVolume' }, async ({ poolId, snapshotId }): Promise<VolumeFacts> => {
      const pool = await poolFacts(sources, poolId);
      const snapshot = snapshotId === null ? null : await snapshotFacts(sources, snapshotId);
      return { pool, snapshot, source: await sourceFacts(sources, snapshot) };
    })
    .with({ type: P.union('AdoptVolume', 'RecoverVolume') }, async ({ poolId }) => ({ ...NO_VOLUME_FACTS, pool: await poolFacts(sources, poolId) }))
    .with({ type: 'RollBackVolume' }, async ({ snapshotId }) => ({
      ...NO_VOLUME_FACTS,
      pool: await poolFacts(sources, state.volume?.poolId),
      snapshot: await snapshotFacts(sources, snapshotId),
    }))
    .with({ type: 'MigrateVolume' }, async ({ poolId }) => ({ ...NO_VOLUME_FACTS, pool: await poolFacts(sources, state.volume?.poolId), destination: await poolFacts(sources, poolId) }))
    .with({ type: P.union('ConfirmWork', 'RefuseWork', 'FailWork', 'DelayWork') }, () => Promise.resolve(NO_VOLUME_FACTS))
    .with({ type: P.union('ReserveAttachment', 'ConnectAttachment', 'DisconnectAttachments', 'ReleaseAttachment') }, async (about) => ({
      ...NO_VOLUME_FACTS,
      pool: await poolFacts(sources, state.volume?.poolId),
      paths: await attachingPaths(paths, pathsNamed(state, about)),
    }))
    .otherwise(async () => ({ ...NO_VOLUME_FACTS, pool: await poolFacts(sources, state.volume?.poolId) }));

const snapshotDecisionFacts = async (sources: FactSources, state: SnapshotState, command: SnapshotCommand): Promise<SnapshotDecisionFacts> => ({
  pool: await poolFacts(sources, state.snapshot?.poolId ?? ('poolId' in command ? command.poolId : undefined)),
});

const poolDecisionFacts = async (sources: FactSources, state: PoolState, command: PoolCommand): Promise<PoolDecisionFacts> => {
  const placement = command.type === 'RegisterPool' ? command.placement : state.pool?.placement;
  const capabilities = placement === undefined ? null : (sources.backends.get(placement.backend)?.capabilities ?? null);
  const identity = command.type === 'RegisterPool' ? await sources.questions.identify(command.placement) : undefined;
  const held = command.type === 'RetirePool' ? await stateOf<ReservationState>(sources, reservationStream({ kind: 'capacity', poolId: command.poolId })) : undefined;
  return { capabilities, identity: identity !== undefined && E.isRight(identity) ? identity.right : null, provisionedBytes: held?.total ?? 0 };
};

const reservationFacts = async (sources: FactSources, command: ReservationCommand): Promise<ReservationFacts> => {
  const { key } = command;
  if (command.type !== 'Reserve' || !command.bounded || (key.kind !== 'capacity' && key.kind !== 'space')) return noReservationFacts;
  const { pool } = await stateOf<PoolState>(sources, poolStream(key.poolId));
  if (pool === null) return { limit: null, limitUnknown: { why: 'there is no such pool', passes: false } };
  const stats = await sources.questions.stats(pool.placement);
  if (E.isLeft(stats)) {
    const { _tag, message: why } = stats.left;
    return { limit: null, limitUnknown: { why, passes: _tag === 'Retryable' || _tag === 'Cancelled' } };
  }
  const { totalBytes, freeBytes } = stats.right;
  return { limit: key.kind === 'space' ? freeBytes : Math.floor(totalBytes * pool.overSubscriptionRatio), limitUnknown: null };
};

/** Of another command's address nothing needs to be known. */
const webhookFacts = async ({ webhooks }: FactSources, command: WebhookCommand): Promise<WebhookDecisionFacts> => {
  const url = command.type === 'UpdateWebhook' ? command.changes.url : 'url' in command ? command.url : undefined;
  const secretBytes = 'secretRef' in command ? await webhooks.secretBytes(command.secretRef) : null;
  const { plainHttpAllowed } = webhooks;
  return { url: url === undefined ? null : urlFacts(url), plainHttpAllowed, secretBytes, kinds: deliverableKinds, types: deliverableTypes, registered: webhooks.registered() };
};

const gather = (sources: FactSources, kind: Kind, state: unknown, command: Tagged): Promise<unknown> => {
  const paths: PathFactSources = { ...sources.paths, state: (stream) => stateOf(sources, stream) };
  switch (kind) {
    case 'volume':
      return volumeFacts(sources, paths, [state as VolumeState, command as VolumeCommand]);
    case 'snapshot':
      return snapshotDecisionFacts(sources, state as SnapshotState, command as SnapshotCommand);
    case 'pool':
      return poolDecisionFacts(sources, state as PoolState, command as PoolCommand);
    case 'backend':
      return Promise.resolve<BackendFacts>({ known: sources.isBackendKnown((command as BackendCommand).backend) });
    case 'token':
      // Who may ask depends on nothing but the token itself.
      return Promise.resolve(null);
    case 'webhook':
      return webhookFacts(sources, command as WebhookCommand);
    case 'host':
      return hostFacts(paths, state as HostState, command as HostCommand);
    case 'clientGroup':
      return clientGroupFacts(paths, state as ClientGroupState, command as ClientGroupCommand);
    case 'accessPath':
      return accessPathFacts(paths, state as AccessPathState, command as AccessPathCommand);
    case 'vipGroup':
      return vipGroupFacts(paths, state as VipGroupState, command as VipGroupCommand);
    case 'reservation':
      return reservationFacts(sources, command as ReservationCommand);
  }
};

/** The facts for one command of one aggregate; Left where a stream that holds them cannot be read. */
export const gatherFacts = async (sources: FactSources, kind: Kind, state: unknown, command: Tagged): Promise<E.Either<StoreError, unknown>> => {
  try {
    return E.right(await gather(sources, kind, state, command));
  } catch (thrown) {
    if (thrown instanceof Unreadable) return E.left(thrown.error);
    throw thrown;
  }
};
