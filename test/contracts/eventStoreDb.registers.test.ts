/** Registers in EventStoreDB where answers are lost, and what they leave there. */
import { openEventStoreDb } from '@blockledger/app/eventstoredb';
import type { Registers } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { eventStoreDbDouble, type EventStoreDbDouble } from '../support/eventStoreDb/double.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('registers in EventStoreDB');

const over = (name: string, run: (given: { readonly double: EventStoreDbDouble; readonly registers: Registers }) => Promise<void>): void =>
  test(name, async () => {
    const double = await eventStoreDbDouble();
    const store = right(await openEventStoreDb({ connectionString: double.connectionString, timeoutMs: 300 }));
    try {
      if (store.registers === undefined) throw new Error('there are no registers');
      await run({ double, registers: store.registers });
    } finally {
      await store.close();
      await double.stop();
    }
  });

for (const fault of ['commitThenDrop', 'commitThenHang'] as const) {
  over(`a write whose answer was lost (${fault}) is found where it was written [I-15]`, async ({ double, registers }) => {
    assert.is(right(await registers.write('a', 'none', { n: 0 })()), 0);
    double.faults.next('Append', { do: fault });
    assert.is(right(await registers.write('a', 0, { n: 1 })()), 1);
    assert.equal(right(await registers.read('a')()), { revision: 1, value: { n: 1 } });
  });
}

for (const fault of ['drop', 'hang'] as const) {
  over(`a write that may land yet (${fault}) is not told as failed`, async ({ double, registers }) => {
    right(await registers.write('a', 'none', { n: 0 })());
    double.faults.next('Append', { do: fault });
    const answer = await registers.write('a', 0, { n: 1 })();
    assert.ok(E.isLeft(answer) && answer.left._tag === 'Unavailable' && answer.left.outcomeUnknown, JSON.stringify(answer));
    assert.is(right(await registers.write('a', 0, { n: 2 })()), 1);
  });
}

over('a write whose answer was lost and that cannot be looked for is of unknown outcome', async ({ double, registers }) => {
  right(await registers.write('a', 'none', { n: 0 })());
  double.faults.next('Append', { do: 'commitThenDrop' });
  double.faults.next('ReadStream', { do: 'stall', after: 0 });
  const answer = await registers.write('a', 0, { n: 1 })();
  assert.ok(E.isLeft(answer) && answer.left._tag === 'Unavailable' && answer.left.outcomeUnknown, JSON.stringify(answer));
});

over('a read that goes silent is an error, not a register that is not there [I-12]', async ({ double, registers }) => {
  right(await registers.write('a', 'none', { n: 0 })());
  double.faults.next('ReadStream', { do: 'stall', after: 0 });
  assert.ok(E.isLeft(await registers.read('a')()));
  assert.equal(right(await registers.read('a')())?.value, { n: 0 });
});

over('a register keeps its latest value only, in a stream that is none of the events', async ({ double, registers }) => {
  right(await registers.write('a', 'none', { n: 0 })());
  for (let n = 0; n < 5; n += 1) right(await registers.write('a', n, { n })());
  const metadata = double.log.stream('$$blockledger_registers-a').at(-1);
  assert.ok(metadata !== undefined, 'the stream says nothing of what it keeps');
  assert.match(Buffer.from(metadata.data).toString(), /"\$maxCount":1/);
});

test.run();
