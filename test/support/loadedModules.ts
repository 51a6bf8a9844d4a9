/** Which modules an import loads: by asking Node's loader in a process of its own, not by a clock. */
import { execFileSync } from 'node:child_process';
import { repositoryRoot } from './files.ts';

/** Runs in Node's loader thread, which sees ES modules and what they import; CommonJS modules are found in the cache of `require`. */
const HOOKS = `import { writeSync } from 'node:fs';
export async function load(url, context, next) { writeSync(1, 'loaded ' + url + '\\n'); return next(url, context); }`;

const program = (statement: string): string =>
  `import { createRequire, register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(HOOKS)}));
${statement}
for (const path of Object.keys(createRequire('file:///').cache)) console.log('loaded file://' + path);`;

/** The paths of all modules that a statement loads, from the root of the repository; those of Node itself are left out. */
export const modulesLoadedBy = (statement: string): readonly string[] => {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program(statement)], { cwd: repositoryRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const paths = [...output.matchAll(/^loaded file:\/\/(.*)$/gm)].map(([, path = '']) => path.slice(repositoryRoot.length + 1));
  return [...new Set(paths)].toSorted();
};

/** The package of a module: `fp-ts`, `@blockledger/app`. */
export const packageOf = (path: string): string => {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return name ?? path.replace(/^packages\/([^/]+)\/.*/, '@blockledger/$1');
};
