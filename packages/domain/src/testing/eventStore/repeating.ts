/** Repeats: an append whose answer was lost is sent again, with the same event ids. */
import { refused, same } from './check.ts';
import { event, events, put, wholeLog, type OnStore } from './samples.ts';

/** Registers the tests of repeated event ids. A repeat is one at the revision at which the events were appended first; an id is looked for nowhere else. */
export const repeating = (test: OnStore): void => {
  test('a repeated append is answered as the first was and stores nothing [I-32, I-15]', async ({ store }) => {
    const first = await put(store, 'volume-a', 'none', events(0, 3));
    same(await put(store, 'volume-a', 'none', events(0, 3)), first, 'the repeat');
    same((await wholeLog(store)).length, 3, 'events stored');
  });

  test('a repeat is recognised after others have appended behind it [I-32, I-15]', async ({ store }) => {
    await put(store, 'volume-a', 'none', events(0, 2));
    const wanted = await put(store, 'volume-a', 1, events(2, 2));
    await put(store, 'volume-a', 3, events(4, 2));
    await put(store, 'volume-b', 'none', events(50, 2));
    same(await put(store, 'volume-a', 1, events(2, 2)), wanted, 'the repeat');
    same((await wholeLog(store)).length, 8, 'events stored');
  });

  test('an append and its repeat that are queued together store one set of events [I-15]', async ({ store }) => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(store, 'volume-a', 'none', events(0, 2))));
    for (const answer of answers) same(answer, answers[0], 'each repeat');
    same((await wholeLog(store)).length, 2, 'events stored');
  });

  test('a repeat whose data has its keys in another order is the same append [I-15]', async ({ store }) => {
    const first = await put(store, 'volume-a', 'none', [event(0, { a: 1, b: { c: 2, d: [3] } })]);
    same(await put(store, 'volume-a', 'none', [event(0, { b: { d: [3], c: 2 }, a: 1 })]), first, 'the repeat');
  });

  test('an event id that belongs to another event is refused as invalid [I-32]', async ({ store }) => {
    await put(store, 'volume-a', 'none', [event(0), event(1)]);
    refused(await store.append('volume-a', 'none', [event(0, { n: 'other' }), event(1)])(), 'Invalid', 'other data');
    refused(await store.append('volume-a', 'none', [event(0), event(1, { n: 'other' })])(), 'Invalid', 'other data of the second');
    refused(await store.append('volume-b', 'none', [event(7), event(7)])(), 'Invalid', 'one id twice in an append');
    same((await wholeLog(store)).length, 2, 'events stored');
    await put(store, 'volume-b', 'none', [event(7)]);
    await put(store, 'volume-a', 1, [event(2)]);
  });

  test('the same events at a revision that has passed, or is to come, are refused and not stored twice [I-32]', async ({ store }) => {
    await put(store, 'volume-a', 'none', events(0, 2));
    for (const expected of ['none', 0, 7] as const) {
      const answer = await store.append('volume-a', expected, [event(1)])();
      same(answer._tag, expected === 0 ? 'Right' : 'Left', `the second event, at ${expected}`);
    }
    same((await wholeLog(store)).length, 2, 'events stored');
  });

  test('an event id is looked for where a repeat would have put it, and in no other stream [I-32]', async ({ store }) => {
    await put(store, 'volume-a', 'none', [event(0), event(1)]);
    await put(store, 'volume-b', 'none', [event(0)]);
    refused(await store.append('volume-a', 'none', [event(7)])(), 'Conflict', 'a new one where others are');
    await put(store, 'volume-b', 0, [event(1)]);
    same((await wholeLog(store)).length, 4, 'events stored');
  });

  test('an append that lost is not taken for a repeat, and its events may be appended later [I-17]', async ({ store }) => {
    await put(store, 'volume-a', 'none', [event(0)]);
    refused(await store.append('volume-a', 'none', [event(1)])(), 'Conflict', 'the loser');
    same((await put(store, 'volume-a', 0, [event(1)])).revision, 1, 'the loser at the right revision');
  });
};
