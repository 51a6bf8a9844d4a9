/** This machine as a gateway host, or a network namespace of it. */
import { childrenDieWithUs, limited, processRunner } from '@blockledger/adapters-rbd/process';
import type { ProcessCall, ProcessRunner } from '@blockledger/domain';
import { checkedName, type Host } from './host.ts';

/** Options of `localHost`. */
export interface LocalHostOptions {
  /** By this name places know it. Default: `local`. */
  readonly name?: string;
  /** Words before every command line: `['ip', 'netns', 'exec', 'gw1']`, `['sudo', '-n']`. Default: none. */
  readonly prefix?: readonly string[];
  /** Runs the programs. Default: as child processes. Simulators are others. */
  readonly run?: ProcessRunner;
}

/** What a killed child had begun has landed by then. */
const SOON_MS = 1_000;
/** Where children may outlive us. */
const LATE_MS = 30_000;

/** Many programs that only listen may run beside the one that works. */
const MOST_ASIDE = 64;

/**
 * This machine, or a network namespace of it, as a gateway host.
 *
 * @example
 * import { localHost } from '@blockledger/adapters-xdc';
 * const host = localHost({ name: 'gw1' });
 * const answer = await host.run({ argv: ['echo', 'a b', '$HOME'], idleTimeoutMs: 5_000, signal: new AbortController().signal })();
 * answer._tag === 'Right' && answer.right.stdout; // => 'a b $HOME\n'
 * await host.close();
 */
export const localHost = ({ name = 'local', prefix = [], run = processRunner() }: LocalHostOptions = {}): Host => {
  const there: ProcessRunner = (call: ProcessCall) => run({ ...call, argv: [...prefix, ...call.argv] });
  const inTurn = limited(there, 1);
  const aside = limited(there, MOST_ASIDE);
  return {
    name: checkedName(name),
    run: inTurn.run,
    aside: aside.run,
    lateEffectsMs: childrenDieWithUs() ? SOON_MS : LATE_MS,
    close: async () => void (await Promise.all([inTurn.close(), aside.close()])),
  };
};
