import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, type SqliteStore } from '@blockledger/app/sqlite';

/** A new folder under the system's temporary folder, and how to remove it. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Opens a store, or fails the test with the store's own words. */
export async function openedStore(path: string): Promise<SqliteStore> {
  const opened = await openSqliteStore({ path });
  if (opened._tag === 'Left') throw new Error(`cannot open ${path}: ${JSON.stringify(opened.left)}`);
  return opened.right;
}
