/** Watches for steps that must not be done by two at once. */
import type { ProcessRunner } from '@blockledger/domain';

/** What nobody may do to an image while somebody else is at it. */
const SINGLE = [['snap', 'rollback'], ['migration', 'commit'], ['migration', 'abort']] as const;

export interface Singles {
  readonly run: ProcessRunner;
  /** How many there were. */
  readonly count: () => number;
  /** Those that two were at. */
  readonly twice: readonly string[];
}

/** The same cluster, watched. */
export const watchedSingles = (run: ProcessRunner): Singles => {
  const under = new Map<string, number>();
  const twice: string[] = [];
  let count = 0;
  return {
    twice,
    count: () => count,
    run: (call) => async () => {
      const verb = SINGLE.find(([noun, word]) => call.argv.includes(noun) && call.argv.includes(word));
      if (verb === undefined) return run(call)();
      const image = /volume-[0-9a-f]{32}/.exec(call.argv.join(' '))?.[0] ?? call.argv.join(' ');
      count += 1;
      const now = (under.get(image) ?? 0) + 1;
      under.set(image, now);
      if (now > 1) twice.push(call.argv.join(' '));
      try {
        return await run(call)();
      } finally {
        under.set(image, (under.get(image) ?? 1) - 1);
      }
    },
  };
};
