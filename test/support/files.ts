import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository, without a trailing slash. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

const leftOut = new Set(['node_modules', 'dist', 'var', 'coverage', '.git', 'site']);

/** The files under a folder of the repository, sorted, as paths from its root. A missing folder has no files. */
export function filesUnder(folder: string, wanted: (path: string) => boolean): readonly string[] {
  const walk = (path: string): readonly string[] =>
    readdirSync(join(repositoryRoot, path), { withFileTypes: true }).flatMap((entry) => {
      if (leftOut.has(entry.name)) return [];
      const below = join(path, entry.name);
      return entry.isDirectory() ? walk(below) : wanted(below) ? [below] : [];
    });
  try {
    return walk(folder).toSorted();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
