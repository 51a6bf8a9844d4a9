/** Two who want different things of one volume at once, in every order that a seed chooses. What stands at the end is read off the storage itself. */
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { suite } from '../suite.ts';
import type { RaceSide, RaceWorld, Standing } from './world.ts';

export const GIB = 2 ** 30;
/** How a rival ends who gets what he wants. */
export const WON = 'accepted';

/** A volume of its own for each race. */
export interface RaceVolume {
  readonly id: string;
  readonly name: string;
}

/** How each rival ended: accepted, or the name of his refusal. */
export type Ends = readonly [string, string];
type Rival = () => Promise<string>;

export interface Race {
  /** What is done to the volume before. */
  readonly before?: (side: RaceSide, volume: RaceVolume) => Promise<void>;
  readonly rivals: (side: RaceSide, volume: RaceVolume) => readonly [Rival, Rival];
  /** What may then stand on the storage; nothing where the rivals may not end so. */
  readonly outcome: (ends: Ends) => readonly Standing[];
  /** Ends and who is let in then, as are seen for certain: those of one rival after the other, in both orders. */
  readonly reached: readonly string[];
}

/** Races of one face, and how everything is taken away by it. */
export interface Races {
  readonly world: RaceWorld;
  readonly all: Readonly<Record<string, Race>>;
  /** So many orders for each of two seeds. */
  readonly runs: number;
  readonly takenAway: (side: RaceSide, volume: RaceVolume) => Promise<void>;
}

const FIXED_SEED = 20_260_601;
const freshSeed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let made = 0;
/** A UUID that nobody else has. */
export const freshUuid = (): string => `0b9d7a3e-0000-4000-8000-${String((made += 1)).padStart(12, '0')}`;

const madeOn = async ({ plane }: RaceWorld, { place: { pool } }: RaceSide): Promise<RaceVolume> => {
  const name = `race-${(made += 1)}`;
  const answer = await plane.createVolume({ pool, name, sizeBytes: GIB }, { wait: 'done' });
  if (E.isLeft(answer)) throw new Error(answer.left.message);
  return { id: answer.right.resource.id, name };
};

/** How the rivals are let go. */
type Start = (rivals: readonly [Rival, Rival]) => Promise<Ends>;

const namesOf = (letIn: readonly string[]): string => letIn.map((iqn) => iqn.slice(iqn.lastIndexOf(':') + 1)).join(' and ') || 'nobody';

/** One race from its volume to nothing; how the rivals ended, and who was let in then. */
const once = async ({ world, takenAway }: Races, side: RaceSide, race: Race, start: Start): Promise<string> => {
  const { plane } = world;
  const volume = await madeOn(world, side);
  await race.before?.(side, volume);
  const ends = await start(race.rivals(side, volume));
  const stands = side.stands(volume.id);
  const allowed = race.outcome(ends);
  assert.ok(allowed.some((one) => JSON.stringify(one) === JSON.stringify(stands)), `${ends.join(', ')}: ${JSON.stringify(stands)} stands, and it should be ${allowed.map((one) => JSON.stringify(one)).join(' or ')}`);
  // The log says the same.
  const view = plane.volumes.get(volume.id);
  const connected = (view?.attachments ?? []).filter(({ stage }) => stage === 'connected' || stage === 'attached').map(({ connector }) => connector?.initiator ?? '').toSorted();
  assert.equal([view?.sizeBytes ?? null, connected], [stands.sizeBytes, stands.letIn]);
  if (view !== undefined) await takenAway(side, volume);
  await plane.idle();
  assert.equal([plane.volumes.get(volume.id), plane.clientGroups.list().totalCount, plane.mappingGroups.list().totalCount], [undefined, 0, 0]);
  assert.equal(side.left(), []);
  return `${ends.join(', ')}: ${namesOf(stands.letIn)}`;
};

/** One after the other. */
const inTurn =
  (world: RaceWorld, isReverse: boolean): Start =>
  async ([first, second]) => {
    const go = async (rival: Rival): Promise<string> => {
      const end = await rival();
      await world.plane.idle();
      return end;
    };
    if (!isReverse) return [await go(first), await go(second)];
    const end = await go(second);
    return [await go(first), end];
  };

const bySeed = async (races: Races, side: RaceSide, race: Race, seed: number): Promise<readonly string[]> => {
  const seen: string[] = [];
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    seen.push(
      await once(races, side, race, async (rivals) => {
        const [first = '', second = ''] = await races.world.racing(scheduler, rivals);
        return [first, second];
      }),
    );
  });
  await fc.assert(property, { seed, numRuns: races.runs, endOnFailure: true, includeErrorInReport: true });
  return seen;
};

/** A test for each race on each storage. */
export const raceTests = (test: ReturnType<typeof suite>, races: Races): void => {
  console.log(`# fresh seed ${freshSeed}`);
  for (const side of races.world.sides) {
    for (const [name, race] of Object.entries(races.all)) {
      test(`${side.name}: ${name}`, async () => {
        const seen = new Set<string>();
        for (const isReverse of [false, true]) seen.add(await once(races, side, race, inTurn(races.world, isReverse)));
        for (const seed of [FIXED_SEED, freshSeed]) for (const ends of await bySeed(races, side, race, seed)) seen.add(ends);
        assert.equal(race.reached.filter((ends) => !seen.has(ends)), [], `only ${[...seen].join('; ')}`);
      });
    }
  }
  test.after(races.world.close);
};
