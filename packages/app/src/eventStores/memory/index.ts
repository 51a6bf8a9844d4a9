/**
 * The event store in memory: the reference that the others are held against, and the store of tests and examples.
 *
 * @packageDocumentation
 */
export { memoryStore, type MemoryStoreOptions } from './memoryStore.ts';
export { withUpcasters, type Upcaster } from '../upcast.ts';
