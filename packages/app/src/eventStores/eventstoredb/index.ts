/**
 * The event store in EventStoreDB: durable, for several processes on several machines.
 *
 * @packageDocumentation
 */
export { openEventStoreDb, type EventStoreDbOptions } from './eventStoreDb.ts';
export { withUpcasters, type Upcaster } from '../upcast.ts';
