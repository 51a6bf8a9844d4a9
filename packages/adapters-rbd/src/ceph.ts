/** What the backend asks of Ceph, whoever carries it there. */
import type { CallContext, PortError, ProcessResult } from '@blockledger/domain';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Command } from './commands/dialect.ts';
import type { Settings } from './options.ts';

/** One thing to ask. */
export interface CephCall {
  readonly command: Command;
  readonly settings: Settings;
  readonly signal: CallContext['signal'];
  /** Hears how far a long one has come. */
  readonly onProgress?: CallContext['onProgress'];
}

/**
 * Asks Ceph. However it is asked, the answer is that of the program that the command names: its exit code, which for `rbd` is the errno of
 * what failed, its JSON, and what it complains of. An answer is given only when nothing of the call runs any more.
 */
export type Ceph = (call: CephCall) => TaskEither<PortError, ProcessResult>;
