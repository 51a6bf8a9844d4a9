import { setTimeout } from 'node:timers/promises';
import type { EventStore, NewEvent } from '@blockledger/domain';
import { memoryStore } from '@blockledger/app/memory';
import * as assert from 'uvu/assert';
import { makeStates } from '../../packages/app/src/queries/states.ts';
import { sampleEvent } from '../support/events.ts';
import { barePlane, lasting, planeWithPool, right, UUID, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('what was appended at once is seen at once');

const [first, second] = [`accessPath-${UUID(1)}`, `accessPath-${UUID(2)}`];

/** Events of one command. */
const appended = (command: number, ...types: readonly string[]): readonly NewEvent[] =>
  types.map((type, at) => {
    const event = sampleEvent(command * 16 + at, { operationId: UUID(command), at: 1_800_000_000_000 });
    const left = types.length - 1 - at;
    return { ...event, type, meta: { ...event.meta, commandId: UUID(command) as never, ...(left === 0 ? {} : { toFollow: left }) } };
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

test('a page that ends in the middle of an append shows nothing of it until the rest has come [I-12]', async () => {
  const store = memoryStore();
  const { states, seen } = seenBy(store);
  right(await store.append(first, 'none', appended(1, 'AccessPathCreated', 'AccessPathUpdated', 'AccessPathRedeployed'))());
  right(await store.append(second, 'none', appended(2, 'AccessPathCreated'))());
  const log = right(await store.readAll(0, 100)());
  right(states.apply(log.slice(0, 1)));
  right(states.apply(log.slice(1, 2)));
  assert.equal([seen, states.head(), states.peek(first)], [[], -1, undefined]);
  // Somebody needs the stream before the next page has come: the store has it whole.
  assert.is(right(await states.refresh(first)).revision, 2);
  right(states.apply(log.slice(2)));
  const whole = [[first, 'AccessPathCreated', 'AccessPathUpdated', 'AccessPathRedeployed'], [second, 'AccessPathCreated']];
  assert.equal([seen, states.head()], [whole, 3]);
});

test('each event of a command says how many of its append follow [I-12]', async () => {
  const given = await planeWithPool({ store: lasting(memoryStore()) });
  await volumeIn(given, 'db');
  await given.plane.close();
  const counts = new Map<string, number[]>();
  for (const { stream, meta } of right(await given.store.readAll(0, 1000)())) {
    const append = `${stream} ${meta.commandId}`;
    counts.set(append, [...(counts.get(append) ?? []), meta.toFollow ?? 0]);
  }
  assert.ok([...counts.values()].some(({ length }) => length > 1), 'some command made several events');
  for (const [append, toFollow] of counts) assert.equal(toFollow, toFollow.map((_, at) => toFollow.length - 1 - at), append);
});

/** A store whose subscriptions can be cut: nothing comes until it is mended. */
const cuttable = (store: EventStore) => {
  const open = new Set<() => void>();
  let isCut = false;
  const subscribe: EventStore['subscribe'] = (from, handler) => {
    const subscription = isCut ? undefined : store.subscribe(from, handler);
    const fail = (): void => {
      open.delete(fail);
      void Promise.resolve(subscription?.close()).then(() => handler.onError({ _tag: 'Unavailable', message: 'the cable was pulled', outcomeUnknown: false }));
    };
    if (isCut) fail();
    else open.add(fail);
    return {
      close: async () => {
        open.delete(fail);
        await subscription?.close();
      },
    };
  };
  return {
    store: { ...store, subscribe },
    cut: (): void => {
      isCut = true;
      for (const fail of open) fail();
    },
    mend: (): void => {
      isCut = false;
    },
  };
};

test('a process that follows another through a cut misses nothing, although it went on appending itself [I-12]', async () => {
  const shared = lasting(memoryStore());
  const cable = cuttable(shared);
  const one = await planeWithPool({ store: shared });
  const two = await barePlane({ store: cable.store, drive: false, fake: one.fake });
  const seenByTwo = async (count: number): Promise<void> => {
    for (let looks = 0; looks < 2_000 && two.plane.volumes.list().totalCount < count; looks += 1) await setTimeout(1);
  };
  await volumeIn(one, 'first');
  await seenByTwo(1);
  cable.cut();
  await volumeIn(one, 'unseen');
  right(await two.plane.registerPool({ name: 'hdd', placement: { backend: 'fake', pool: 'hdd' } }));
  cable.mend();
  await seenByTwo(2);
  assert.equal(two.plane.volumes.list().items.map(({ name }) => name), ['first', 'unseen']);
  await Promise.all([one.plane.close(), two.plane.close()]);
});

test.run();
