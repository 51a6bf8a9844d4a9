/**
 * The event store in one SQLite file: durable, for one machine and one process at a time.
 *
 * @packageDocumentation
 */
export { openSqliteStore, type SqliteOptions, type SqliteStore } from './sqliteStore.ts';
export { openStoreFile, type OnProgress, type StoreFile } from './storeFile.ts';
export type { Verified } from './verify.ts';
export { withUpcasters, type Upcaster } from '../upcast.ts';
