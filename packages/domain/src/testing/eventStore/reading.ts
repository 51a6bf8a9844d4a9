/** Reading: what was appended, in order, once. */
import { check, ok, same } from './check.ts';
import { event, events, idOf, idsOf, put, wholeLog, type OnStore } from './samples.ts';

/** Registers the tests of reading. */
export const reading = (test: OnStore): void => {
  test('an event is read back as it was appended, with its stream, revision and position', async ({ store }) => {
    const wanted = event(1, { name: 'db-01', sizeBytes: 562_949_953_421_312, deep: { list: [1, null, true, 'x', { y: [] }] } });
    const { position } = await put(store, 'volume-a', 'none', [wanted]);
    const stored = { ...wanted, stream: 'volume-a', revision: 0, position };
    same(ok(await store.readStream('volume-a', 0)(), 'readStream'), [stored], 'readStream');
    same(ok(await store.readAll(0, 10)(), 'readAll'), [stored], 'readAll');
  });

  test('names and data keep every character', async ({ store }) => {
    const texts = ['Диск №1', '卷 📀', 'e\u0301 is not é', '"\\/\b\f\n\r\t', '\u0000\u001f\u2028', '\ud800 alone', '], [', "'; DROP TABLE"];
    const stream = 'volume-том-卷-📀';
    await put(store, stream, 'none', texts.map((text, n) => event(n, { text, [text]: n })));
    await put(store, 'volume-e\u0301', 'none', [event(100)]);
    await put(store, 'volume-\u00e9', 'none', [event(101)]);
    const read = ok(await store.readStream(stream, 0)(), 'readStream');
    same(read.map(({ data }) => data), texts.map((text, n) => ({ text, [text]: n })), 'data');
    same(read.map((stored) => stored.stream), texts.map(() => stream), 'stream name');
    same((await wholeLog(store)).length, texts.length + 2, 'names that only look alike are two streams');
  });

  test('a stream is read from a revision on, and at most as many events as asked', async ({ store }) => {
    await put(store, 'volume-a', 'none', events(0, 10));
    const read = async (from: number, limit?: number): Promise<readonly number[]> =>
      ok(await store.readStream('volume-a', from, limit)(), 'readStream').map(({ revision }) => revision);
    same(await read(0), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'the whole stream');
    same(await read(7), [7, 8, 9], 'from 7');
    same(await read(3, 2), [3, 4], 'two from 3');
    same(await read(8, 5), [8, 9], 'five from 8, of which two exist');
    same(await read(10), [], 'behind the end');
    same(await read(0, 0), [], 'none asked');
  });

  test('a stream holds nothing of its neighbours', async ({ store }) => {
    const names = ['volume-1', 'volume-10', 'volume-1 ', 'Volume-1', 'volume_1', 'volume%1'];
    for (const [n, name] of names.entries()) await put(store, name, 'none', events(n * 10, n + 1));
    for (const [n, name] of names.entries()) {
      const read = ok(await store.readStream(name, 0)(), 'readStream');
      same(idsOf(read), events(n * 10, n + 1).map(({ eventId }) => eventId), `events of "${name}"`);
    }
  });

  test('the log gives every event once, in position order, in pages of any size', async ({ store }) => {
    const appended: string[] = [];
    for (let n = 0; n < 300; n += 3) {
      const stream = `volume-${n % 7}`;
      const { length } = ok(await store.readStream(stream, 0)(), 'readStream');
      await put(store, stream, length === 0 ? 'none' : length - 1, events(n, 3));
      appended.push(idOf(n), idOf(n + 1), idOf(n + 2));
    }
    for (const page of [1, 7, 256, 1000]) {
      const all = await wholeLog(store, page);
      same(idsOf(all), appended, `the log in pages of ${page}`);
      check(all.every(({ position }, at) => at === 0 || position > (all[at - 1]?.position ?? 0)), 'positions rise');
    }
  });

  test('the log is read from a position on, and behind its end there is nothing', async ({ store }) => {
    await put(store, 'volume-a', 'none', events(0, 20));
    const all = await wholeLog(store);
    const from = all[12]?.position ?? -1;
    same(idsOf(ok(await store.readAll(from, 5)(), 'readAll')), idsOf(all.slice(12, 17)), 'five from the thirteenth');
    const head = ok(await store.head()(), 'head');
    same(ok(await store.readAll(head + 1, 5)(), 'readAll'), [], 'behind the end');
    same(ok(await store.readAll(head + 1000, 5)(), 'readAll'), [], 'far behind the end');
    same(ok(await store.readAll(0, 0)(), 'readAll'), [], 'none asked');
  });

  test('a long stream and a large event come back whole', async ({ store }) => {
    const large = event(5000, { text: 'x'.repeat(500_000), more: 'ü'.repeat(100_000) });
    for (let n = 0; n < 1200; n += 300) await put(store, 'volume-a', n === 0 ? 'none' : n - 1, events(n, 300));
    await put(store, 'volume-a', 1199, [large]);
    const read = ok(await store.readStream('volume-a', 0)(), 'readStream');
    same(read.length, 1201, 'events of the stream');
    same(read.at(-1)?.data, large.data, 'the large event');
    same((await wholeLog(store)).length, 1201, 'events of the log');
  });
};
