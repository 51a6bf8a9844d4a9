/**
 * A simulated QSAN array, to develop and to test without one: `startQsanArray` is a real HTTPS server with the whole API of the source, its
 * errors, its tokens and its accounting of space, and whatever can go wrong on the way.
 *
 * @packageDocumentation
 */
export { startQsanArray, type QsanAnswer, type QsanArray } from './array.ts';
export { QSAN_ASSUMPTIONS } from './assumed.ts';
export { seededQsanFaults, type QsanFault, type QsanFaultRule, type QsanFaults, type QsanRequest, type SeededQsanFaults } from './faults.ts';
export type { QsanArrayOptions, QsanPoolOptions } from './options.ts';
export type { QsanLogged } from './requestLog.ts';
export type { QsanSimChap, QsanSimPool, QsanSimSession, QsanSimSnapshot, QsanSimSpace, QsanSimState, QsanSimTarget, QsanSimVolume } from './state.ts';
