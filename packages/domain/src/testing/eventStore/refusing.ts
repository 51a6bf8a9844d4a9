/** Invalid input is refused by value, before anything is stored. */
import type { NewEvent } from '../../ports/eventStore.ts';
import { refused, same } from './check.ts';
import { event, put, wholeLog, type OnStore } from './samples.ts';

const cyclic = (): object => {
  const self: Record<string, unknown> = {};
  self['self'] = self;
  return self;
};

class Handle {
  readonly fd = 3;
}

const notJson: Readonly<Record<string, () => object>> = {
  'a bigint': () => ({ size: 1n }),
  'a function': () => ({ run: () => 1 }),
  'a symbol': () => ({ mark: Symbol('x') }),
  'not a number': () => ({ size: Number.NaN }),
  'an infinity': () => ({ size: [Number.POSITIVE_INFINITY] }),
  'undefined in a list': () => ({ list: [undefined] }),
  'a map': () => ({ map: new Map([[1, 2]]) }),
  'a date': () => ({ at: new Date(0) }),
  'an instance of a class': () => ({ handle: new Handle() }),
  'a cycle': cyclic,
};

/** Registers the tests of refused input. */
export const refusing = (test: OnStore): void => {
  test('an append without events is refused', async ({ store }) => {
    refused(await store.append('volume-a', 'none', [])(), 'Invalid', 'an empty list');
  });

  test('data that JSON cannot hold is refused, and nothing of its append is stored', async ({ store }) => {
    for (const [what, data] of Object.entries(notJson)) {
      refused(await store.append('volume-a', 'none', [event(0), event(1, data())])(), 'Invalid', what);
    }
    same(await wholeLog(store), [], 'the log');
  });

  test('an event of more than 1 MiB is refused', async ({ store }) => {
    refused(await store.append('volume-a', 'none', [event(0, { text: 'x'.repeat(1_048_576) })])(), 'Invalid', '1 MiB of data');
    refused(await store.append('volume-a', 'none', [event(0, { text: '卷'.repeat(400_000) })])(), 'Invalid', '1.2 MB of UTF-8');
    await put(store, 'volume-a', 'none', [event(0, { text: 'x'.repeat(1_000_000) })]);
  });

  test('an event without a proper id, type or schema version is refused', async ({ store }) => {
    const wrong: readonly Partial<NewEvent>[] = [{ eventId: 'x' }, { eventId: '' }, { type: '' }, { schemaVersion: 0 }, { schemaVersion: 1.5 }];
    for (const part of wrong) refused(await store.append('volume-a', 'none', [{ ...event(0), ...part }])(), 'Invalid', JSON.stringify(part));
  });

  test('a stream without a proper name and a revision that cannot be are refused', async ({ store }) => {
    for (const stream of ['', 'volume-\ud800', 'volume-\u0000', 'v'.repeat(5000)]) {
      refused(await store.append(stream, 'none', [event(0)])(), 'Invalid', `stream name of ${stream.length} characters`);
    }
    // The reservation of a name of 255 characters, each of them escaped as nine.
    await put(store, `name-all-pool-${'%E5%90%8D'.repeat(255)}`, 'none', [event(1)]);
    for (const expected of [-1, 0.5, Number.NaN]) {
      refused(await store.append('volume-a', expected, [event(0)])(), 'Invalid', `expected revision ${expected}`);
    }
  });

  test('a position, revision or limit that cannot be is refused', async ({ store }) => {
    for (const wrong of [-1, 0.5, Number.NaN]) {
      refused(await store.readAll(wrong, 10)(), 'Invalid', `readAll from ${wrong}`);
      refused(await store.readAll(0, wrong)(), 'Invalid', `readAll of ${wrong}`);
      refused(await store.readStream('volume-a', wrong)(), 'Invalid', `readStream from ${wrong}`);
      refused(await store.readStream('volume-a', 0, wrong)(), 'Invalid', `readStream of ${wrong}`);
    }
  });
};
