/** Where the array's password is kept: in the environment or in a file, never in the configuration itself. */
import { readFile } from 'node:fs/promises';
import { type Secret, secret } from '@blockledger/domain';

/**
 * The password in a variable of the environment.
 *
 * @param name of the variable. Where it is not set, logging in fails and says so.
 *
 * @example
 * import { passwordFromEnvironment } from '@blockledger/adapters-qsan';
 * process.env['EXAMPLE_ARRAY_PASSWORD'] = 'correct horse';
 * String(await passwordFromEnvironment('EXAMPLE_ARRAY_PASSWORD')()); // => '********'
 */
export const passwordFromEnvironment =
  (name: string): (() => Promise<Secret>) =>
  () => {
    const text = process.env[name];
    return text === undefined || text === '' ? Promise.reject(new Error(`the environment has no ${name}`)) : Promise.resolve(secret(text));
  };

/**
 * The password in a file, without the end of its last line. It is read at each login.
 *
 * @param path of the file. Where it cannot be read, logging in fails and says so.
 *
 * @example
 * import { passwordFromFile } from '@blockledger/adapters-qsan';
 * import { writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * writeFileSync(`${tmpdir()}/example-array.password`, 'correct horse\n');
 * String(await passwordFromFile(`${tmpdir()}/example-array.password`)()); // => '********'
 */
export const passwordFromFile =
  (path: string): (() => Promise<Secret>) =>
  async () => {
    const text = (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
    if (text === '') throw new Error(`${path} is empty`);
    return secret(text);
  };
