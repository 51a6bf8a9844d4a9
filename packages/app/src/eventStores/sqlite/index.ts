/**
 * The event store in one SQLite file.
 *
 * @packageDocumentation
 */
export {};
