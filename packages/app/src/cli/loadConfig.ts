/** Reads a configuration file. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import type { GivenSettings, ServiceConfig } from './config.ts';
import { decodeConfig } from './configCodec.ts';
import { ending, messageOf, type Ending } from './exit.ts';

/** What a file that is not valid has started ends, too. */
const closeAll = async (made: unknown): Promise<void> => {
  if (typeof made === 'object' && made !== null && 'close' in made && typeof made.close === 'function') await (made.close as () => unknown)();
};

/** Imports the file, calls it if it is a function, and checks what came out. */
export const loadConfig = async (path: string, given: GivenSettings): Promise<E.Either<Ending, ServiceConfig>> => {
  const full = resolve(path);
  if (!existsSync(full)) return E.left(ending('config', `the configuration file ${path} is not there`, 'give its path with --config, or write one with `blockledger init`'));
  let made: unknown;
  try {
    const module = (await import(pathToFileURL(full).href)) as { readonly default?: unknown; readonly config?: unknown };
    const source = module.default ?? module.config;
    if (source === undefined) return E.left(ending('config', `${path} has neither a default export nor one named config`, 'write: export default defineConfig({ … })'));
    made = typeof source === 'function' ? await (source as (given: GivenSettings) => unknown)(given) : source;
  } catch (thrown) {
    return E.left(ending('config', `${path} cannot be loaded: ${messageOf(thrown)}`));
  }
  const decoded = decodeConfig(made);
  if (E.isRight(decoded)) return decoded;
  await closeAll(made);
  return E.left(ending('config', `${path} is not valid: ${decoded.left}`));
};
