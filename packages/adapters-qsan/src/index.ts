/**
 * The backends of QSAN arrays.
 *
 * @module main
 */
export { qsanArray } from './array.ts';
export type { QsanBackends } from './array.ts';
export type { PasswordSource, QsanOptions } from './options.ts';
export { passwordFromEnvironment, passwordFromFile } from './password.ts';
export { snapshotName, targetName, volumeName } from './names.ts';
export { portErrorOf } from './errors.ts';
export type { Answer } from './errors.ts';
export * as codecs from './codecs.ts';
export * as requests from './requests.ts';
export type { ArrayRequest, RequestBody } from './requests.ts';
