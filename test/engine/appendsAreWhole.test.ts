import type { NewEvent } from '@blockledger/domain';
import { memoryStore } from '@blockledger/app/memory';
import * as assert from 'uvu/assert';
import { makeStates } from '../../packages/app/src/queries/states.ts';
import { sampleEvent } from '../support/events.ts';
import { right, UUID } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('what was appended at once is seen at once');

const [first, second] = [`accessPath-${UUID(1)}`, `accessPath-${UUID(2)}`];

/** Events of one command. */
const appended = (command: number, ...types: readonly string[]): readonly NewEvent[] =>
  types.map((type, at) => {
    const event = sampleEvent(command * 16 + at, { operationId: UUID(command), at: 1_800_000_000_000 });
    return { ...event, type, meta: { ...event.meta, commandId: UUID(command) as never } };
  });

const seenBy = (store: ReturnType<typeof memoryStore>) => {
  const states = makeStates({ store, limits: { cachedReservations: 16 } as never });
  const seen: (readonly string[])[] = [];
  states.onChange(({ stream, folded }) => void seen.push([stream, ...folded.map(({ event }) => event.type)]));
  return { states, seen };
};

test('whoever reads what another one has just appended never sees half of it: what half of it would owe is not begun [I-12, S4-3]', async () => {
  const store = memoryStore();
  const { states, seen } = seenBy(store);
  right(await store.append(first, 'none', appended(1, 'AccessPathCreated', 'AccessPathUpdated', 'AccessPathRedeployed'))());
  right(await store.append(first, 2, appended(2, 'AccessPathRedeployed', 'AccessPathUpdated'))());
  right(await states.refresh(first));
  assert.equal(seen, [
    [first, 'AccessPathCreated', 'AccessPathUpdated', 'AccessPathRedeployed'],
    [first, 'AccessPathRedeployed', 'AccessPathUpdated'],
  ]);
});

test('the whole log is read append by append, also where streams take turns [I-12]', async () => {
  const store = memoryStore();
  const { states, seen } = seenBy(store);
  right(await store.append(first, 'none', appended(1, 'AccessPathCreated', 'AccessPathUpdated'))());
  right(await store.append(second, 'none', appended(2, 'AccessPathCreated'))());
  right(await store.append(first, 1, appended(3, 'AccessPathRedeployed', 'AccessPathUpdated'))());
  right(states.apply(right(await store.readAll(0, 100)())));
  assert.equal(seen, [[first, 'AccessPathCreated', 'AccessPathUpdated'], [second, 'AccessPathCreated'], [first, 'AccessPathRedeployed', 'AccessPathUpdated']]);
  assert.equal([states.peek(first)?.revision, states.head()], [3, 4]);
});

test.run();
