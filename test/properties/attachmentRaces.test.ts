/**
 * Attachments of one volume that race, with every append and every call of a backend in an order that a seed chooses. What stands at the end is
 * read off the array and the gateways themselves.
 */
import type { ControlPlane, PlaneRequest } from '@blockledger/app';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { raceWorld, type RaceSide } from '../support/races/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('races of attachments');
const world = await raceWorld();
const { plane, racing, sides } = world;

const GIB = 2 ** 30;
const ONE = 'iqn.1993-08.org.debian:01:one';
const OTHER = 'iqn.1993-08.org.debian:01:other';
const RUNS = Number(process.env['BLOCKLEDGER_RACES'] ?? 10);
const FIXED_SEED = 20_260_601;
const freshSeed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let made = 0;
const uuid = (): string => `0b9d7a3e-0000-4000-8000-${String((made += 1)).padStart(12, '0')}`;

const must = async (request: PlaneRequest): Promise<void> => {
  const answer = await plane.request(request, { wait: 'done' });
  if (E.isLeft(answer)) throw new Error(`${request.do}: ${answer.left.message}`);
  await plane.idle();
};

const attaching = (side: RaceSide, volume: string, initiator: string, shared = false): PlaneRequest => ({
  do: 'reserveAttachment',
  volume,
  input: { id: uuid(), shared, connect: { accessPath: side.accessPath, connector: { initiator, host: initiator.slice(-5), multipath: true } } },
});

/** A volume of its own for each race. */
const volumeOn = async (side: RaceSide): Promise<string> => {
  const answer = await plane.createVolume({ pool: side.pool, name: `race-${(made += 1)}`, sizeBytes: GIB }, { wait: 'done' });
  if (E.isLeft(answer)) throw new Error(answer.left.message);
  return answer.right.resource.id;
};

/** How a request ended: accepted, or the name of its refusal. */
type Ends = readonly [string, string];
const ended = (answer: Awaited<ReturnType<ControlPlane['request']>>): string => (E.isLeft(answer) ? answer.left._tag : 'accepted');

interface Race {
  /** What is there before, on the volume. */
  readonly before?: (side: RaceSide, volume: string) => PlaneRequest;
  readonly rivals: (side: RaceSide, volume: string) => readonly [PlaneRequest, PlaneRequest];
  /** What may have happened, and what then stands on the storage: the size, null where the volume is gone; and who is let in. */
  readonly outcome: (ends: Ends) => readonly { readonly sizeBytes: number | null; readonly letIn: readonly string[] }[];
}

/** What each order came to, over all runs. */
const run = async (side: RaceSide, { before, rivals, outcome }: Race, seed: number): Promise<ReadonlySet<string>> => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const volume = await volumeOn(side);
      if (before !== undefined) await must(before(side, volume));
      const [first, second] = await racing(scheduler, rivals(side, volume).map((request) => () => plane.request(request)));
      const ends: Ends = [ended(first!), ended(second!)];
      const stands = side.stands(volume);
      seen.add(ends.join(', '));
      const allowed = outcome(ends);
      assert.ok(allowed.some((one) => JSON.stringify(one) === JSON.stringify(stands)), `${ends.join(', ')}: ${JSON.stringify(stands)} stands, and it should be ${allowed.map((one) => JSON.stringify(one)).join(' or ')}`);
      // The log says the same.
      const view = plane.volumes.get(volume);
      const connected = (view?.attachments ?? []).filter(({ stage }) => stage === 'connected').map(({ connector }) => connector?.initiator ?? '').toSorted();
      assert.equal([view?.sizeBytes ?? null, connected], [stands.sizeBytes, stands.letIn]);
      await takenAway(volume);
      assert.equal(side.left(), []);
    }),
    { seed, numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
  return seen;
};

const takenAway = async (volume: string): Promise<void> => {
  for (const { id } of plane.volumes.get(volume)?.attachments ?? []) await must({ do: 'releaseAttachment', volume, input: { id } });
  if (plane.volumes.get(volume) !== undefined) await must({ do: 'deleteVolume', volume, input: {} });
  assert.equal([plane.clientGroups.list().totalCount, plane.mappingGroups.list().totalCount], [0, 0]);
};

const WON = 'accepted';
const detached = (volume: string): PlaneRequest => ({ do: 'releaseAttachment', volume, input: { id: plane.attachments.list({ volume })[0]?.id ?? '' } });

const races: Readonly<Record<string, Race & { readonly reached: readonly string[] }>> = {
  'of two hosts that attach one volume at once, one has it, and the other one is told no [S4-2, S4-8, R-28, I-15]': {
    rivals: (side, volume) => [attaching(side, volume, ONE), attaching(side, volume, OTHER)],
    outcome: ([one, other]) => (one === WON && other === 'MappingNeedsShared' ? [{ sizeBytes: GIB, letIn: [ONE] }] : one === 'MappingNeedsShared' && other === WON ? [{ sizeBytes: GIB, letIn: [OTHER] }] : []),
    reached: [`${WON}, MappingNeedsShared`, `MappingNeedsShared, ${WON}`],
  },
  'a volume is attached or deleted, and never both [S1-7, R-28, I-15]': {
    rivals: (side, volume) => [attaching(side, volume, ONE), { do: 'deleteVolume', volume, input: {} }],
    outcome: ([attach, remove]) => (attach === WON && remove !== WON ? [{ sizeBytes: GIB, letIn: [ONE] }] : attach !== WON && remove === WON ? [{ sizeBytes: null, letIn: [] }] : []),
    reached: [],
  },
  'a volume that is detached while it grows has its new size, and nobody is let in to it any more [S1-8, S1-35, R-28]': {
    before: (side, volume) => attaching(side, volume, ONE),
    rivals: (_, volume) => [detached(volume), { do: 'updateVolume', volume, input: { sizeBytes: 2 * GIB } }],
    outcome: ([detach, resize]) => (detach === WON && resize === WON ? [{ sizeBytes: 2 * GIB, letIn: [] }] : []),
    reached: [`${WON}, ${WON}`],
  },
  'who takes a volume from everybody takes it from a second host, or comes before it, and the first host never keeps it [S1-35, S4-6, R-28]': {
    before: (side, volume) => attaching(side, volume, ONE, true),
    rivals: (side, volume) => [{ do: 'disconnectAttachments', volume, input: {} }, attaching(side, volume, OTHER, true)],
    outcome: ([terminate, attach]) => (terminate === WON && attach === WON ? [{ sizeBytes: GIB, letIn: [OTHER] }, { sizeBytes: GIB, letIn: [] }] : []),
    reached: [`${WON}, ${WON}`],
  },
};

console.log(`# fresh seed ${freshSeed}`);
for (const side of sides) {
  for (const [name, race] of Object.entries(races)) {
    const seen = new Set<string>();
    test(`${side.name}: ${name}`, async () => {
      for (const seed of [FIXED_SEED, freshSeed]) for (const ends of await run(side, race, seed)) seen.add(ends);
      assert.equal(race.reached.filter((ends) => !seen.has(ends)), [], `only ${[...seen].join('; ')}`);
    });
  }
}

test.after(world.close);
test.run();
