import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore, type SqliteStore } from '@blockledger/app/sqlite';
import { repositoryRoot } from './files.ts';
import { programPath, runsTypeScript } from './programs/start.ts';

/** A new folder under the system's temporary folder, and how to remove it. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Opens a store, or fails the test with the store's own words. */
export async function openedStore(path: string): Promise<SqliteStore> {
  const opened = await openSqliteStore({ path });
  if (opened._tag === 'Left') throw new Error(`cannot open ${path}: ${JSON.stringify(opened.left)}`);
  return opened.right;
}

/** A child process over `test/support/sqliteChild.ts`, and the lines that it has printed. */
export interface SqliteChild {
  readonly pid: number;
  readonly lines: string[];
  /** Fulfilled when this many lines were printed, or the process has ended. */
  readonly printed: (count: number) => Promise<void>;
  /** Kills it with SIGKILL and waits until it is gone and all its lines are read. */
  readonly kill: () => Promise<void>;
}

/** Starts a process that opens the store at `path`. */
export function sqliteChild(mode: 'hold' | 'append', path: string): SqliteChild {
  const child = spawn(
    process.execPath,
    [...runsTypeScript, programPath('test/support/sqliteChild.ts'), mode, path],
    { cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
  });
  return {
    pid: child.pid ?? -1,
    lines,
    printed: async (count) => {
      while (lines.length < count && child.exitCode === null && child.signalCode === null) await sleep(5);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
