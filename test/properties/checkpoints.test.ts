import { controlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore, StateSnapshot } from '@blockledger/domain';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { seeds } from '../support/domainWalk.ts';
import { fakeBackend } from '../support/fakeBackend.ts';
import { mapped, pathPlane } from '../support/pathPlane.ts';
import { GIB, lasting, right } from '../support/plane.ts';
import { bare, isOfCheckpoint, run, startOver, step, viewsOf, type Started, type Step } from '../support/readers.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';

const test = suite('checkpoints of the read models');

/** A log of such steps; checkpoints are written beside them as often as it goes. */
const written = async (store: EventStore, steps: readonly Step[]): Promise<void> => {
  const plane = await controlPlane({ store: lasting(store), backends: { fake: fakeBackend().backend }, clock: virtualClock(), exclusive: true, limits: { checkpointEvents: 1, answerTimeoutMs: 100, taskTimeoutMs: 100 } });
  await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } });
  let count = 0;
  for (const one of steps) await run(plane, one, (count += 1));
  await plane.close();
};

/** Starts twice, with what stands beside the log and without. */
const compared = async (store: EventStore): Promise<Started> => {
  const [quick, whole] = [await startOver(store), await startOver(bare(store))];
  assert.is(whole.from, -1);
  assert.equal(await viewsOf(quick.plane), await viewsOf(whole.plane));
  await quick.plane.close();
  await whole.plane.close();
  return quick;
};

for (const seed of seeds())
  test(`a start from a checkpoint and what follows it shows what a replay of everything shows: ${seed === 42 ? 'the seed of always' : 'a fresh seed'}`, async () => {
    let used = 0;
    let tails = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 40 }), async (steps) => {
        const store = memoryStore();
        await written(store, steps);
        const { from, folded } = await compared(store);
        used += from >= 0 ? 1 : 0;
        tails += from >= 0 && folded > 0 ? 1 : 0;
      }),
      { seed, numRuns: 12, endOnFailure: true, includeErrorInReport: true },
    );
    assert.ok(used > 0 && tails > 0, `${used} checkpoints were used, ${tails} of them had something behind them`);
  });

test('parts of gateways, gone ones too, come from a checkpoint as from the log', async () => {
  const store = memoryStore();
  const made = await mapped(await pathPlane({ store: lasting(store), limits: { checkpointEvents: 1 } }));
  const { plane, path, volume } = made;
  const second = right(await plane.createAccessPath({ name: 'silver', hosts: ['gw1'] }, { wait: 'done' })).resource;
  right(await plane.deleteAccessPath(second.id, { wait: 'done' }));
  for (let count = 0; count < 20; count += 1) right(await plane.updateVolume(volume.id, { description: `text ${count}` }));
  await plane.close();
  const parts = { targets: { xdc: made.targets }, vips: { keepalived: made.segment.backend } };
  const [quick, whole] = [await startOver(store, parts), await startOver(bare(store), parts)];
  assert.ok(quick.from > 0, String(quick.from));
  assert.equal(await viewsOf(quick.plane), await viewsOf(whole.plane));
  for (const { id } of whole.plane.targets.list({ limit: -1 }).items) assert.equal(quick.plane.targets.get(id), whole.plane.targets.get(id));
  assert.is(quick.plane.targets.idOf('2000001'), whole.plane.targets.idOf('2000001'));
  assert.ok(quick.plane.accessPaths.get(path.id));
});

const steps: readonly Step[] = ['create', 'create', 'snapshot', 'update', 'token', 'delete', 'create', 'snapshot', 'webhook', 'update'].map((what, at) => ({ do: what as Step['do'], at: at % 4 }));

