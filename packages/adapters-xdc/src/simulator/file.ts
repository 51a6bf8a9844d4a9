/** Files in which simulators keep what they hold, so that it outlives the process. */
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What stands in the file; undefined where it is not there, or no JSON. */
export const readJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

/** Simulated secrets stand in it in clear, so only its owner reads it. */
export const writeJson = (file: string, value: unknown): void => {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(value), { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
};
