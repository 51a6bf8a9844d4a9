/** Who asked what, and what came of it: found by everything an operator knows, before and after a restart. */
import * as assert from 'uvu/assert';
import { memoryStore } from '@blockledger/app/memory';
import { openSqliteStore } from '@blockledger/app/sqlite';
import { systemClock, type ActionView, type ControlPlane } from '@blockledger/app';
import type { EventStore, PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { join } from 'node:path';
import { fakeBackend } from '../support/fakeBackend.ts';
import { barePlane, GIB, lasting, left, planeWithPool, right, snapshotOf, volumeIn } from '../support/plane.ts';
import { mapped, pathPlane } from '../support/pathPlane.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';
import type { VirtualClock } from '../support/virtualClock.ts';

const test = suite('actions');

const briefly = ({ action, result, resource }: ActionView): readonly unknown[] => [action, result._tag === 'refused' ? result.refusal._tag : 'accepted', resource?.kind ?? null];

test('what happened to a volume last night and why is found by its id, its name, the hour, the principal and the words of a refusal [S0-136]', async () => {
  const made = await planeWithPool();
  const { plane, clock } = made;
  const volume = await volumeIn(made, 'Ledger-7');
  await volumeIn(made, 'other');
  const evening = clock.nowMs() + 3_600_000;
  clock.advance(3_600_000);
  const { id } = await snapshotOf(made, volume.id, 'monday');
  right(await plane.rollBackVolume(volume.id, { snapshot: id }, { wait: 'done', issuedBy: 'token:night', correlationId: 'trace 9' }));
  left(await plane.deleteVolume(volume.id, {}, { issuedBy: 'token:night', correlationId: 'trace 10' }));
  const morning = clock.nowMs() + 3_600_000;
  clock.advance(7_200_000);
  right(await plane.updateVolume(volume.id, { name: 'renamed' }, { wait: 'done' }));
  const found = (query: Parameters<typeof plane.actions.list>[0]): readonly unknown[] => plane.actions.list(query).items.map(briefly);
  assert.equal(found({ resourceId: volume.id, since: evening, until: morning }), [
    ['createSnapshot', 'accepted', 'snapshot'],
    ['rollBackVolume', 'accepted', 'volume'],
    ['deleteVolume', 'VolumeHasSnapshots', 'volume'],
  ]);
  assert.equal(found({ resourceId: id }), [['createSnapshot', 'accepted', 'snapshot'], ['rollBackVolume', 'accepted', 'volume']]);
  assert.equal(found({ issuedBy: 'token:night', result: 'refused' }), [['deleteVolume', 'VolumeHasSnapshots', 'volume']]);
  assert.equal(found({ correlationId: 'trace 9' }), [['rollBackVolume', 'accepted', 'volume']]);
  assert.equal(found({ q: 'LEDGER-7' }), [['createVolume', 'accepted', 'volume'], ['deleteVolume', 'VolumeHasSnapshots', 'volume']]);
  assert.equal(found({ q: 'volumehassnap' }), [['deleteVolume', 'VolumeHasSnapshots', 'volume']]);
  assert.equal(found({ tenant: 'red' }), []);
  assert.equal(found({ sort: [{ by: 'number', descending: true }], limit: 1 }), [['updateVolume', 'accepted', 'volume']]);
  assert.equal(found({ sort: [{ by: 'action' }, { by: 'startedAt', descending: true }], limit: 2 }), [['createSnapshot', 'accepted', 'snapshot'], ['createVolume', 'accepted', 'volume']]);
  await plane.close();
});


const stores: readonly (readonly [string, () => Promise<{ readonly open: () => Promise<EventStore>; readonly remove: () => void }>])[] = [
  ['in memory', async () => {
    const store = memoryStore();
    return { open: () => Promise.resolve(lasting(store)), remove: () => undefined };
  }],
  ['in a file', async () => {
    const { folder, remove } = temporaryFolder();
    return { open: async () => { const opened = await openSqliteStore({ path: join(folder, 'log.db') }); if (E.isLeft(opened)) throw new Error('no store'); return opened.right; }, remove };
  }],
];

for (const [where, made] of stores) {
  test(`after a planned restart the records are the same, refusals, parameters, addresses and cursors included: ${where} [S0-136, R-27]`, async () => {
    const { open, remove } = await made();
    const fake = fakeBackend();
    // Time that jumps whenever nothing stirs in this process would not wait for a disk.
    const clock = systemClock as VirtualClock;
    const first = await planeWithPool({ store: await open(), fake, clock });
    const volume = await volumeIn(first, 'db');
    const options = { issuedBy: 'token:ci', clientAddress: '192.0.2.7', correlationId: 'trace 1' };
    left(await first.plane.deleteVolume(4_711, {}, options));
    right(await first.plane.updateVolume(volume.id, { description: 'why', labels: { password: 'hunter2' } }, { ...options, wait: 'done' }));
    await snapshotOf(first, volume.id, 'monday');
    left(await first.plane.deleteVolume(volume.id, {}, options));
    left(await first.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, options));
    right(await first.plane.releaseMapping(volume.id, { id: '00000000-0000-4000-8000-000000000009' }, options));
    const before = first.plane.actions.list({ limit: -1 }).items;
    const cursor = first.plane.actions.list({ limit: 3 }).next!;
    const rest = first.plane.actions.list({ cursor }).items;
    await first.plane.close();
    const second = await barePlane({ store: await open(), fake, clock });
    assert.is(before.length, 8);
    assert.equal(second.plane.actions.list({ limit: -1 }).items, before);
    assert.equal(right(second.plane.actions.page({ cursor })).items, rest);
    left(await second.plane.deleteVolume(4_712, {}, options));
    assert.is(second.plane.actions.list({ limit: -1 }).items.at(-1)?.result._tag, 'refused');
    assert.not.match(JSON.stringify(second.plane.actions.list({ limit: -1 })), /hunter2/);
    await second.plane.close();
    remove();
  });
}

