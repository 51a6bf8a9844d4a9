/**
 * The Ceph RBD backend.
 *
 * @packageDocumentation
 */
export { rbdBackend } from './backend.ts';
export type { RbdOptions } from './options.ts';
export { processRunner } from './run.ts';
export { imageName, snapshotName, snapshotIdOf, volumeIdOf } from './names.ts';
export { EXIT, portErrorOf, sharedFault } from './errors.ts';
export type { Shared } from './errors.ts';
export { QOS_TABLE } from './marks.ts';
export { upstream } from './commands/upstream.ts';
export { xsky, XSKY_PROGRESS_SOCKET } from './commands/xsky.ts';
export type { Command, Dialect, NewClone, NewImage, NewSize } from './commands/dialect.ts';
export type { Image, SnapshotOf } from './names.ts';
export type { Metas } from './marks.ts';
