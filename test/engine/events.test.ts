import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { EventsEnded, type ControlPlane, type EventEntry, type EventFeed, type EventsQuery, type TaskView } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore } from '@blockledger/domain';
import { filledStore, pauses } from '../support/longLog.ts';
import { barePlane, GIB, lasting, left, planeWithPool, right, snapshotOf, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('events out');

/** Takes so many entries of a feed; each loop over it goes on where the one before stopped. */
const take = async (feed: EventFeed, count: number): Promise<readonly EventEntry[]> => {
  const taken: EventEntry[] = [];
  if (count === 0) return taken;
  for await (const entry of feed) {
    taken.push(entry);
    if (taken.length === count) break;
  }
  return taken;
};

/** Everything that is there now, by a loop that is ended when the last event was seen. */
const all = async (plane: ControlPlane, query: Omit<EventsQuery, 'signal'> = {}): Promise<readonly EventEntry[]> => {
  const ending = new AbortController();
  const seen: EventEntry[] = [];
  const feed = plane.events({ from: 'start', ...query, signal: ending.signal });
  const reading = (async () => {
    for await (const entry of feed) seen.push(entry);
  })();
  const head = right(await plane.events().started);
  while (feed.position() < head) await pause(1);
  ending.abort();
  await reading;
  return seen;
};

test('a loop over events sees what happened to a volume, with its number, who asked and for whom [S0-136]', async () => {
  const made = await planeWithPool();
  const volume = await volumeIn(made, 'db-1');
  const seen = await all(made.plane, { filter: { kinds: ['volume'] } });
  assert.equal(seen.map(({ type }) => type), ['VolumeRequested', 'VolumeReserved', 'VolumeMade', 'VolumeCreated']);
  const [first] = seen;
  assert.equal(first?.resource, { kind: 'volume', id: volume.id, number: volume.number });
  assert.is(first?.data['name'], 'db-1');
  assert.equal(Object.keys(first?.meta ?? {}).toSorted(), ['at', 'commandId', 'correlationId', 'issuedBy', 'request', 'tenant']);
  assert.is(first?.meta.request, 'createVolume');
  assert.ok(seen.every(({ meta }) => meta.correlationId === first?.meta.commandId));
  await made.plane.close();
});

test('a subscriber sees only the kinds, resources, types and tenant that it asked for, and no bookkeeping unless it asks [S0-136, I-12]', async () => {
  const made = await planeWithPool();
  const one = await volumeIn(made, 'one');
  right(await made.plane.createVolume({ pool: 'ssd', name: 'two', sizeBytes: 2 ** 30 }, { wait: 'done', tenant: 'blue' }));
  await snapshotOf(made, one.id, 'snap');
  const kindsOf = (entries: readonly EventEntry[]): readonly string[] => [...new Set(entries.map(({ resource }) => resource.kind))].toSorted();
  assert.equal(kindsOf(await all(made.plane)), ['pool', 'snapshot', 'volume']);
  assert.equal(kindsOf(await all(made.plane, { filter: { kinds: ['reservation'] } })), ['reservation']);
  assert.equal([...new Set((await all(made.plane, { filter: { ids: [one.id] } })).map(({ resource }) => resource.id))], [one.id]);
  const created = await all(made.plane, { filter: { types: ['VolumeCreated'] } });
  assert.equal(created.map(({ type, meta }) => [type, meta.tenant]), [['VolumeCreated', 'default'], ['VolumeCreated', 'blue']]);
  const blue = await all(made.plane, { filter: { tenant: 'blue', kinds: ['volume', 'reservation'] } });
  assert.ok(blue.length > 4);
  assert.ok(blue.every(({ meta }) => meta.tenant === 'blue'));
  assert.equal(await all(made.plane, { filter: { kinds: [] } }), []);
  await made.plane.close();
});

test('the events of a volume that is gone still carry its number [S0-3]', async () => {
  const made = await planeWithPool();
  const volume = await volumeIn(made, 'short');
  right(await made.plane.deleteVolume(volume.id, {}, { wait: 'done' }));
  await made.plane.idle();
  const seen = await all(made.plane, { filter: { ids: [volume.id] } });
  assert.ok(seen.some(({ type }) => type === 'VolumeDeleted'));
  assert.equal([...new Set(seen.map(({ resource }) => resource.number))], [volume.number]);
  await made.plane.close();
});

test('a subscriber that stops anywhere and goes on sees each of 10 000 events exactly once [I-16]', async () => {
  const { store, positions } = await filledStore(10_000);
  const { plane } = await barePlane({ store });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 3_000 }), { maxLength: 12 }), async (cuts) => {
      const seen: number[] = [];
      const feed = plane.events({ from: 'start' });
      for (const count of cuts) seen.push(...(await take(feed, Math.min(count, positions.length - seen.length))).map(({ position }) => position));
      // What is left is read by another subscriber, which knows nothing but the last position.
      const rest = plane.events({ from: feed.position() });
      seen.push(...(await take(rest, positions.length - seen.length)).map(({ position }) => position));
      assert.equal(seen, positions);
    }),
    { numRuns: 25 },
  );
  await plane.close();
});

