/**
 * The event store in memory.
 *
 * @packageDocumentation
 */
export {};
