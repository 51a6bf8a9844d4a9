/** What a backend of targets tells keepalived: how a host sees for itself that it serves something. */
import type { KeepalivedOptions } from './options.ts';

/** These two options of `keepalivedVips`. */
export type Readiness = Required<Pick<KeepalivedOptions, 'check' | 'daemonPidFiles'>>;
