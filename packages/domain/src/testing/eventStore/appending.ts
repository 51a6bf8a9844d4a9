/** Appending: expected revisions, one winner, all or nothing. */
import type { StoreError } from '../../ports/eventStore.ts';
import { check, ok, refused, same } from './check.ts';
import { event, events, idOf, idsOf, put, wholeLog, type OnStore } from './samples.ts';

/** Registers the tests of appending. */
export const appending = (test: OnStore): void => {
  test('an empty store has no head and no events', async ({ store }) => {
    same(ok(await store.head()(), 'head'), -1, 'head of an empty log');
    same(await wholeLog(store), [], 'an empty log');
    same(ok(await store.readStream('volume-a', 0)(), 'readStream'), [], 'a stream that does not exist');
  });

  test('an append answers with the revision and position of its last event', async ({ store }) => {
    const first = await put(store, 'volume-a', 'none', events(0, 3));
    same(first.revision, 2, 'revision after three events');
    const second = await put(store, 'volume-a', 2, events(3, 2));
    same(second.revision, 4, 'revision after five events');
    check(second.position > first.position, `positions rise: ${first.position}, then ${second.position}`);
    same(ok(await store.head()(), 'head'), second.position, 'head is the position of the last event');
  });

  test('a stream that must not exist is refused when it does [R-27]', async ({ store }) => {
    await put(store, 'volume-a', 'none', events(0, 2));
    const error = refused(await store.append('volume-a', 'none', [event(9)])(), 'Conflict', 'second create');
    same([error.stream, error.expected, error.actual], ['volume-a', 'none', 1], 'the conflict names both revisions');
  });

  test('an append at another revision than the last is refused [R-27]', async ({ store }) => {
    await put(store, 'volume-a', 'none', events(0, 3));
    for (const expected of [0, 1, 3, 99]) {
      const error = refused(await store.append('volume-a', expected, [event(100 + expected)])(), 'Conflict', `append at ${expected}`);
      same([error.expected, error.actual], [expected, 2], 'the conflict names both revisions');
    }
    const absent = refused(await store.append('volume-b', 0, [event(200)])(), 'Conflict', 'append to an absent stream');
    same([absent.expected, absent.actual], [0, 'none'], 'an absent stream is none');
    same((await wholeLog(store)).length, 3, 'a refused append leaves nothing behind');
  });

  test('of 100 writers that race for one revision exactly one wins [I-17, R-27]', async ({ store }) => {
    await put(store, 'volume-a', 'none', [event(0)]);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => store.append('volume-a', 0, [event(1 + 2 * n), event(2 + 2 * n)])()),
    );
    const winners = answers.flatMap((answer, n) => (answer._tag === 'Right' ? [n] : []));
    same(winners.length, 1, 'winners');
    for (const answer of answers) if (answer._tag === 'Left') same(answer.left._tag, 'Conflict', 'a loser');
    const [winner = -1] = winners;
    same(
      idsOf(ok(await store.readStream('volume-a', 0)(), 'readStream')),
      [idOf(0), idOf(1 + 2 * winner), idOf(2 + 2 * winner)],
      'the stream holds the first event and the winner, whole',
    );
  });

  test('100 concurrent creations of one stream have one winner [I-17]', async ({ store }) => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => store.append('volume-a', 'none', [event(n)])()));
    same(answers.filter(({ _tag }) => _tag === 'Right').length, 1, 'winners');
    same((await wholeLog(store)).length, 1, 'events stored');
  });

  test('appends queued together see each other, and one that is refused does not harm its neighbours', async ({ store }) => {
    const answers = await Promise.all([
      store.append('volume-a', 'none', [event(0)])(),
      store.append('volume-a', 'none', [event(1)])(),
      store.append('volume-a', 0, [event(2)])(),
      store.append('volume-b', 7, [event(3)])(),
      store.append('volume-b', 'none', [event(4)])(),
      store.append('volume-c', 'none', [])(),
      store.append('volume-a', 1, [event(5)])(),
    ]);
    const tags = answers.map((answer): StoreError['_tag'] | 'ok' => (answer._tag === 'Left' ? answer.left._tag : 'ok'));
    same(tags, ['ok', 'Conflict', 'ok', 'Conflict', 'ok', 'Invalid', 'ok'], 'answers of appends queued together');
    same(idsOf(await wholeLog(store)), [idOf(0), idOf(2), idOf(4), idOf(5)], 'the log');
  });

  test('500 writers on 50 streams lose no update and leave no gap [I-17]', async ({ store }) => {
    let retries = 0;
    const write = async (n: number): Promise<void> => {
      const stream = `volume-${n % 50}`;
      for (;;) {
        const tail = ok(await store.readStream(stream, 0)(), 'readStream').length;
        const answer = await store.append(stream, tail === 0 ? 'none' : tail - 1, [event(n)])();
        if (answer._tag === 'Right') return;
        same(answer.left._tag, 'Conflict', 'a writer that lost');
        retries += 1;
      }
    };
    await Promise.all(Array.from({ length: 500 }, (_, n) => write(n)));
    const all = await wholeLog(store);
    same(new Set(idsOf(all)).size, 500, `every event is there once (${retries} retries)`);
    same(all.length, 500, 'events in all');
    for (let s = 0; s < 50; s += 1) {
      const revisions = ok(await store.readStream(`volume-${s}`, 0)(), 'readStream').map(({ revision }) => revision);
      same(revisions, Array.from({ length: 10 }, (_, at) => at), `revisions of volume-${s}`);
    }
  });
};
