/** Watches for steps that must not be done by two at once, and not once more when the log says that they are over. */
import * as E from 'fp-ts/lib/Either.js';
import { volume, volumeStream, type BackendAction, type EventStore, type ProcessRunner, type VolumeEvent, type VolumeId } from '@blockledger/domain';

/** What nobody may do to an image while somebody else is at it, and what a volume owes meanwhile. */
const SINGLE: readonly (readonly [noun: string, verb: string, owed: readonly BackendAction['do'][]])[] = [
  ['snap', 'rollback', ['rollBack']],
  ['migration', 'commit', ['ensureMigrationCommitted']],
  // What was left half prepared is taken back before it is prepared again.
  ['migration', 'abort', ['ensureMigrationAborted', 'ensureMigrated']],
];

export interface Singles {
  readonly run: ProcessRunner;
  /** How many there were. */
  readonly count: () => number;
  /** Those that two were at. */
  readonly twice: readonly string[];
  /** Those that were begun though the log said by then that they were over. */
  readonly late: readonly string[];
}

/** The same cluster, watched. */
export const watchedSingles = (run: ProcessRunner, store: Pick<EventStore, 'readStream'>): Singles => {
  const under = new Map<string, number>();
  const [twice, late]: [string[], string[]] = [[], []];
  let count = 0;

  const isOwed = async (hex: string, owed: readonly BackendAction['do'][]): Promise<boolean> => {
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as VolumeId;
    const events = await store.readStream(volumeStream(id), 0)();
    if (E.isLeft(events)) throw new Error(`the log of ${id} cannot be read`);
    const state = events.right.reduce((before, event) => volume.evolve(before, { ...event.data, type: event.type } as VolumeEvent), volume.initial);
    return volume.owed(state).some((work) => work.kind === 'perform' && work.on === 'block' && owed.includes(work.action.do));
  };

  return {
    twice,
    late,
    count: () => count,
    run: (call) => async () => {
      const single = SINGLE.find(([noun, word]) => call.argv.includes(noun) && call.argv.includes(word));
      // Who has lost its lease is told so before it begins.
      if (single === undefined || call.signal.aborted) return run(call)();
      const line = call.argv.join(' ');
      const hex = /volume-([0-9a-f]{32})/.exec(line)?.[1];
      if (hex === undefined) throw new Error(`which volume is this: ${line}`);
      count += 1;
      const now = (under.get(hex) ?? 0) + 1;
      under.set(hex, now);
      if (now > 1) twice.push(line);
      // What the log says just now is read before this call goes on.
      void isOwed(hex, single[2]).then((owes) => (owes ? undefined : late.push(line)));
      try {
        return await run(call)();
      } finally {
        under.set(hex, (under.get(hex) ?? 1) - 1);
      }
    },
  };
};
