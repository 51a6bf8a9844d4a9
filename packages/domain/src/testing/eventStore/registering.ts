/** Registers: small records beside the log, written by whoever knows what stands there. */
import type { Registers } from '../../ports/eventStore.ts';
import { ok, refused, same } from './check.ts';
import { events, put, wholeLog, type OnStore, type StoreUnderTest } from './samples.ts';

const registersOf = ({ store }: Pick<StoreUnderTest, 'store'>): Registers => {
  if (store.registers === undefined) throw new Error('the store declares registers and has none');
  return store.registers;
};

const WRITERS = 100;

/** Registers the tests of registers. */
export const registering = (test: OnStore, durable: boolean): void => {
  test('a register holds what was written last, and says how often it was written', async (given) => {
    const { read, write } = registersOf(given);
    same(ok(await read('member-a')(), 'read') === undefined, true, 'one that was never written is not there');
    same(ok(await write('member-a', 'none', { n: 1, names: ['ü', null] })(), 'write'), 0, 'the first revision');
    same(ok(await read('member-a')(), 'read'), { revision: 0, value: { n: 1, names: ['ü', null] } }, 'the first value');
    for (const n of [1, 2, 3]) same(ok(await write('member-a', n - 1, { n })(), 'write'), n, 'the next revision');
    same(ok(await read('member-a')(), 'read'), { revision: 3, value: { n: 3 } }, 'the last value');
    same(ok(await read('member-b')(), 'read') === undefined, true, 'another one');
  });

  test('a register is written only by who knows what stands there', async (given) => {
    const { read, write } = registersOf(given);
    refused(await write('shard-1', 0, { owner: 'a' })(), 'Conflict', 'a register that is not there');
    ok(await write('shard-1', 'none', { owner: 'a' })(), 'write');
    ok(await write('shard-1', 0, { owner: 'b' })(), 'write');
    for (const expected of ['none', 0, 2] as const) {
      const { actual } = refused(await write('shard-1', expected, { owner: 'c' })(), 'Conflict', `a write at ${expected}`);
      same(actual, 1, 'what stands there');
    }
    same(ok(await read('shard-1')(), 'read'), { revision: 1, value: { owner: 'b' } }, 'the value');
  });

  test(`of ${WRITERS} writers that race for one revision of a register one wins`, async (given) => {
    const { read, write } = registersOf(given);
    for (const expected of ['none', 0] as const) {
      const answers = await Promise.all(Array.from({ length: WRITERS }, (_, n) => write('shard-1', expected, { n })()));
      const winners = answers.flatMap((answer, n) => (answer._tag === 'Right' ? [n] : []));
      same(winners.length, 1, 'winners');
      for (const answer of answers) if (answer._tag === 'Left') same(answer.left._tag, 'Conflict', 'a loser');
      same(ok(await read('shard-1')(), 'read')?.value, { n: winners[0] }, 'the value is the winner\'s');
    }
  });

  test('registers are no events', async (given) => {
    const { write } = registersOf(given);
    await put(given.store, 'volume-a', 'none', events(0, 2));
    const [before, head] = [await wholeLog(given.store), ok(await given.store.head()(), 'head')];
    ok(await write('volume-a', 'none', { n: 1 })(), 'write');
    for (let n = 0; n < 20; n += 1) ok(await write('volume-a', n, { n })(), 'write');
    same(await wholeLog(given.store), before, 'the log');
    same(ok(await given.store.head()(), 'head'), head, 'its head');
    same(ok(await given.store.readStream('volume-a', 0)(), 'readStream').length, 2, 'a stream of the same name');
    await put(given.store, 'volume-a', 1, events(2, 1));
    same((await wholeLog(given.store)).length, 3, 'the log goes on');
  });

  test('a name or a value that a register cannot have is refused', async (given) => {
    const { read, write } = registersOf(given);
    for (const name of ['', 'a b', 'a.b', '$all', 'x'.repeat(101)]) {
      refused(await write(name, 'none', {})(), 'Invalid', `the name "${name}"`);
      refused(await read(name)(), 'Invalid', `the name "${name}"`);
    }
    refused(await write('a', 'none', { size: 1n })(), 'Invalid', 'a bigint');
    refused(await write('a', 'none', { text: 'x'.repeat(65_537) })(), 'Invalid', 'more than 64 KiB');
    same(ok(await read('a')(), 'read') === undefined, true, 'nothing was written');
  });

  test('a value is kept as it was when it was written, and closed registers answer Unavailable', async (given) => {
    const { read, write } = registersOf(given);
    const value = { list: [1] };
    ok(await write('a', 'none', value)(), 'write');
    value.list.push(2);
    same(ok(await read('a')(), 'read')?.value, { list: [1] }, 'the value');
    await given.store.close();
    refused(await read('a')(), 'Unavailable', 'read');
    same(refused(await write('a', 0, {})(), 'Unavailable', 'write').outcomeUnknown, false, 'whether a late write may have landed');
  });

  if (!durable) return;

  test('registers are there after a restart', async (given) => {
    const { reopen } = given;
    if (reopen === undefined) throw new Error('a durable store needs reopen()');
    ok(await registersOf(given).write('a', 'none', { n: 0 })(), 'write');
    ok(await registersOf(given).write('a', 0, { n: 1 })(), 'write');
    const again = registersOf({ store: await reopen() });
    same(ok(await again.read('a')(), 'read'), { revision: 1, value: { n: 1 } }, 'the value');
    refused(await again.write('a', 0, { n: 2 })(), 'Conflict', 'an old revision');
    same(ok(await again.write('a', 1, { n: 2 })(), 'write'), 2, 'the next revision');
  });
};
