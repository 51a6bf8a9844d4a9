/** Keeps what a simulated host holds in a file, so that it outlives the process. */
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { newHost, type SimHost } from './state.ts';

const Daemon = t.type({ ats: t.UnknownArray, luns: t.UnknownArray });
/** Enough to know a file of ours; what is inside was written by the simulator itself. */
const Kept = t.type({ running: Daemon, saved: Daemon });

/** A file that is not there, or not ours, is a new host. */
export const readHost = (file: string): SimHost => {
  const json = E.tryCatch((): unknown => JSON.parse(readFileSync(file, 'utf8')), String);
  return E.isRight(json) && Kept.is(json.right) ? (json.right as object as SimHost) : newHost;
};

/** Simulated secrets stand in it in clear, so only its owner reads it. */
export const writeHost = (file: string, host: SimHost): void => {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(host), { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
};
