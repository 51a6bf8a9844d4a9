/** Rebuilding a lost log: what stands on the backends and is ours is written down, parents before their clones (I-27). */
import type { CommandId, CommandMeta, Parent, PoolId, Refusal, SeenSnapshot, SeenVolume, TimestampMs, VolumeIdentity } from '@blockledger/domain';
import { snapshotStream, UNLIMITED_QOS, volumeStream } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { aggregates } from '../commands/aggregates.ts';
import type { States } from '../../queries/states.ts';
import type { RebuildReport } from './driftViews.ts';
import { lookAtPools, type AuditParts } from './drift.ts';
import type { Engine } from '../parts.ts';
import { traced } from '../watching/observing.ts';

export interface RebuildParts extends AuditParts {
  readonly engine: Pick<Engine, 'clock' | 'ids'>;
  /** Takes the commands. */
  readonly handler: { readonly execute: (to: 'volume', command: object, meta: CommandMeta) => Promise<E.Either<Refusal, { readonly stream: string }>> };
  /** Who asked for it, and what a trace follows. */
  readonly asked: Pick<CommandMeta, 'issuedBy' | 'correlationId' | 'traceparent'>;
  /** Resolves when the tells of an operation are done. */
  readonly settled: (stream: string, operationId: string) => Promise<E.Either<Refusal, void>>;
  /** Resolves when the backend confirmed what was written down; false where that failed. */
  readonly confirmed: (kind: 'volume' | 'snapshot', stream: string) => Promise<boolean>;
}

/** A volume seen on a backend that says which one it is. */
interface Found {
  readonly poolId: PoolId;
  readonly seen: SeenVolume;
  readonly identity: VolumeIdentity;
}

type FoundById = ReadonlyMap<string, Found>;
type Skipped = RebuildReport['skipped'][number];

/** Parents before their clones; what hangs on something that was not seen comes in its turn. */
const inOrder = (all: FoundById): readonly Found[] => {
  const ordered = new Set<Found>();
  const visit = (one: Found, depth: number): void => {
    const parent = one.seen.hasParent === true ? all.get(one.identity.parentVolumeId ?? '') : undefined;
    if (parent !== undefined && !ordered.has(parent) && depth < all.size) visit(parent, depth + 1);
    ordered.add(one);
  };
  for (const one of all.values()) visit(one, 0);
  return [...ordered];
};

/** What stands on the backends, by volume; and what cannot be used. */
const search = async (parts: AuditParts): Promise<{ readonly all: FoundById; readonly skipped: readonly Skipped[] }> => {
  const all = new Map<string, Found>();
  const skipped: Skipped[] = [];
  for (const { poolId, seen } of await lookAtPools(parts)) {
    if (E.isLeft(seen)) skipped.push({ poolId, backendName: '*', why: seen.left.message });
    for (const volume of E.isLeft(seen) ? [] : seen.right) {
      const { identity, backendName } = volume;
      if (identity === undefined) skipped.push({ poolId, backendName, why: 'it does not say which volume it is' });
      else if (!all.has(identity.volumeId)) all.set(identity.volumeId, { poolId, seen: volume, identity });
    }
  }
  return { all, skipped };
};

/** The live link of a clone; null for none, undefined where the parent is unknown. */
const parentOf = ({ states }: RebuildParts, { identity, seen }: Found, all: FoundById): Parent | null | undefined => {
  const { parentSnapshotId: snapshotId, parentVolumeId: volumeId } = identity;
  if (seen.hasParent !== true) return null;
  if (snapshotId === undefined || volumeId === undefined) return undefined;
  const known = states.volumeState(volumeId)?.volume;
  const other = all.get(volumeId);
  const placement = known?.placement ?? states.poolState(other?.poolId ?? '')?.pool?.placement;
  const serial = known?.serial ?? other?.identity.serial;
  return placement === undefined || serial === undefined ? undefined : { snapshotId, volume: { placement, volumeId, serial } };
};

const recoverCommand = ({ states }: RebuildParts, { identity, seen, poolId }: Found, parent: Parent | null): object => ({
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
  qos: seen.qos ?? UNLIMITED_QOS,
  performancePriority: seen.performancePriority ?? false,
  parent,
  depth: parent === null ? 0 : (states.volumeState(parent.volume.volumeId)?.volume?.depth ?? 0) + 1,
});