test('a subscriber that is cut after every single event misses none of those that others append meanwhile [I-16, I-17]', async () => {
  const { store, positions, append } = await filledStore(150);
  const { plane } = await barePlane({ store });
  const wanted = [...positions];
  const seen: number[] = [];
  let from: number | 'start' = 'start';
  while (seen.length < wanted.length) {
    const [entry] = await take(plane.events({ from }), 1);
    seen.push(entry?.position ?? -2);
    from = entry?.position ?? 'start';
    if (seen.length % 3 === 0 && wanted.length < 250) wanted.push(...(await append(pauses(2))));
  }
  assert.equal(seen, wanted);
  await plane.close();
});

test('a subscriber goes on after a restart where it was [I-16]', async () => {
  const { store, positions } = await filledStore(1_000);
  const first = await barePlane({ store: lasting(store) });
  const feed = first.plane.events({ from: 'start' });
  const before = await take(feed, 400);
  await first.plane.close();
  const second = await barePlane({ store });
  const after = await take(second.plane.events({ from: feed.position() }), positions.length - 400);
  assert.equal([...before, ...after].map(({ position }) => position), positions);
  await second.plane.close();
});

test('from now on means from the call, not from the first look [I-16]', async () => {
  const made = await planeWithPool();
  const feed = made.plane.events({ filter: { kinds: ['pool'] } });
  right(await made.plane.pausePool('ssd', { reason: 'disks' }));
  right(await made.plane.resumePool('ssd'));
  assert.equal((await take(feed, 2)).map(({ type }) => type), ['PoolPaused', 'PoolResumed']);
  await made.plane.close();
});

test('a loop that does not follow ends behind what is there, for a tenant too, and goes on where it was [S0-136, I-12]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  await volumeIn(made, 'one');
  right(await plane.createVolume({ pool: 'ssd', name: 'two', sizeBytes: 2 ** 30 }, { wait: 'done', tenant: 'blue' }));
  await plane.idle();
  const drained = async (feed: EventFeed): Promise<readonly number[]> => {
    const positions: number[] = [];
    for await (const { position } of feed) positions.push(position);
    return positions;
  };
  const feed = plane.events({ from: 'start', follow: false });
  assert.equal(await drained(feed), (await all(plane)).map(({ position }) => position));
  assert.equal(await drained(feed), []);
  right(await plane.pausePool('ssd', { reason: 'disks' }));
  assert.is((await drained(feed)).length, 1);
  const blue = await drained(plane.confinedTo('blue').events({ from: 'start', follow: false }));
  assert.equal(blue, (await all(plane, { filter: { tenant: 'blue' } })).map(({ position }) => position));
  assert.equal(await drained(plane.events({ from: 'now', follow: false })), []);
  await plane.close();
});

