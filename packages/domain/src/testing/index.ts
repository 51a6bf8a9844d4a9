/**
 * Contract suites and helpers for those who test against the domain.
 *
 * @packageDocumentation
 */
export * from './eventStoreContract.ts';
