/** Chooses how the cluster is reached, and in which words. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { permanent, type PortError } from '@blockledger/domain';
import type { Ceph } from './ceph.ts';
import { commandLine } from './commandLine.ts';
import type { Dialect } from './commands/dialect.ts';
import { upstream } from './commands/upstream.ts';
import { xsky } from './commands/xsky.ts';
import { helperRunner } from './helper/runner.ts';
import type { LibraryVersions } from './librados/calls.ts';
import { librados } from './librados/transport.ts';
import { byLibrary } from './librados/words.ts';
import { limited } from './limited.ts';
import type { RbdOptions, Settings } from './options.ts';

/** What carries the backend's questions to the cluster. */
export interface Carrier {
  readonly ceph: Ceph;
  /** Of the libraries; `undefined` where they are not asked. */
  readonly versions: (() => Promise<E.Either<PortError, LibraryVersions>>) | undefined;
  readonly close: () => Promise<void>;
}

const DIALECTS: Readonly<Record<Dialect['name'], Dialect>> = { upstream, xsky };

const usesLibrary = ({ transport }: RbdOptions): boolean => transport === 'librados';

/** The words that are used. */
export const dialectOf = (options: RbdOptions): Dialect => (usesLibrary(options) && options.dialect !== 'xsky' ? byLibrary : DIALECTS[options.dialect ?? 'upstream']);

/** Nobody has tried what XSKY's own librbd does. */
const notWithXsky: PortError = permanent('Unsupported', "transport: 'librados' speaks to upstream's librbd alone, not in the dialect xsky");

/** A diagnosis still finds the programs: what is wrong is the transport. */
const refusing = (programs: Ceph): Ceph => (call) => (call.settings.hasty ? programs(call) : TE.left(notWithXsky));

/** Programs, or the libraries with programs for the rest. No more of either is under way than the options say. */
export function carrier(options: RbdOptions, settings: Settings): Carrier {
  const programs = limited(commandLine(options.run ?? helperRunner()), settings.maxProcesses);
  if (!usesLibrary(options)) return { ceph: programs.run, versions: undefined, close: programs.close };
  if (options.dialect === 'xsky') return { ceph: refusing(programs.run), versions: () => Promise.resolve(E.left(notWithXsky)), close: programs.close };
  const library = librados({ connection: settings.connection, maxOperations: settings.maxOperations, fallback: programs.run });
  const calls = limited(library.ceph, settings.maxOperations);
  const close = async (): Promise<void> => {
    await Promise.all([calls.close(), programs.close()]);
    await library.close();
  };
  return { ceph: calls.run, versions: library.versions, close };
}
