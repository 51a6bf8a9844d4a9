/** Keeping: state snapshots, closing, and what is there after a restart. */
import type { EventStore } from '../../ports/eventStore.ts';
import { ok, refused, same } from './check.ts';
import { event, events, idsOf, put, wholeLog, type OnStore, type StoreUnderTest } from './samples.ts';

const reopened = async ({ reopen }: StoreUnderTest): Promise<EventStore> => {
  if (reopen === undefined) throw new Error('a durable store needs reopen()');
  return reopen();
};

/** Registers the tests of state snapshots, closing and, for a durable store, restarts. */
export const keeping = (test: OnStore, durable: boolean): void => {
  test('a state put aside is found by its stream and fold version only', async ({ store }) => {
    const snapshot = { stream: 'volume-a', foldVersion: 2, revision: 7, state: { size: 5, names: ['ü', null] } };
    ok(await store.saveState(snapshot)(), 'saveState');
    same(ok(await store.loadState('volume-a', 2)(), 'loadState'), snapshot, 'the state put aside');
    same(ok(await store.loadState('volume-a', 1)(), 'loadState') === undefined, true, 'another fold version has none');
    same(ok(await store.loadState('volume-b', 2)(), 'loadState') === undefined, true, 'another stream has none');
  });

  test('a newer state replaces an older one', async ({ store }) => {
    for (const revision of [1, 2, 3]) {
      ok(await store.saveState({ stream: 'volume-a', foldVersion: 1, revision, state: [revision] })(), 'saveState');
    }
    same(ok(await store.loadState('volume-a', 1)(), 'loadState')?.state, [3], 'the state');
  });

  test('a state is kept as it was when it was put aside', async ({ store }) => {
    const state = { list: [1] };
    ok(await store.saveState({ stream: 'volume-a', foldVersion: 1, revision: 0, state })(), 'saveState');
    state.list.push(2);
    same(ok(await store.loadState('volume-a', 1)(), 'loadState')?.state, { list: [1] }, 'the state');
  });

  test('a state that JSON cannot hold is refused', async ({ store }) => {
    refused(await store.saveState({ stream: 'volume-a', foldVersion: 1, revision: 0, state: { size: 1n } })(), 'Invalid', 'a bigint');
  });

  test('an event is kept as it was when it was appended', async ({ store }) => {
    const data = { list: [1] };
    const append = store.append('volume-a', 'none', [event(0, data)]);
    ok(await append(), 'append');
    data.list.push(2);
    same((await wholeLog(store))[0]?.data, { list: [1] }, 'the data');
  });

  test('a closed store answers Unavailable, and closing twice does no harm', async ({ store }) => {
    await put(store, 'volume-a', 'none', [event(0)]);
    await store.close();
    await store.close();
    const late = refused(await store.append('volume-a', 0, [event(1)])(), 'Unavailable', 'append');
    same(late.outcomeUnknown, false, 'whether a late append may have landed');
    refused(await store.readAll(0, 1)(), 'Unavailable', 'readAll');
    refused(await store.readStream('volume-a', 0)(), 'Unavailable', 'readStream');
    refused(await store.head()(), 'Unavailable', 'head');
  });

  if (!durable) return;

  test('everything acknowledged is there after a restart, and the numbering goes on', async (given) => {
    await put(given.store, 'volume-a', 'none', events(0, 3));
    await put(given.store, 'volume-b', 'none', events(3, 2));
    ok(await given.store.saveState({ stream: 'volume-a', foldVersion: 1, revision: 2, state: { n: 3 } })(), 'saveState');
    const before = await wholeLog(given.store);
    const store = await reopened(given);
    same(await wholeLog(store), before, 'the log after a restart');
    same(ok(await store.head()(), 'head'), before.at(-1)?.position, 'head after a restart');
    same(ok(await store.loadState('volume-a', 1)(), 'loadState')?.state, { n: 3 }, 'the state after a restart');
    refused(await store.append('volume-a', 'none', [event(90)])(), 'Conflict', 'a stream that exists since before');
    const more = await put(store, 'volume-a', 2, [event(5)]);
    same(more.revision, 3, 'the next revision');
    same(idsOf(await wholeLog(store)).length, 6, 'events in all');
  });

  test('a repeat is recognised after a restart [I-15]', async (given) => {
    const first = await put(given.store, 'volume-a', 'none', events(0, 2));
    await put(given.store, 'volume-a', 1, events(2, 2));
    const store = await reopened(given);
    same(await put(store, 'volume-a', 'none', events(0, 2)), first, 'the repeat');
    same((await wholeLog(store)).length, 4, 'events stored');
  });

  test('appends under way when the store is closed are kept if they were acknowledged', async (given) => {
    const answers = Array.from({ length: 10 }, (_, n) => given.store.append(`volume-${n}`, 'none', [event(n)])());
    const closing = given.store.close();
    const kept = (await Promise.all(answers)).filter(({ _tag }) => _tag === 'Right').length;
    await closing;
    same((await wholeLog(await reopened(given))).length, kept, 'events after the restart');
  });
};
