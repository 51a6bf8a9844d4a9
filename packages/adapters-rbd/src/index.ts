/**
 * The Ceph RBD backend.
 *
 * @module main
 */
export { rbdBackend } from './backend.ts';
export type { RbdOptions } from './options.ts';
export { processRunner } from './run.ts';
export { helperRunner } from './helper/runner.ts';
export { imageName, snapshotName, snapshotIdOf, volumeIdOf } from './names.ts';
export { EXIT, portErrorOf, sharedFault } from './errors.ts';
export type { Patience, Shared } from './errors.ts';
export { QOS_TABLE } from './marks.ts';
export { upstream } from './commands/upstream.ts';
export { xsky, XSKY_PROGRESS_SOCKET } from './commands/xsky.ts';
export type { Command, Dialect, MigrationWords, NewClone, NewImage, NewSize } from './commands/dialect.ts';
export type { LibraryCall } from './librados/calls.ts';
export type { Image, SnapshotOf } from './names.ts';
export type { Metas, QosRow } from './marks.ts';
