/** How Node finds modules in a program of a test: what was built stands for its source, and other TypeScript, such as a configuration file, is compiled as it is read. */
import { readFile } from 'node:fs/promises';
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Where what was built stands, by what importers write and by the URL of its source. */
type Built = Readonly<Record<string, string>>;

let built: Built = {};

export const initialize: InitializeHook<Built> = (data) => {
  built = data;
};

export const resolve: ResolveHook = async (specifier, context, next) => {
  const named = built[specifier];
  if (named !== undefined) return { url: named, format: 'module', shortCircuit: true };
  const found = await next(specifier, context);
  const standing = built[found.url];
  return standing === undefined ? found : { ...found, url: standing, format: 'module' };
};

export const load: LoadHook = async (url, context, next) => {
  if (!url.endsWith('.ts')) return next(url, context);
  const { transformSync } = await import('esbuild');
  const { code } = transformSync(await readFile(fileURLToPath(url), 'utf8'), { loader: 'ts', format: 'esm', target: 'node20' });
  return { format: 'module', source: code, shortCircuit: true };
};