test('a tenant’s loop gets on over the events of others, so that it goes on where the log was looked through [S0-136, I-12]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  right(await plane.createVolume({ pool: 'ssd', name: 'mine', sizeBytes: 2 ** 30 }, { wait: 'done', tenant: 'blue' }));
  await volumeIn(made, 'theirs');
  const feed = plane.confinedTo('blue').events({ from: 'start', follow: false });
  const seen: string[] = [];
  for await (const { meta } of feed) seen.push(meta.tenant);
  assert.equal(new Set(seen), new Set(['blue']));
  assert.is(feed.position(), right(await plane.events().started));
  await plane.close();
});

test('a loop over what is there does not take a part of it for the whole when the plane is closed [I-16]', async () => {
  const { store } = await filledStore(5_000);
  const { plane } = await barePlane({ store });
  const reading = (async () => {
    for await (const { position } of plane.events({ from: 'start', follow: false })) if (position > 100) await plane.close();
  })();
  const thrown: unknown = await reading.catch((error: unknown) => error);
  assert.ok(thrown instanceof EventsEnded, String(thrown));
  assert.is(thrown.refusal._tag, 'PlaneIsClosed');
});

test('a position that the log does not have is refused, with where the log begins and ends [I-12]', async () => {
  const { plane } = await barePlane();
  const head = right(await plane.events().started);
  for (const from of [head + 1, -2, 0.5, Number.NaN, 'soon' as 'now']) {
    const feed = plane.events({ from });
    const refusal = left(await feed.started);
    assert.is(refusal._tag, 'PositionNotInLog');
    assert.equal(refusal.limit, { first: -1, last: head });
    const thrown: unknown = await take(feed, 1).catch((error: unknown) => error);
    assert.ok(thrown instanceof EventsEnded);
    assert.is(thrown.refusal._tag, 'PositionNotInLog');
  }
  for (const from of [-1, 'start', head, 'now'] as const) right(await plane.events({ from }).started);
  await plane.close();
});

test('a signal or the end of the control plane ends a loop that waits, and one that was never begun [S0-6]', async () => {
  const { plane } = await barePlane();
  const ending = new AbortController();
  const waiting = take(plane.events({ signal: ending.signal }), 1);
  const another = take(plane.events(), 1);
  await pause(5);
  ending.abort();
  assert.equal(await waiting, []);
  assert.equal(await take(plane.events({ from: 'start', signal: ending.signal }), 1), []);
  await plane.close();
  assert.equal(await another, []);
  assert.equal(await take(plane.events({ from: 'now' }), 1), []);
});

test('a reader who takes his time costs no memory: the log is read only as fast as he takes entries [I-25]', async () => {
  const { store } = await filledStore(10_000);
  let handed = 0;
  const counting: EventStore = {
    ...store,
    subscribe: (from, handler) =>
      store.subscribe(from, {
        ...handler,
        onEvents: (events) => {
          handed += events.length;
          return handler.onEvents(events);
        },
      }),
  };
  const { plane } = await barePlane({ store: counting, exclusive: true });
  const feed = plane.events({ from: 'start' });
  const reader = feed[Symbol.asyncIterator]();
  await reader.next();
  await pause(50);
  assert.ok(handed <= 3 * 256, `${handed} events were read for one that was taken`);
  await reader.return?.();
  await plane.close();
});

