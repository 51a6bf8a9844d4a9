/** An `rbd` that dies, or is stopped, after a message of its choice: `strace` stops it at each message that it sends, and it goes on only when that was read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { CephCluster } from '../ceph.ts';

/** After which message it dies: the `nth` that asks the cluster for this. */
export interface Death {
  readonly after: RegExp;
  readonly nth: number;
}

/** What the cluster was asked last is done by then: nothing else is asked meanwhile. */
const DONE_MS = 200;

/** Who `strace` runs; undefined before it has begun, and after its end. */
const childOf = (pid: number): number | undefined => {
  const file = `/proc/${pid}/task/${pid}/children`;
  const [child] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : [];
  return child === undefined || child === '' ? undefined : Number(child);
};

/** One that is stopped after a message, for as long as it is left so. */
export interface StoppedRbd {
  /** It ends there; resolves when it is gone. */
  readonly kill: () => Promise<void>;
  /** It goes on to its end; resolves with its exit code. */
  readonly goOn: () => Promise<number | null>;
}

/** Runs `rbd` until it has sent a message, and stops it there. Fails where it ends without having sent that. */
export async function stoppedRbd(ceph: CephCluster, args: readonly string[], { after, nth }: Death): Promise<StoppedRbd> {
  const child = spawn('strace', ['-f', '-q', '-s', '4096', '-e', 'trace=sendmsg', '-e', 'inject=sendmsg:signal=SIGSTOP', 'rbd', '--conf', ceph.conf, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  let pid: number | undefined;
  let [seen, rest, isHeld, isOver] = [0, '', false, false];
  let onHeld = (): void => undefined;
  const held = new Promise<void>((resolve) => (onHeld = resolve));
  const tell = (signal: NodeJS.Signals): void => {
    pid ??= childOf(child.pid ?? 0);
    if (pid !== undefined && child.exitCode === null) sendTo(pid, signal);
  };
  const read = (line: string): void => {
    if (isHeld) return;
    if (!isOver && line.includes('sendmsg') && after.test(line)) seen += 1;
    isHeld = !isOver && seen >= nth;
    if (isHeld) {
      // It may have begun its next message already, and is stopped for good.
      tell('SIGSTOP');
      setTimeout(onHeld, DONE_MS);
    } else if (line.includes('stopped by SIGSTOP')) tell('SIGCONT');
  };
  child.stderr.setEncoding('latin1').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) read(line);
  });
  await Promise.race([held, ended]);
  if (!isHeld) throw new Error(`rbd ${args.join(' ')} ended after ${seen} messages with ${String(after)}`);
  return {
    kill: async () => {
      tell('SIGKILL');
      await ended;
    },
    goOn: async () => {
      [isHeld, isOver] = [false, true];
      tell('SIGCONT');
      await ended;
      return child.exitCode;
    },
  };
}

/** Runs `rbd`, which is killed after a message. Fails where it ends without having sent that. */
export const dyingRbd = async (ceph: CephCluster, args: readonly string[], death: Death): Promise<void> => (await stoppedRbd(ceph, args, death)).kill();

/** Signals a process, which may have ended meanwhile. */
function sendTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
