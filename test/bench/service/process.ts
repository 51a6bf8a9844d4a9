/** `blockledger serve` as users have it: compiled, in a process of its own, and what it has worked. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/files.ts';

export const TOKEN = 'a-token-for-benchmarks';

/** A service that listens. */
export interface Served {
  readonly port: number;
  /** CPU seconds of it and of all programs that it ever ran, so far. */
  readonly cpuSeconds: () => number;
  readonly stop: () => Promise<void>;
}

/** What the kernel counts in, by `getconf CLK_TCK`; it is 100 on every Linux of our days. */
const TICKS = 100;

/** The fields of a process behind its name, which may hold blanks: parent, and ticks of its own and of children that it has waited for. */
const statOf = (pid: string): { readonly parent: number; readonly ticks: number } | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    return { parent: fields[1] ?? 0, ticks: fields.slice(11, 15).reduce((sum, each) => sum + each, 0) };
  } catch {
    return undefined;
  }
};

/** CPU seconds of a process, of its living descendants, and of those that ended. */
export const cpuSecondsOf = (root: number): number => {
  const all = new Map<number, { readonly parent: number; readonly ticks: number }>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(name) : undefined;
    if (stat !== undefined) all.set(Number(name), stat);
  }
  const ticksOf = (pid: number): number => (all.get(pid)?.ticks ?? 0) + [...all].filter(([, { parent }]) => parent === pid).reduce((sum, [child]) => sum + ticksOf(child), 0);
  return ticksOf(root) / TICKS;
};

const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => void child.once('close', () => resolve()));

/** Programs that are given a port of their own and say where they listen. `profile`: where V8 leaves its profile, for those who look for what bounds it. */
const listening = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Served> => {
  const profile = process.env['BLOCKLEDGER_BENCH_PROFILE'];
  const child = spawn(process.execPath, [...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]), ...args], { cwd: repositoryRoot, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const end = ended(child);
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, found] = /listening on https?:\/\/\S+:(\d+)/.exec(said) ?? [];
      if (found !== undefined) resolve(Number(found));
    });
    void end.then(() => reject(new Error(`it ended before it listened:\n${said}`)));
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return {
    port,
    cpuSeconds: () => cpuSecondsOf(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM');
      await end;
    },
  };
};

/** `blockledger serve` with a configuration of this folder, on a store. */
export const serve = (config: string, store: string, env: Readonly<Record<string, string>> = {}): Promise<Served> =>
  listening([join(repositoryRoot, 'packages/app/dist/cli/main.js'), 'serve', '--config', join(repositoryRoot, 'test/bench/service', config), '--store', store, '--port', '0'], {
    BLOCKLEDGER_TOKEN: TOKEN,
    BLOCKLEDGER_LOG_LEVEL: 'warn',
    ...env,
  });

/** A program of `peers` that prints `listening on http://…`. */
export const servePeer = (name: string, args: readonly string[]): Promise<Served> => listening(['--import', 'tsx', join(repositoryRoot, `test/bench/peers/${name}.ts`), ...args], {});
