/**
 * Contract suites and helpers for those who test against the domain.
 *
 * @packageDocumentation
 */
export * from './blockBackendContract.ts';
export * from './eventStoreContract.ts';
export * from './targetBackendContract.ts';
export * from './vipBackendContract.ts';