test('a store that fails ends the loop with the reason, and the next loop goes on behind the last event seen [I-27]', async () => {
  const { store, positions } = await filledStore(600);
  let failures = 1;
  const failing: EventStore = {
    ...store,
    subscribe: (from, handler) =>
      store.subscribe(from, {
        ...handler,
        onEvents: async (events) => {
          if (failures > 0 && (events[0]?.position ?? 0) > 0) {
            failures -= 1;
            handler.onError({ _tag: 'Unavailable', message: 'the disk is gone', outcomeUnknown: false });
            return;
          }
          await handler.onEvents(events);
        },
      }),
  };
  const { plane } = await barePlane({ store: failing, exclusive: true });
  const feed = plane.events({ from: 'start' });
  const seen: number[] = [];
  const thrown: unknown = await (async () => {
    for await (const { position } of feed) seen.push(position);
  })().catch((error: unknown) => error);
  assert.ok(thrown instanceof EventsEnded);
  assert.is(thrown.refusal._tag, 'StoreUnavailable');
  assert.ok(seen.length < positions.length);
  seen.push(...(await take(feed, positions.length - seen.length)).map(({ position }) => position));
  assert.equal(seen, positions);
  await plane.close();
});

test('a hundred loops at once are no leak [I-25]', async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', note);
  const { plane } = await barePlane();
  const loops = Array.from({ length: 100 }, () => take(plane.events(), 1));
  await pause(20);
  await plane.close();
  assert.equal(new Set((await Promise.all(loops)).flat()).size, 0);
  assert.equal(warnings, []);
  process.off('warning', note);
});

test('all tasks are seen: those that run already, then each change, until they end [S0-6, S0-135]', async () => {
  const made = await planeWithPool();
  const ending = new AbortController();
  const seen: TaskView[] = [];
  let release = (): void => undefined;
  const held = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined);
  });
  made.fake.before = () => held;
  const early = right(await made.plane.createVolume({ pool: 'ssd', name: 'early', sizeBytes: 2 ** 30 }));
  const reading = (async () => {
    for await (const task of made.plane.tasks.changes({ filter: { tenant: 'default' }, signal: ending.signal })) seen.push(task);
  })();
  await pause(5);
  assert.equal([...new Set(seen.map(({ id }) => id))], [early.task?.id]);
  const late = right(await made.plane.createVolume({ pool: 'ssd', name: 'late', sizeBytes: 2 ** 30 }));
  right(await made.plane.createVolume({ pool: 'ssd', name: 'theirs', sizeBytes: 2 ** 30 }, { tenant: 'blue' }));
  release();
  await made.plane.idle();
  await pause(5);
  ending.abort();
  await reading;
  const lastOf = (id: string | undefined): string | undefined => seen.findLast((task) => task.id === id)?.status;
  assert.equal([lastOf(early.task?.id), lastOf(late.task?.id)], ['succeeded', 'succeeded']);
  assert.equal(new Set(seen.map(({ id }) => id)).size, 2);
  await made.plane.close();
});

test('a task whose end becomes known behind that of a later one is not missed by whoever goes on from there [S0-6, I-16]', async () => {
  const store = memoryStore();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let isFirst = true;
  // The first end is stored, and its answer comes late.
  const late: EventStore = {
    ...store,
    append: (stream, expected, events) => async () => {
      const appended = await store.append(stream, expected, events)();
      if (isFirst && events.some(({ type }) => type === 'VolumeCreated')) {
        isFirst = false;
        await held;
      }
      return appended;
    },
  };
  const { plane } = await planeWithPool({ store: late, exclusive: true });
  const first = right(await plane.createVolume({ pool: 'ssd', name: 'a', sizeBytes: GIB })).task;
  while (isFirst) await pause(1);
  const changes = plane.tasks.changes();
  const second = right(await plane.createVolume({ pool: 'ssd', name: 'b', sizeBytes: GIB }, { wait: 'done' })).task;
  for await (const { id, status } of changes) if (id === second?.id && status === 'succeeded') break;
  release();
  await plane.idle();
  const ended: string[] = [];
  const ending = new AbortController();
  const patience = setTimeout(() => ending.abort(), 2_000);
  for await (const { id, status } of plane.tasks.changes({ endedAfter: changes.position(), signal: ending.signal })) {
    if (status === 'succeeded') ended.push(id);
    if (ended.includes(first?.id ?? '')) break;
  }
  clearTimeout(patience);
  assert.ok(ended.includes(first?.id ?? ''));
  await plane.close();
});

test.run();
