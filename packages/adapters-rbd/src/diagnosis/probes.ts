/** What a diagnosis asks the programs. Nothing of it changes anything. */
import type { Command } from '../commands/dialect.ts';

export const PROGRAMS = ['rbd', 'rados', 'ceph'] as const;

/** The version of a program. */
export const version = (program: (typeof PROGRAMS)[number]): Command => ({ program, args: ['--version'], summary: `ask ${program} for its version` });

/** A value as the programs read it from the configuration file. */
export const configured = (key: string): Command => ({ program: 'ceph-conf', args: ['--show-config-value', key], summary: `read ${key} from the configuration` });

export const health = (): Command => ({ program: 'ceph', args: ['health', '--format', 'json'], summary: 'ask for the health of the cluster' });

/** A large answer, with the monitor's clock at its beginning: nothing smaller that a user of volumes may ask for tells the time. */
export const report = (): Command => ({ program: 'ceph', args: ['report'], summary: "ask for the cluster's time" });

/**
 * Breaks a lock on an object that never existed. An object's server checks the permission first (read, write, execute: all that volumes
 * need) and only then looks for the object, so the answer tells what is allowed, and nothing is ever left behind.
 */
export const mayWork = (pool: string, installationId: string): Command => ({
  program: 'rados',
  args: ['lock', 'break', `blockledger.probe.${installationId}`, 'probe', 'client.1', '-p', pool],
  summary: `ask whether pool ${pool} may be worked on`,
});
