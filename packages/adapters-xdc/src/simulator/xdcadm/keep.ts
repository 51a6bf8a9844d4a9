/** Keeps what simulated hosts hold in a file. */
import { readJson, writeJson } from '../file.ts';
import { newHost, type SimHost } from './state.ts';

/** Enough to know a file of ours; what is inside was written by the simulator itself. Libraries would double the time that the program takes to start. */
const isKept = (value: unknown): value is SimHost => typeof value === 'object' && value !== null && 'running' in value && 'saved' in value;

/** The one host of a file. A file that is not there, or not ours, is a new host. */
export const readHost = (file: string): SimHost => {
  const kept = readJson(file);
  return isKept(kept) ? kept : newHost;
};

export const writeHost = (file: string, host: SimHost): void => writeJson(file, host);

/** All hosts of a file, by name. A file that is not there, or not ours, has none. */
export const readHosts = (file: string): ReadonlyMap<string, SimHost> => {
  const kept = readJson(file);
  return new Map(typeof kept === 'object' && kept !== null ? Object.entries(kept).filter((entry): entry is [string, SimHost] => isKept(entry[1])) : []);
};

export const writeHosts = (file: string, hosts: ReadonlyMap<string, SimHost>): void => writeJson(file, Object.fromEntries(hosts));
