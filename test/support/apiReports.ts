/** The API reports: what each entry point shows to importers, as text that a change of the face changes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './files.ts';

/** By the report's file name. */
export type ApiReports = Readonly<Record<string, string>>;

export const apiFolder = join(repositoryRoot, 'docs/api');

const read = (folder: string): ApiReports => Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

/** The reports on record. */
export const standingReports = (): ApiReports => read(apiFolder);

/** `npm run build`: what is looked at next is not of yesterday. */
export const build = (): void => {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { cwd: repositoryRoot, stdio: 'inherit' });
  execFileSync(process.execPath, ['.ci/prune.mjs'], { cwd: repositoryRoot });
};

/** The reports of the code as it is now. */
export const freshReports = (): ApiReports => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-api-'));
  try {
    build();
    execFileSync(process.execPath, ['docs/tools/apiReports.mjs', folder], { cwd: repositoryRoot });
    // A line that moved is no change of the face.
    return Object.fromEntries(Object.entries(read(folder)).map(([name, text]) => [name, text.replaceAll(/^(\/\/ \S+\.ts):\d+:\d+ - /gm, '$1 - ')]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
