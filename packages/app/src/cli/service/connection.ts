/** What a host needs to log in, as an operator may see it: the secret of the account only where it is asked for. */
import { existsSync, writeFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import type { ConnectionInfoBody } from '../../api/bodies/attachment.ts';
import type { ApiClient } from '../../client/index.ts';
import { ending, messageOf, type Ending } from '../exit.ts';
import { flag, maybe } from '../frame/parts.ts';
import { path } from '../frame/readers.ts';
import type { Ref } from './refs.ts';
import { orEnd } from './serviceCommand.ts';

/** The options about the secret. */
export const secretParts = {
  chapSecretFile: maybe('--chap-secret-file <file>', 'file to write the CHAP secret to, for this user alone; it must not be there yet', path),
  showChapSecret: flag('--show-chap-secret', 'print the CHAP secret'),
} as const;

/** What was said of it. */
export interface SecretGiven {
  readonly chapSecretFile: string | undefined;
  readonly showChapSecret: boolean;
}

/** Left where a file is in the way: found out before anything is asked. */
export const fileIsFree = ({ chapSecretFile: file }: SecretGiven): E.Either<Ending, void> =>
  file !== undefined && existsSync(file) ? E.left(ending('cannotCreate', `${file} is there already`, 'name another file, or remove it')) : E.right(undefined);

const written = (file: string, secret: string): E.Either<Ending, void> => {
  try {
    writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
    return E.right(undefined);
  } catch (thrown) {
    return E.left(ending('cannotCreate', `the secret cannot be written: ${messageOf(thrown)}`));
  }
};

/** The connection of an attachment; its secret is written or kept as it was said, and taken out otherwise. */
export const connectionOf = async (client: ApiClient, attachment: { readonly volume: Ref; readonly attachment: Ref }, { chapSecretFile: file, showChapSecret }: SecretGiven): Promise<E.Either<Ending, ConnectionInfoBody>> => {
  const answered = orEnd(await client.getConnectionInfo({ path: attachment }));
  if (E.isLeft(answered)) return answered;
  const { connection_info: info } = answered.right.body;
  const kept = file === undefined || info.tsecret === null ? E.right(undefined) : written(file, info.tsecret);
  return E.map(() => (showChapSecret ? info : { ...info, tsecret: null }))(kept);
};
