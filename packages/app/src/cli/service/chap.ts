/** CHAP accounts: the user stands on the command line, and the secret never does, since others see command lines. */
import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { ending, messageOf, type Ending } from '../exit.ts';
import type { Io } from '../frame/io.ts';
import { flag, maybe } from '../frame/parts.ts';
import { path, text } from '../frame/readers.ts';

/** The options of an account. */
export const chapParts = {
  chapUser: maybe('--chap-user <user>', 'user of the CHAP account, 8 to 64 characters; its secret is taken from the file, else from BLOCKLEDGER_CHAP_SECRET, else asked for', text),
  chapSecretFile: maybe('--chap-secret-file <file>', 'file that holds the secret, 12 to 16 characters; - reads it from stdin', path),
} as const;

/** The same, where an account may be taken away. */
export const chapChangeParts = { ...chapParts, chapOff: flag('--chap-off', 'without CHAP') } as const;

interface Given {
  readonly chapUser: string | undefined;
  readonly chapSecretFile: string | undefined;
  readonly chapOff?: boolean;
}

/** An account as it is sent. */
export interface Account {
  readonly user: string;
  readonly secret: string;
}

/** A secret ends where its line does. */
const oneLine = (content: string, from: string): E.Either<Ending, string> => {
  const secret = content.replace(/\r?\n$/, '');
  return secret === '' ? E.left(ending('usage', `${from} holds no secret`)) : E.right(secret);
};

const fromFile = (file: string): E.Either<Ending, string> => {
  try {
    return oneLine(readFileSync(file, 'utf8'), file);
  } catch (thrown) {
    return E.left(ending('usage', `the secret cannot be read: ${messageOf(thrown)}`));
  }
};

const NOT_GIVEN = ending('usage', 'no secret was given, and nothing was asked for');

/** Typed twice: nothing shows it, neither now nor later. */
const fromTerminal = async (io: Io, user: string): Promise<E.Either<Ending, string>> => {
  const secret = await io.askSecretly(`Secret of ${user}: `);
  if (secret === undefined || secret === '') return E.left(NOT_GIVEN);
  const again = await io.askSecretly('Once more: ');
  return again === secret ? E.right(secret) : E.left(ending('usage', 'the two are not the same, and nothing was asked for'));
};

const secretFor = async (io: Io, user: string, file: string | undefined): Promise<E.Either<Ending, string>> => {
  if (file === '-') return oneLine(await io.readInput(), 'stdin');
  if (file !== undefined) return fromFile(file);
  const given = io.environment['BLOCKLEDGER_CHAP_SECRET'];
  if (given !== undefined && given !== '') return E.right(given);
  return io.canAsk ? fromTerminal(io, user) : E.left(ending('usage', 'no secret was given, and nobody can be asked here', 'name its file with --chap-secret-file, or - for stdin, or set BLOCKLEDGER_CHAP_SECRET'));
};

/** The account that was given; null where it is to be taken away, undefined where nothing was said of it. */
export const accountOf = async (io: Io, { chapUser: user, chapSecretFile: file, chapOff = false }: Given): Promise<E.Either<Ending, Account | null | undefined>> => {
  if (chapOff && user !== undefined) return E.left(ending('usage', '--chap-off and --chap-user exclude each other'));
  if (user === undefined && file !== undefined) return E.left(ending('usage', '--chap-secret-file goes with --chap-user'));
  if (user === undefined) return E.right(chapOff ? null : undefined);
  return E.map((secret: string) => ({ user, secret }))(await secretFor(io, user, file));
};
