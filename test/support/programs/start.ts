/** How a TypeScript program of this repository is started: as it was built, once for all test files of a run. */
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { repositoryRoot } from '../files.ts';
import { BUILT_AT, buildPrograms, builtPath, isCovered, START } from './build.ts';

const built = isCovered ? undefined : (process.env[BUILT_AT] ?? (await buildPrograms()));

/** For `node`, before the program: by which it runs TypeScript. */
export const runsTypeScript: readonly string[] = built === undefined ? ['--conditions=@blockledger/source', '--import', import.meta.resolve('tsx')] : ['--import', join(built, START)];

/** Where the program of this source stands; the source itself where it was not built. */
export const programPath = (source: string): string => {
  const path = built === undefined ? '' : join(built, builtPath(relative(repositoryRoot, resolve(repositoryRoot, source))));
  return existsSync(path) ? path : source;
};