/** Waits for the backend as long as the work is owed. */
export const confirmedBy =
  (states: Pick<States, 'load' | 'peek' | 'changed'>): RebuildParts['confirmed'] =>
  async (kind, stream) => {
    for (;;) {
      const entry = await states.load(stream);
      if (E.isLeft(entry)) return false;
      const { lifecycle } = entry.right.state as { readonly lifecycle: string };
      if (lifecycle !== 'creating') return lifecycle === 'active';
      if (aggregates[kind].owed(entry.right.state).length === 0) return false;
      if ((states.peek(stream)?.revision ?? -1) <= entry.right.revision) await states.changed(stream);
    }
  };

/** Writes down one volume and its snapshots. Each answers why it could not, or nothing. */
const makeRecovering = (parts: RebuildParts) => {
  const { handler, engine, installationId, confirmed, asked: { issuedBy, correlationId, traceparent } } = parts;
  const asked = { issuedBy, correlationId, ...traced(traceparent) };

  /** The same objects give the same commands, so that a rebuild that was interrupted goes on. */
  const send = async (command: object, subject: string, tenant: string): Promise<string | undefined> => {
    const commandId = engine.ids.derive(installationId, `rebuild ${subject}`) as CommandId;
    const meta: CommandMeta = { commandId, issuedAt: engine.clock.nowMs() as TimestampMs, tenant, ...asked };
    const executed = await handler.execute('volume', command, meta);
    const answer = E.isLeft(executed) ? executed : await parts.settled(executed.right.stream, commandId);
    return E.isLeft(answer) ? answer.left.message : undefined;
  };

  return {
    volume: async (one: Found, all: FoundById): Promise<string | undefined> => {
      const { identity, seen } = one;
      if (seen.state !== 'whole') return `it is ${seen.state}`;
      const parent = parentOf(parts, one, all);
      if (parent === undefined) return 'its parent was not seen';
      const why = await send(recoverCommand(parts, one, parent), identity.volumeId, identity.tenant);
      return why ?? ((await confirmed('volume', volumeStream(identity.volumeId))) ? undefined : 'the backend did not confirm it');
    },
    /** A snapshot is asked for again under its old id: taking it finds it there. */
    snapshot: async ({ identity }: Found, { snapshotId, name, internal }: SeenSnapshot): Promise<string | undefined> => {
      if (snapshotId === undefined) return 'it does not say which snapshot it is';
      const command = { type: 'RecoverSnapshot', volumeId: identity.volumeId, snapshotId, name: name ?? snapshotId, internal: internal ?? false };
      const why = await send(command, snapshotId, identity.tenant);
      return why ?? ((await confirmed('snapshot', snapshotStream(snapshotId))) ? undefined : 'the backend did not confirm it');
    },
  };
};

/**
 * Recovers what the log does not know. A volume is written down as it was seen, and the backend is looked at once more to confirm it; a
 * snapshot likewise, and one that is internal stays so. What it could not take is reported, and nothing is removed.
 */
export const rebuild = async (parts: RebuildParts): Promise<E.Either<Refusal, RebuildReport>> => {
  const { states } = parts;
  const recovering = makeRecovering(parts);
  const volumes: string[] = [];
  const snapshots: string[] = [];
  const { all, skipped: unusable } = await search(parts);
  const skipped = [...unusable];
  for (const one of inOrder(all)) {
    const { identity, seen, poolId } = one;
    if (states.peek(volumeStream(identity.volumeId)) === undefined) {
      const why = await recovering.volume(one, all);
      if (why === undefined) volumes.push(identity.volumeId);
      else skipped.push({ poolId, backendName: seen.backendName, why });
      if (why !== undefined) continue;
    }
    for (const snapshot of seen.snapshots.filter(({ kind }) => kind === 'user')) {
      if (snapshot.snapshotId !== undefined && states.peek(snapshotStream(snapshot.snapshotId)) !== undefined) continue;
      const why = await recovering.snapshot(one, snapshot);
      if (why === undefined) snapshots.push(snapshot.snapshotId ?? '');
      else skipped.push({ poolId, backendName: `${seen.backendName}@${snapshot.backendName}`, why });
    }
  }
  return E.right({ volumes, snapshots, skipped });
};
