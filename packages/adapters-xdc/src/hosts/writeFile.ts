/** Files on a host: there whole, or not at all. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { CancelSignal, PortError } from '@blockledger/domain';
import type { Host } from './host.ts';

/** A file to write. */
export interface HostFile {
  /** Absolute. Its folder is made if need be, for the owner alone. */
  readonly path: string;
  readonly text: string;
  /** Who may do what, in octal. Default: `600`. */
  readonly mode?: '600' | '644' | '700' | '755';
}

/** What a connection cut off half way has sent is not put in the place of the file: the length is compared. */
const SCRIPT = [
  'umask 077',
  'mkdir -p -- "$(dirname -- "$1")" || exit 1',
  'new=$(mktemp -- "$1.XXXXXX") || exit 1',
  `trap 'rm -f -- "$new"' EXIT`,
  'cat > "$new" && test "$(wc -c < "$new")" -eq "$3" && chmod -- "$2" "$new" && sync -- "$new" && mv -f -- "$new" "$1"',
].join('\n');

/** Long enough for a slow disk, in ms. */
const PATIENCE_MS = 15_000;

/**
 * Writes a file on a host. Readers see the old one or the new one, whole, whenever this is cut off. What is written goes by `stdin`, so it may
 * be secret.
 *
 * @example
 * import { localHost, writeFile } from '@blockledger/adapters-xdc';
 * const host = localHost();
 * const answer = await writeFile(host, { path: '/tmp/blockledger-example/motd', text: 'hello\n' }, new AbortController().signal)();
 * answer._tag; // => 'Right'
 */
export const writeFile = (host: Host, { path, text, mode = '600' }: HostFile, signal: CancelSignal): TaskEither<PortError, void> =>
  pipe(
    host.run({ argv: ['sh', '-c', SCRIPT, 'sh', path, mode, String(Buffer.byteLength(text))], stdin: text, idleTimeoutMs: PATIENCE_MS, signal }),
    TE.chainEitherK(({ exitCode, stderr }) => {
      if (exitCode === 0) return E.right(undefined);
      const message = `${path} cannot be written on host ${host.name}: ${stderr.trim().split('\n').at(-1) ?? ''}`;
      return E.left<PortError>({ _tag: 'Retryable', code: 'CannotWrite', message, outcomeUnknown: false });
    }),
  );
