/**
 * A simulated Ceph cluster, to develop and to test without one: it answers the command lines of `rbd`, `rados` and `ceph` as a real one
 * does, exit codes, texts and JSON alike, so the very same backend runs over it.
 *
 * @packageDocumentation
 */
export { simulateRbd } from './simulator.ts';
export type { SimHooks, Simulator, SimulatorOptions } from './simulator.ts';
export type { Inspector, SeenImage } from './inspect.ts';
export { seeded, seededFaults } from './faults.ts';
export type { SimEffect, SimFault } from './faults.ts';
export { OBJECT_BYTES, type Content, type SimImage, type SimLock, type SimParent, type SimSnapshot, type SimWatcher } from './state.ts';