test('wherever the process ends while a checkpoint is written, the next start shows everything', async () => {
  const counted = memoryStore();
  let saves = 0;
  const counting = (store: EventStore, stopsAt: number): EventStore => ({
    ...store,
    saveState: (snapshot) =>
      isOfCheckpoint(snapshot.stream) && (saves += 1) > stopsAt ? async () => E.left({ _tag: 'Unavailable', message: 'the process has ended', outcomeUnknown: true } as const) : store.saveState(snapshot),
  });
  await written(counting(counted, Infinity), steps);
  const total = saves;
  assert.ok(total > 8, String(total));
  let used = 0;
  for (let stopsAt = 0; stopsAt < total; stopsAt += 1) {
    saves = 0;
    const store = memoryStore();
    await written(counting(store, stopsAt), steps);
    if ((await compared(store)).from >= 0) used += 1;
  }
  assert.ok(used > 0 && used < total, `${used} of ${total}`);
});

/** What is put aside, as somebody has changed it. */
const altered = (store: EventStore, alter: (snapshot: StateSnapshot) => StateSnapshot | undefined): EventStore => ({
  ...store,
  loadState: (stream, version) => async () => E.map((found: StateSnapshot | undefined) => (found === undefined || !isOfCheckpoint(stream) ? found : alter(found)))(await store.loadState(stream, version)()),
});

test('a checkpoint that is damaged, old, of other code or of another log is not used; the one before it is', async () => {
  const store = memoryStore();
  await written(store, steps);
  const latest = await startOver(store);
  assert.ok(latest.from > 0);
  const isManifest = ({ stream }: StateSnapshot): boolean => /^checkpoint-[ab]$/.test(stream);
  const changed = (fields: object) => (snapshot: StateSnapshot) => (isManifest(snapshot) ? { ...snapshot, state: { ...(snapshot.state as object), ...fields } } : snapshot);
  for (const alter of [changed({ foldedBy: 'older code' }), changed({ eventId: '00000000-0000-4000-8000-000000000000' }), changed({ position: 1_000_000 }), changed({ items: 7 }), changed({ chunks: 'many' })]) {
    assert.is((await compared(altered(store, alter))).from, -1);
  }
  const slotOf = async (slot: string): Promise<number> => {
    const found = right(await store.loadState(`checkpoint-${slot}`, 1)());
    return (found!.state as { readonly position: number }).position;
  };
  const [a, b] = [await slotOf('a'), await slotOf('b')];
  const newer = a > b ? 'a' : 'b';
  assert.is(latest.from, Math.max(a, b));
  const earlier = await compared(altered(store, (snapshot) => (snapshot.stream === `checkpoint-${newer}-2` ? undefined : snapshot)));
  assert.is(earlier.from, Math.min(a, b));
  // A process that ended while it wrote over the older one.
  const older = newer === 'a' ? 'b' : 'a';
  const torn = (snapshot: StateSnapshot): StateSnapshot | undefined => {
    if (snapshot.stream === `checkpoint-${newer}`) return undefined;
    return snapshot.stream === `checkpoint-${older}-2` ? { ...snapshot, state: { ...(snapshot.state as object), round: 1_000 } } : snapshot;
  };
  assert.is((await compared(altered(store, torn))).from, -1);
});

test('a command that was accepted before a checkpoint is known after it by its id', async () => {
  const store = memoryStore();
  const plane = await controlPlane({ store: lasting(store), backends: { fake: fakeBackend().backend }, clock: virtualClock(), exclusive: true, limits: { checkpointEvents: 1 } });
  right(await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }));
  const commandId = '0b9d7a3e-0000-4000-8000-00000000c0de';
  const first = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { commandId, wait: 'done' }));
  for (const count of [1, 2, 3, 4]) right(await plane.updateVolume(first.resource.id, { description: `text ${count}` }));
  await plane.close();
  const again = await startOver(store);
  assert.ok(again.from > 0 && again.folded < 12, `${again.from} ${again.folded}`);
  const repeated = right(await again.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { commandId }));
  assert.is(repeated.resource.id, first.resource.id);
  assert.is(E.isLeft(await again.plane.createVolume({ pool: 'ssd', name: 'other', sizeBytes: GIB }, { commandId })), true);
  assert.is(again.plane.volumes.list().totalCount, 1);
});

test.run();
