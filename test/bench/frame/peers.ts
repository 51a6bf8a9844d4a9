/**
 * What `npm run bench` alone installs is imported only by the files in `peers`, which the compiler and the linter of the repository leave out:
 * `npm ci` at the root knows nothing of it. So they are loaded by a name that no tool follows.
 */
import { readFileSync } from 'node:fs';

/** A module of `peers`, such as `plots`. */
export const peer = async <Exports>(name: string): Promise<Exports> => (await import(new URL(`../peers/${name}.ts`, import.meta.url).href)) as Exports;

/** The installed version of a package of `test/bench/package.json`. */
export const versionOf = (name: string): string => {
  const manifest: unknown = JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8'));
  return (manifest as { readonly version: string }).version;
};
