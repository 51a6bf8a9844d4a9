/** The one place of a diagnosis that looks at files. What is in them is never read. */
import { accessSync, constants, statSync } from 'node:fs';

/** What a file is for this process. */
export type FileFacts = { readonly _tag: 'Absent' } | { readonly _tag: 'Unreadable' } | { readonly _tag: 'Readable'; readonly mode: number };

const PERMISSIONS = 0o777;

/** Looks at a file. */
export const factsOf = (path: string): FileFacts => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { _tag: 'Absent' };
  try {
    accessSync(path, constants.R_OK);
    return { _tag: 'Readable', mode: stats.mode & PERMISSIONS };
  } catch {
    return { _tag: 'Unreadable' };
  }
};
