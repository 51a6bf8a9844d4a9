import { controlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { rememberViews } from '../../packages/app/src/queries/kinds/remembered.ts';
import type { Lookup } from '../../packages/app/src/queries/kinds/lookup.ts';
import { seeds } from '../support/domainWalk.ts';
import { fakeBackend } from '../support/fakeBackend.ts';
import { mapped, pathPlane } from '../support/pathPlane.ts';
import { lasting, right } from '../support/plane.ts';
import { bare, listsOf, run, startOver, step } from '../support/readers.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';

const test = suite('views that are remembered');

for (const seed of seeds())
  test(`whatever happens, a plane that has shown its lists before shows what a new one shows [S0-66]: ${seed === 42 ? 'the seed of always' : 'a fresh seed'}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 16 }), async (steps) => {
        const store = memoryStore();
        const plane = await controlPlane({ store: lasting(store), backends: { fake: fakeBackend().backend }, clock: virtualClock(), exclusive: true, limits: { answerTimeoutMs: 100, taskTimeoutMs: 100 } });
        right(await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }));
        for (const [count, one] of steps.entries()) {
          await run(plane, one, count);
          const { plane: fresh } = await startOver(bare(store));
          assert.equal(listsOf(plane), listsOf(fresh), JSON.stringify(steps.slice(0, count + 1)));
          await fresh.close();
        }
        await plane.close();
      }),
      { seed, numRuns: 6, endOnFailure: true, includeErrorInReport: true },
    );
  });

test('what is told of others is told as it is now: of a volume its access path and its pool, of a host its paths', async () => {
  const made = await mapped(await pathPlane());
  const { plane, volume, path, store } = made;
  const all = (): unknown => [plane.volumes.get(volume.id), plane.accessPaths.get(path.id), plane.hosts.list().items, plane.clientGroups.list().items];
  const before = JSON.stringify(all());
  right(await plane.updateAccessPath(path.id, { name: 'renamed' }, { wait: 'done' }));
  assert.is(plane.volumes.get(volume.id)?.accessPaths[0]?.name, 'renamed');
  assert.is.not(JSON.stringify(all()), before);
  right(await plane.updateVolume(volume.id, { name: 'another name' }, { wait: 'done' }));
  const { plane: fresh } = await startOver(store, { targets: { xdc: made.targets }, vips: { keepalived: made.segment.backend } });
  for (const kind of ['volumes', 'hosts', 'clientGroups', 'accessPaths'] as const) assert.equal(plane[kind].list(), fresh[kind].list(), kind);
  await fresh.close();
  await plane.close();
});

test('a view is made again only where its state, or an answer that it was made of, is another; whoever asks', () => {
  const remember = rememberViews();
  const names = new Map([['p', 'ssd']]);
  const lookupOf = (found: (id: string) => unknown): Lookup => ({ poolState: found, volumeCount: () => 1 }) as unknown as Lookup;
  let made = 0;
  const view = (state: { readonly size: number }, lookup: Lookup): unknown =>
    remember(state, lookup, (asked) => {
      made += 1;
      return { size: state.size, pool: asked.poolState('p') };
    });
  const whole = lookupOf((id) => names.get(id));
  const state = { size: 1 };
  const first = view(state, whole);
  assert.equal(first, { size: 1, pool: 'ssd' });
  assert.is(view(state, whole), first);
  assert.is(made, 1);
  names.set('p', 'hdd');
  assert.equal(view(state, whole), { size: 1, pool: 'hdd' });
  assert.is(made, 2);
  assert.equal(view({ size: 1 }, whole), { size: 1, pool: 'hdd' });
  assert.is(made, 3);
  const narrow = lookupOf(() => undefined);
  assert.equal(view(state, narrow), { size: 1, pool: undefined });
  assert.is(made, 4);
  assert.equal(view(state, whole), { size: 1, pool: 'hdd' });
  assert.throws(() => {
    (first as { size: number }).size = 7;
  }, /read only/);
});

test.run();
