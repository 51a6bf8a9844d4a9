/** An initiator that writes block after block in one session, and knows which of them were acknowledged. */
import { spawn } from 'node:child_process';
import { setTimeout as later } from 'node:timers/promises';
import { commandOf, imageOf, type Way } from './initiator.ts';

const BLOCK = 4_096;
/** Between two writes, in ms. */
const PAUSE_MS = 25;
/** No answer for so long ends the test, in ms. */
const PATIENCE_MS = 90_000;

/** Writes until it is told to stop. */
export interface SteadyWriter {
  /** How many blocks were acknowledged. */
  readonly acknowledged: () => number;
  /** Waits until so many more are. */
  readonly more: (blocks: number) => Promise<void>;
  /** The longest time that a block had to wait for its answer, in ms, since this was last asked. */
  readonly longestStallMs: () => number;
  /** Ends the session; every block that was acknowledged, by its number. */
  readonly stop: () => Promise<ReadonlySet<number>>;
}

/** What stands in block n: no two blocks alike for a long time, and none like an untouched one. */
const patternOf = (block: number): number => (block % 251) + 1;

/** Blocks that are not what was written, by their numbers: lost or mixed up. `bytes` is the image as its storage has it. */
export const wrongBlocks = (bytes: Uint8Array, acknowledged: ReadonlySet<number>): readonly number[] =>
  [...acknowledged].filter((block) => bytes.subarray(block * BLOCK, (block + 1) * BLOCK).some((byte) => byte !== patternOf(block)));

/** Begins. Undefined when the initiator is not let in. */
export const startWriter = async (way: Way): Promise<SteadyWriter | undefined> => {
  const child = spawn(...commandOf(way, 'qemu-io', imageOf(way)), { stdio: ['pipe', 'pipe', 'pipe'] });
  let heard = '';
  let wake = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      wake();
    });
  }
  child.stdin.on('error', () => undefined);
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      hasEnded = true;
      wake();
      resolve();
    });
  });
  const prompt = async (): Promise<boolean> => {
    const until = Date.now() + PATIENCE_MS;
    while (!heard.includes('qemu-io>') && !hasEnded && Date.now() < until) await Promise.race([new Promise<void>((resolve) => void (wake = resolve)), later(500)]);
    return heard.includes('qemu-io>');
  };
  if (!(await prompt())) {
    child.kill('SIGKILL');
    return undefined;
  }
  const acknowledged = new Set<number>();
  let [isStopping, longest, asked] = [false, 0, 0];
  const write = async (): Promise<void> => {
    for (let block = 0; !isStopping && !hasEnded; block += 1) {
      heard = '';
      asked = Date.now();
      child.stdin.write(`write -q -P ${patternOf(block)} ${block * BLOCK} ${BLOCK}\n`);
      if (!(await prompt())) return;
      longest = Math.max(longest, Date.now() - asked);
      if (!/fail|error/i.test(heard)) acknowledged.add(block);
      await later(PAUSE_MS);
    }
  };
  const writing = write();
  return {
    acknowledged: () => acknowledged.size,
    more: async (blocks) => {
      const wanted = acknowledged.size + blocks;
      for (const until = Date.now() + PATIENCE_MS; acknowledged.size < wanted; await later(20)) {
        if (hasEnded || Date.now() > until) throw new Error(`the initiator got no more than ${acknowledged.size} blocks acknowledged; last it heard: ${heard.slice(-400)}`);
      }
    },
    longestStallMs: () => {
      const found = longest;
      longest = 0;
      return found;
    },
    stop: async () => {
      isStopping = true;
      await writing;
      child.kill('SIGKILL');
      await ended;
      return acknowledged;
    },
  };
};
