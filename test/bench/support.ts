/** What the benchmarks of the engine share: stores, planes, and events to fill them with. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type ControlPlane, type EngineLimits } from '@blockledger/app';
import { openSqliteStore, type SqliteStore } from '@blockledger/app/sqlite';
import type { EventMeta, EventStore, NewEvent } from '@blockledger/domain';

export const must = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
  return answer.right;
};

/** A store in a file of its own; whoever opened it closes it, then removes the file. */
export const openedSqlite = async (): Promise<{ readonly store: SqliteStore; readonly path: string; readonly remove: () => void }> => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-bench-'));
  const path = join(folder, 'log.db');
  return { store: must(await openSqliteStore({ path })), path, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** A plane over a store and a simulated cluster, with one pool named `vols`. */
export const planeOver = async (store: EventStore, { drive = true, limits = {} }: { readonly drive?: boolean; readonly limits?: Partial<EngineLimits> } = {}): Promise<ControlPlane> => {
  const cluster = simulateRbd();
  const plane = await controlPlane({ store, backends: { ceph: rbdBackend({ run: cluster.run }) }, exclusive: true, drive, limits });
  if (plane.pools.get('vols') === undefined) must(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' }, overSubscriptionRatio: 1000 }));
  return plane;
};

const meta = (commandId: string): EventMeta => ({ commandId: commandId as EventMeta['commandId'], issuedBy: 'bench', tenant: 'default', correlationId: commandId, at: 1_800_000_000_000 as EventMeta['at'] });

/** An event of the domain to append without deciding. */
export const eventOf = (commandId: string, { type, ...data }: { readonly type: string } & Record<string, unknown>): NewEvent => ({
  eventId: randomUUID(),
  type,
  data,
  meta: meta(commandId),
  schemaVersion: 1,
});

/** The life of one volume, as `count` events of its stream: made, then snapshots taken and deleted until there are enough. */
export const volumeLife = (volumeId: string, number: number, poolId: string, count: number): readonly NewEvent[] => {
  const at = 1_800_000_000_000;
  const op = { operationId: randomUUID(), at };
  const born = {
    ...op,
    volumeId,
    poolId,
    placement: { backend: 'ceph', pool: 'vols' },
    poolType: 'replicated',
    name: `volume ${number}`,
    description: '',
    labels: {},
    tenant: 'default',
    serial: volumeId.replaceAll('-', '').slice(0, 16),
    hidden: false,
    generation: 'v3',
    sizeBytes: 1_073_741_824,
    qos: { enabled: false, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 },
    performancePriority: false,
    parent: null,
    flattened: false,
    depth: 0,
  };
  const events: NewEvent[] = [
    eventOf(op.operationId, { type: 'VolumeRequested', ...born }),
    eventOf(op.operationId, { type: 'VolumeReserved', ...op, number }),
    eventOf(op.operationId, { type: 'VolumeCreated', ...op, sizeBytes: born.sizeBytes }),
  ];
  while (events.length < count) {
    const snapshotId = randomUUID();
    const slot = { operationId: randomUUID(), at };
    events.push(
      eventOf(slot.operationId, { type: 'SnapshotSlotReserved', ...slot, snapshotId, name: snapshotId, description: '', groupSnapshotId: null, expiresAt: null }),
      eventOf(slot.operationId, { type: 'SnapshotSlotTold', ...slot, snapshotId }),
      eventOf(slot.operationId, { type: 'SnapshotSlotFilled', snapshotId, sizeBytes: born.sizeBytes, at }),
      eventOf(slot.operationId, { type: 'SnapshotDeletionAgreed', snapshotId, at }),
      eventOf(slot.operationId, { type: 'SnapshotSlotFreed', snapshotId, at }),
    );
  }
  return events.slice(0, count);
};

/** Fills a store with the lives of many volumes, `perVolume` events each. */
export const fill = async (store: EventStore, poolId: string, volumes: number, perVolume: number): Promise<void> => {
  const WINDOW = 256;
  for (let from = 0; from < volumes; from += WINDOW) {
    const some = Array.from({ length: Math.min(WINDOW, volumes - from) }, (_, index) => {
      const volumeId = randomUUID();
      return store.append(`volume-${volumeId}`, 'none', volumeLife(volumeId, from + index + 1, poolId, perVolume))();
    });
    for (const appended of await Promise.all(some)) must(appended);
  }
};
