/** Rebuilding a lost log: what stands on the backends and is ours is written down, parents before their clones (I-27). */
import {
  snapshotStream,
  volumeStream,
  type CommandId,
  type CommandMeta,
  type Placement,
  type PoolId,
  type Refusal,
  type SeenSnapshot,
  type SeenVolume,
  type SnapshotId,
  type TimestampMs,
  type VolumeId,
  type VolumeIdentity,
  type VolumeState,
} from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { aggregates } from './aggregates.ts';
import type { CommandHandler } from './commandHandler.ts';
import type { RebuildReport } from './controlPlane.ts';
import { lookAtPools, type AuditParts } from './drift.ts';
import type { Engine } from './parts.ts';

export interface RebuildParts extends AuditParts {
  readonly engine: Pick<Engine, 'clock' | 'ids'>;
  readonly handler: CommandHandler;
  /** Resolves when the tells of an operation are done. */
  readonly settled: (stream: string, operationId: string) => Promise<E.Either<Refusal, void>>;
}

interface Found {
  readonly poolId: PoolId;
  readonly seen: SeenVolume;
  readonly identity: VolumeIdentity;
}

const UNLIMITED = { enabled: false, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 };

/** Parents before their clones; what hangs on something that was not seen comes last. */
const inOrder = (found: readonly Found[]): readonly Found[] => {
  const byId = new Map<string, Found>(found.map((one) => [one.identity.volumeId, one]));
  const ordered = new Set<Found>();
  const visit = (one: Found, depth: number): void => {
    const parent = one.seen.hasParent === true ? byId.get(one.identity.parentVolumeId ?? '') : undefined;
    if (parent !== undefined && !ordered.has(parent) && depth < found.length) visit(parent, depth + 1);
    ordered.add(one);
  };
  for (const one of found) visit(one, 0);
  return [...ordered];
};

