/** Keeps what a simulated host holds in a file, so that it outlives the process. */
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { newHost, type SimHost } from './state.ts';

const parsed = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

/** Enough to know a file of ours; what is inside was written by the simulator itself. Libraries would double the time that the program takes to start. */
const isKept = (value: unknown): value is SimHost => typeof value === 'object' && value !== null && 'running' in value && 'saved' in value;

/** A file that is not there, or not ours, is a new host. */
export const readHost = (file: string): SimHost => {
  const kept = parsed(file);
  return isKept(kept) ? kept : newHost;
};

/** Simulated secrets stand in it in clear, so only its owner reads it. */
export const writeHost = (file: string, host: SimHost): void => {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(host), { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
};