test('after a planned restart it is on record who was refused on gateways, client groups, access paths and virtual IPs, and with what [S0-136]', async () => {
  const { plane, path, again } = await mapped(await pathPlane());
  const options = { issuedBy: 'token:night' };
  left(await plane.createVipGroup({ accessPath: path.id, network: '10.252.1.0/24', vips: [{ ip: '10.252.1.250', networkAddress: 9 }] }, options));
  left(await plane.deleteAccessPath(path.id, options));
  left(await plane.deleteClientGroup(1, options));
  left(await plane.retireHost(1, options));
  left(await plane.deleteVolume(4_711, {}, options));
  const before = plane.actions.list({ limit: -1 }).items;
  await plane.close();
  const next = await again();
  assert.equal(next.actions.list({ limit: -1 }).items, before);
  assert.is(next.actions.list({ issuedBy: 'token:night' }).items.length, 5);
  await next.close();
});

test('after a crash an accepted action is told by its events, secrets masked, and a late refusal by the one on record [S0-136, I-24]', async () => {
  const store = memoryStore();
  // A process that dies puts nothing aside.
  const dying: EventStore = { ...lasting(store), saveState: () => () => Promise.resolve(E.left({ _tag: 'Unavailable', message: 'dead', outcomeUnknown: false })) };
  const fake = fakeBackend();
  const first = await planeWithPool({ store: dying, fake });
  const volume = await volumeIn(first, 'db');
  right(await first.plane.updateVolume(volume.id, { labels: { 'chap secret': 'hunter2', owner: 'anna' } }, { wait: 'done', clientAddress: '192.0.2.7' }));
  await snapshotOf(first, volume.id, 'monday');
  left(await first.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  left(await first.plane.deleteVolume(volume.id, {}));
  const told = first.plane.actions.list({ limit: -1 }).items.map((one) => one.told);
  await first.plane.close();
  const second = await barePlane({ store, fake });
  const after = second.plane.actions.list({ limit: -1 }).items;
  assert.equal(after.map(briefly), [
    ['registerPool', 'accepted', 'pool'],
    ['createVolume', 'accepted', 'volume'],
    ['updateVolume', 'accepted', 'volume'],
    ['createSnapshot', 'accepted', 'snapshot'],
    ['createVolume', 'NameIsTaken', 'volume'],
  ]);
  assert.equal(after.map((one) => one.told), told.slice(0, 5));
  const update = after.find(({ action }) => action === 'updateVolume');
  assert.equal([update?.parameters, update?.clientAddress], [null, null]);
  assert.equal(update?.told[0]?.data['changes'], { labels: { 'chap secret': '********', owner: 'anna' } });
  assert.equal(after.find(({ action }) => action === 'createSnapshot')?.related, [{ kind: 'volume', id: volume.id }]);
  await second.plane.close();
});

test('refusals grow no log, and what is put aside of them has a bound [S0-136]', async () => {
  const store = memoryStore();
  const first = await planeWithPool({ store: lasting(store) });
  const head = await store.head()();
  for (let n = 0; n < 2_300; n += 1) left(await first.plane.deleteVolume(1_000 + n, {}));
  assert.equal(await store.head()(), head);
  await first.plane.close();
  const second = await barePlane({ store });
  const kept = second.plane.actions.list({ limit: -1 }).items;
  // Twenty parts of a hundred, the part that fills, and what the log tells.
  assert.is(kept.length, 2_002);
  assert.equal(kept.at(-1)?.parameters, { do: 'deleteVolume', volume: 3_299, input: {} });
  await second.plane.close();
});

test('only what is new is put aside, and restarts go on with the part that they find half full [S0-136]', async () => {
  const store = memoryStore();
  const written: string[] = [];
  const counting = (): EventStore => ({
    ...lasting(store),
    saveState: (snapshot) => {
      if (snapshot.stream.startsWith('actions')) written.push(`${snapshot.stream} ${(snapshot.state as { readonly actions: readonly unknown[] }).actions.length}`);
      return store.saveState(snapshot);
    },
  });
  const refuse = async (plane: ControlPlane, from: number, times: number): Promise<void> => {
    for (let n = from; n < from + times; n += 1) left(await plane.deleteVolume(1_000 + n, {}));
  };
  const first = await planeWithPool({ store: counting() });
  await refuse(first.plane, 0, 249);
  await first.plane.close();
  assert.equal(written, ['actions 100', 'actions-1 100', 'actions-2 50']);
  const second = await barePlane({ store: counting() });
  await refuse(second.plane, 249, 60);
  await second.plane.close();
  assert.equal(written.slice(3), ['actions-2 100', 'actions-3 10']);
  const third = await barePlane({ store });
  const asked = third.plane.actions.list({ limit: -1, result: 'refused' }).items.map(({ parameters }) => (parameters as { readonly volume: number }).volume);
  assert.equal(asked, Array.from({ length: 309 }, (_, n) => 1_000 + n));
  await third.plane.close();
});

test('who accepted a restored log is put aside at once, and outlives a crash [S0-136, I-27]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const first = await planeWithPool({ store: lasting(store), fake });
  right(await first.plane.acceptRestoredLog('ssd', { issuedBy: 'token:anna' }));
  await first.plane.idle();
  // The first is not closed: it was killed.
  const second = await barePlane({ store: lasting(store), fake });
  assert.equal(second.plane.actions.list({ action: 'acceptRestoredLog' }).items.map(({ issuedBy, result }) => [issuedBy, result._tag]), [['token:anna', 'accepted']]);
  await second.plane.close();
  await first.plane.close();
});