/** Recovers what the log does not know. Sends nothing to a backend but what recovered volumes owe: a look, and settings that lack. */
export const rebuild = async (parts: RebuildParts): Promise<E.Either<Refusal, RebuildReport>> => {
  const { states, handler, engine, installationId } = parts;
  const volumes: string[] = [];
  const snapshots: string[] = [];
  const skipped: { readonly poolId: string; readonly backendName: string; readonly why: string }[] = [];

  /** The same objects give the same commands, so that a rebuild that was interrupted goes on. */
  const metaOf = (subject: string, tenant: string): CommandMeta => {
    const commandId = engine.ids.derive(installationId, `rebuild ${subject}`) as CommandId;
    return { commandId, issuedAt: engine.clock.nowMs() as TimestampMs, issuedBy: 'rebuild', tenant, correlationId: commandId };
  };

  const send = async (to: 'volume', command: object, meta: CommandMeta): Promise<E.Either<Refusal, void>> => {
    const executed = await handler.execute(to, command, meta);
    return E.isLeft(executed) ? executed : parts.settled(executed.right.stream, meta.commandId);
  };

  const parentOf = ({ identity, seen }: Found, all: ReadonlyMap<string, Found>) => {
    const { parentSnapshotId, parentVolumeId } = identity;
    if (seen.hasParent !== true || parentSnapshotId === undefined || parentVolumeId === undefined) return null;
    const known = states.stateOf<VolumeState>(volumeStream(parentVolumeId))?.volume;
    const placement = known?.placement ?? placements.get(all.get(parentVolumeId)?.poolId ?? '');
    const serial = known?.serial ?? all.get(parentVolumeId)?.identity.serial;
    return placement === undefined || serial === undefined ? undefined : { snapshotId: parentSnapshotId, volume: { placement, volumeId: parentVolumeId, serial } };
  };

  const placements = new Map(
    [...parts.resources.indexes.pool.ids()].flatMap((id) => {
      const pool = states.stateOf<{ readonly pool: { readonly placement: Placement } | null }>(`pool-${id}`)?.pool;
      return pool === null || pool === undefined ? [] : [[id, pool.placement] as const];
    }),
  );

  const depthOf = (parent: { readonly volume: { readonly volumeId: VolumeId } } | null): number =>
    parent === null ? 0 : (states.stateOf<VolumeState>(volumeStream(parent.volume.volumeId))?.volume?.depth ?? 0) + 1;

  const recoverVolume = async (one: Found, all: ReadonlyMap<string, Found>): Promise<string | undefined> => {
    const { identity, seen, poolId } = one;
    const parent = parentOf(one, all);
    if (parent === undefined) return 'its parent was not seen';
    const command = {
      type: 'RecoverVolume',
      volumeId: identity.volumeId,
      poolId,
      name: identity.name,
      description: '',
      labels: {},
      serial: identity.serial,
      hidden: identity.hidden,
      generation: identity.generation,
      sizeBytes: seen.sizeBytes ?? 0,
      qos: seen.qos ?? UNLIMITED,
      performancePriority: seen.performancePriority ?? false,
      parent,
      depth: depthOf(parent),
    };
    const recovered = await send('volume', command, metaOf(identity.volumeId, identity.tenant));
    return E.isLeft(recovered) ? recovered.left.message : undefined;
  };

  /** Resolves when the recovered volume is ready for its snapshots. */
  const ready = async (volumeId: VolumeId): Promise<boolean> => {
    const stream = volumeStream(volumeId);
    for (;;) {
      const state = states.stateOf<VolumeState>(stream);
      if (state === undefined || state.lifecycle !== 'creating') return state?.lifecycle === 'active';
      if (aggregates.volume.owed(state).length === 0) return false;
      await states.changed(stream);
    }
  };

  /** A snapshot is asked for again under its old id: taking it finds it there. */
  const recoverSnapshot = async ({ identity }: Found, seen: SeenSnapshot & { readonly snapshotId: SnapshotId }): Promise<string | undefined> => {
    const { snapshotId, name } = seen;
    const command = { type: 'CreateSnapshot', volumeId: identity.volumeId, snapshotId, name: name ?? snapshotId, description: '', groupSnapshotId: null };
    const recovered = await send('volume', command, metaOf(snapshotId, identity.tenant));
    if (E.isLeft(recovered)) return recovered.left.message;
    for (;;) {
      const state = states.stateOf<{ readonly lifecycle: string }>(snapshotStream(snapshotId));
      if (state !== undefined && state.lifecycle !== 'creating') return undefined;
      if (state !== undefined && aggregates.snapshot.owed(state).length === 0) return 'it could not be confirmed';
      await states.changed(snapshotStream(snapshotId));
    }
  };

  const recoverOne = async (one: Found, all: ReadonlyMap<string, Found>): Promise<void> => {
    const { identity, seen, poolId } = one;
    const skip = (why: string, backendName = seen.backendName): void => void skipped.push({ poolId, backendName, why });
    if (states.peek(volumeStream(identity.volumeId)) === undefined) {
      const why = seen.state === 'whole' ? await recoverVolume(one, all) : `it is ${seen.state}`;
      if (why !== undefined) return skip(why);
      volumes.push(identity.volumeId);
    }
    if (!(await ready(identity.volumeId))) return seen.snapshots.length > 0 ? skip('its volume is not ready, so its snapshots were left') : undefined;
    for (const snapshot of seen.snapshots) {
      const { snapshotId } = snapshot;
      if (snapshotId === undefined || states.peek(snapshotStream(snapshotId)) !== undefined) continue;
      const why = await recoverSnapshot(one, { ...snapshot, snapshotId });
      if (why === undefined) snapshots.push(snapshotId);
      else skip(why, `${seen.backendName}@${snapshot.backendName}`);
    }
  };

  const found: Found[] = [];
  for (const { poolId, seen } of await lookAtPools(parts)) {
    if (E.isLeft(seen)) {
      skipped.push({ poolId, backendName: '*', why: seen.left.message });
      continue;
    }
    for (const volume of seen.right) {
      if (volume.identity === undefined) skipped.push({ poolId, backendName: volume.backendName, why: 'it does not say which volume it is' });
      else found.push({ poolId, seen: volume, identity: volume.identity });
    }
  }
  const all = new Map<string, Found>(found.map((one) => [one.identity.volumeId, one]));
  for (const one of inOrder(found)) await recoverOne(one, all);
  return E.right({ volumes, snapshots, skipped });
};
