import { join } from 'node:path';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { EventStore, ExpectedRevision } from '@blockledger/domain';
import { memoryStore } from '@blockledger/app/memory';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { sampleEvent } from '../support/events.ts';
import { suite } from '../support/suite.ts';

const test = suite('any run of calls');

type AppendCall = {
  readonly stream: string;
  /** How far from the stream's true revision the caller believes it to be. */
  readonly off: number;
  /** Ids from a small pool, so that repeats and foreign ids are common. */
  readonly first: number;
  readonly count: number;
  readonly fresh: boolean;
  readonly flavour: number;
};
type Call =
  | { readonly kind: 'appends'; readonly together: readonly AppendCall[] }
  | { readonly kind: 'repeat'; readonly back: number }
  | { readonly kind: 'readStream'; readonly stream: string; readonly from: number; readonly limit: number | undefined }
  | { readonly kind: 'readAll'; readonly from: number; readonly limit: number }
  | { readonly kind: 'state'; readonly stream: string; readonly foldVersion: number; readonly state: fc.JsonValue }
  | { readonly kind: 'reopen' };

const stream = fc.constantFrom('volume-a', 'volume-b', 'том-卷', "x' --");
const append: fc.Arbitrary<AppendCall> = fc.record({
  stream,
  off: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -3, max: 2 }) }),
  first: fc.nat(30),
  count: fc.integer({ min: 0, max: 4 }),
  fresh: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  flavour: fc.nat(1),
});
const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('appends'), together: fc.array(append, { minLength: 1, maxLength: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat'), back: fc.nat(8) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('readStream'), stream, from: fc.nat(20), limit: fc.option(fc.nat(10), { nil: undefined }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('readAll'), from: fc.nat(60), limit: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('state'), stream, foldVersion: fc.nat(3), state: fc.jsonValue() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen') }) },
);

/** What a walk has met; the closing test wants all of it. */
const met = new Map<string, number>();
const meet = (what: string): void => void met.set(what, (met.get(what) ?? 0) + 1);

class Walk {
  readonly revisions = new Map<string, number>();
  readonly past: { readonly stream: string; readonly expected: ExpectedRevision; readonly events: ReturnType<typeof sampleEvent>[] }[] = [];
  nextFresh = 1000;

  /** The arguments of an append, made once and given to both stores. */
  arguments({ stream, off, first, count, fresh, flavour }: AppendCall): Parameters<EventStore['append']> {
    const revision = (this.revisions.get(stream) ?? -1) + off;
    const from = fresh ? this.nextFresh : first;
    if (fresh) this.nextFresh += count;
    const events = Array.from({ length: count }, (_, at) => sampleEvent(from + at, { flavour }));
    const expected: ExpectedRevision = revision < 0 ? 'none' : revision;
    this.past.push({ stream, expected, events });
    return [stream, expected, events];
  }
}

test('SQLite answers as the store in memory does, over restarts [R-27, I-15, I-17, I-32]', async () => {
  const { folder, remove } = temporaryFolder();
  let walks = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 40, size: 'max' }), async (calls) => {
      walks += 1;
      const path = join(folder, `walk-${walks}.db`);
      const model = memoryStore();
      let real = await openedStore(path);
      const walk = new Walk();
      const agree = async <A>(ask: (store: EventStore) => () => Promise<A>): Promise<A> => {
        const wanted = await ask(model)();
        assert.equal(await ask(real)(), wanted);
        return wanted;
      };
      for (const step of calls) {
        switch (step.kind) {
          case 'appends': {
            const all = step.together.map((one) => walk.arguments(one));
            const wanted = await Promise.all(all.map((one) => model.append(...one)()));
            assert.equal(await Promise.all(all.map((one) => real.append(...one)())), wanted);
            for (const [at, answer] of wanted.entries()) {
              meet(answer._tag === 'Left' ? answer.left._tag : 'Appended');
              if (answer._tag === 'Right') walk.revisions.set(all[at]![0], Math.max(answer.right.revision, walk.revisions.get(all[at]![0]) ?? -1));
            }
            break;
          }
          case 'repeat': {
            const earlier = walk.past.at(-1 - step.back);
            if (earlier === undefined) break;
            const before = await model.head()();
            const answer = await agree((store) => store.append(earlier.stream, earlier.expected, earlier.events));
            const after = await model.head()();
            if (answer._tag === 'Right' && before._tag === 'Right' && after._tag === 'Right' && before.right === after.right) meet('Repeated');
            if (answer._tag === 'Right') walk.revisions.set(earlier.stream, Math.max(answer.right.revision, walk.revisions.get(earlier.stream) ?? -1));
            break;
          }
          case 'readStream':
            await agree((store) => store.readStream(step.stream, step.from, step.limit));
            break;
          case 'readAll':
            await agree((store) => store.readAll(step.from, step.limit));
            break;
          case 'state': {
            const { kind: _, ...snapshot } = step;
            await agree((store) => store.saveState({ ...snapshot, revision: 1 }));
            // A newer fold version may drop the states of older ones: only the one just saved is certain.
            await agree((store) => store.loadState(step.stream, step.foldVersion));
            break;
          }
          case 'reopen':
            await real.close();
            real = await openedStore(path);
            meet('Reopened');
            break;
        }
        await agree((store) => store.head());
      }
      await agree((store) => store.readAll(0, 1000));
      assert.is((await real.verify()())._tag, 'Right');
      await real.close();
      await model.close();
    }),
    { numRuns: 60 },
  );
  remove();
});

test('the walks met every answer that a store can give to an append', () => {
  for (const what of ['Appended', 'Repeated', 'Conflict', 'Invalid', 'Reopened']) {
    assert.ok((met.get(what) ?? 0) > 5, `${what}: ${met.get(what) ?? 0} times`);
  }
});

test.run();