test('a part that could not be put aside is put aside with the next [S0-136]', async () => {
  const store = memoryStore();
  let isDown = true;
  const failing: EventStore = { ...lasting(store), saveState: (snapshot) => (isDown ? () => Promise.resolve(E.left({ _tag: 'Unavailable', message: 'no', outcomeUnknown: false })) : store.saveState(snapshot)) };
  const first = await planeWithPool({ store: failing });
  for (let n = 0; n < 150; n += 1) left(await first.plane.deleteVolume(1_000 + n, {}));
  isDown = false;
  await first.plane.close();
  const second = await barePlane({ store });
  assert.is(second.plane.actions.list({ limit: -1, result: 'refused' }).totalCount, 150);
  await second.plane.close();
});

test('what was put aside in another form, or damaged, is left alone, and the log still tells [I-27]', async () => {
  for (const state of [{ not: 'a list' }, { round: 0, actions: [{ number: 'one' }] }, 7]) {
    const store = memoryStore();
    await store.saveState({ stream: 'actions', foldVersion: 2, revision: 0, state })();
    const { plane } = await planeWithPool({ store });
    assert.equal(plane.actions.list().items.map(briefly), [['registerPool', 'accepted', 'pool']]);
    await plane.close();
  }
});

test('who rebuilt a lost log, and who took a restored one as the truth, is on record with what came of it, and in the events [S0-136, I-27]', async () => {
  const fake = fakeBackend();
  const before = await planeWithPool({ fake });
  const volume = await volumeIn(before, 'db');
  const snapshot = await snapshotOf(before, volume.id, 'monday');
  await before.plane.close();
  let isBroken = false;
  const broken: PortError = { _tag: 'Permanent', code: 'Broken', message: 'no' };
  const breaking = { ...fake, backend: { ...fake.backend, writeMark: (...given) => (isBroken ? TE.left(broken) : fake.backend.writeMark(...given)) } } satisfies typeof fake;
  const { plane } = await planeWithPool({ fake: breaking, installationId: before.plane.installationId });
  const asking = { issuedBy: 'token:anna', clientAddress: '192.0.2.7' };
  right(await plane.rebuild({ ...asking, correlationId: 'trace 1' }));
  right(await plane.acceptRestoredLog('ssd', { ...asking, correlationId: 'trace 2' }));
  left(await plane.acceptRestoredLog('hdd', asking));
  isBroken = true;
  left(await plane.acceptRestoredLog('ssd', asking));
  const records = plane.actions.list({ issuedBy: 'token:anna' }).items;
  assert.equal(records.map(briefly), [
    ['rebuild', 'accepted', null],
    ['acceptRestoredLog', 'accepted', 'pool'],
    ['acceptRestoredLog', 'PoolNotFound', null],
    ['acceptRestoredLog', 'BackendUnavailable', 'pool'],
  ]);
  assert.ok(records.every(({ clientAddress }) => clientAddress === '192.0.2.7'));
  assert.equal(records[0]?.related, [{ kind: 'volume', id: volume.id }, { kind: 'snapshot', id: snapshot.id }]);
  assert.equal([records[1]?.parameters, records[1]?.correlationId], [{ do: 'acceptRestoredLog', pool: 'ssd' }, 'trace 2']);
  const [recovered] = right(await plane.history({ kind: 'volume', ref: volume.id }));
  assert.equal([recovered?.meta.issuedBy, recovered?.meta.correlationId], ['token:anna', 'trace 1']);
  assert.is(left(await plane.rebuild({ issuedBy: '' }))._tag, 'OptionIsInvalid');
  await plane.close();
  assert.equal([left(await plane.rebuild())._tag, left(await plane.acceptRestoredLog('ssd'))._tag], ['PlaneIsClosed', 'PlaneIsClosed']);
});

test('a query for actions that is not well formed is refused [S0-4]', async () => {
  const { plane } = await planeWithPool();
  for (const query of [{ since: -1 }, { until: '2026' }, { result: 'maybe' }, { sort: [{ by: 'tenant' }] }, { limit: 0.5 }]) {
    assert.is(left(plane.actions.page(query as never))._tag, 'QueryIsInvalid', JSON.stringify(query));
  }
  assert.is(left(plane.actions.page({ status: 'failed' } as never))._tag, 'StatusIsNotListed');
  await plane.close();
});

test.run();
