/** What many walks went through together: by it a test tells that they came everywhere. */
import * as assert from 'uvu/assert';

/** What one walk went through. */
interface Report {
  readonly deaths: number;
  readonly faults: number;
  readonly eventTypes: ReadonlySet<string>;
  readonly happened: ReadonlySet<string>;
}

/** What walks have to come to. */
export interface Wanted {
  readonly events: readonly string[];
  readonly happened: readonly string[];
  /** Fewer walks, as for one seed, do not come so far. */
  readonly leastWalks: number;
}

export interface Seen {
  /** Walks once, and remembers what was seen; a failure names the seed and how to walk it again. */
  readonly walk: (seed: number, walking: () => Promise<Report>) => Promise<void>;
  /** Fails where too few died or were betrayed, or where something never happened. */
  readonly mustHold: (wanted: Wanted) => void;
}

export const walksSeen = (): Seen => {
  const [events, happened] = [new Set<string>(), new Set<string>()];
  let [walks, deaths, faults] = [0, 0, 0];
  return {
    walk: async (seed, walking) => {
      try {
        const report = await walking();
        walks += 1;
        deaths += report.deaths;
        faults += report.faults;
        for (const type of report.eventTypes) events.add(type);
        for (const what of report.happened) happened.add(what);
      } catch (error) {
        throw new Error(`walk with seed ${seed} (BLOCKLEDGER_SEED=${seed} BLOCKLEDGER_WALKS=2): ${String(error)}`, { cause: error });
      }
    },
    mustHold: (wanted) => {
      assert.ok(deaths > walks / 4, `only ${deaths} deaths`);
      assert.ok(faults > walks / 4, `only ${faults} faults`);
      const missed = [...wanted.events.filter((type) => !events.has(type)), ...wanted.happened.filter((what) => !happened.has(what))];
      if (walks >= wanted.leastWalks) assert.equal(missed, []);
    },
  };
};
