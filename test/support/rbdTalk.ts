/** Talking to a cluster, simulated or real, and comparing what two of them say. */
import { sharedFault, type Shared } from '@blockledger/adapters-rbd';
import type { ProcessRunner } from '@blockledger/domain';

/** One thing said to a cluster: the words after `rbd`, and what stands on its input. */
export interface Line {
  readonly args: readonly string[];
  readonly stdin?: Uint8Array;
}

/** What came back, without what differs from cluster to cluster: ids, times, addresses. */
export interface Reply {
  readonly exitCode: number;
  /** What tells faults of one exit code apart. */
  readonly fault: Shared;
  /** The JSON that was printed, if it was JSON; else whether anything was printed. */
  readonly said: unknown;
}

/** Stands for the id of an image's first hidden snapshot, which is another on each cluster; 0 where there is none. */
export const hiddenOf = (image: string): string => `<hidden of ${image}>`;

/** Says one thing and takes what comes back. */
export async function talk(run: ProcessRunner, { args: words, stdin }: Line): Promise<Reply> {
  const args = await Promise.all(words.map((word) => resolved(run, word, words)));
  const answer = await run({
    argv: ['rbd', ...args],
    idleTimeoutMs: 120_000,
    signal: new AbortController().signal,
    ...(stdin === undefined ? {} : { stdin }),
  })();
  if (answer._tag === 'Left') throw new Error(`rbd ${args.join(' ')}: ${JSON.stringify(answer.left)}`);
  const { exitCode, stdout } = answer.right;
  return { exitCode, fault: sharedFault(answer.right), said: saidIn(stdout) };
}

async function resolved(run: ProcessRunner, word: string, words: readonly string[]): Promise<string> {
  const image = /^<hidden of (.+)>$/.exec(word)?.[1];
  if (image === undefined) return word;
  const conf = words.includes('--conf') ? words.slice(words.indexOf('--conf'), words.indexOf('--conf') + 2) : [];
  const argv = ['rbd', 'snap', 'ls', '--all', image, '--format', 'json', ...conf];
  const answer = await run({ argv, idleTimeoutMs: 120_000, signal: new AbortController().signal })();
  if (answer._tag === 'Left' || answer.right.exitCode !== 0) return '0';
  const rows = JSON.parse(answer.right.stdout) as readonly { readonly id: number; readonly namespace: { readonly type: string } }[];
  return String(rows.find(({ namespace }) => namespace.type === 'trash')?.id ?? 0);
}

function saidIn(stdout: string): unknown {
  try {
    return masked(JSON.parse(stdout) as unknown);
  } catch {
    return stdout.trim() === '' ? 'nothing' : 'something';
  }
}

const CHANGING = new Set(['id', 'snapshot_id', 'block_name_prefix', 'client', 'cookie', 'address', 'locker']);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value === 'string') return UUID.test(value) ? '<uuid>' : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, inner]) => [key, CHANGING.has(key) || key.endsWith('timestamp') ? `<${typeof inner}>` : masked(inner)]),
  );
}
