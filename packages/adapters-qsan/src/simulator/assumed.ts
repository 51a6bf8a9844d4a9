/**
 * What the source does not say of the API, and we took for granted, in one place. Whoever has an array compares these with it first, and
 * changes them here alone. The rule behind most: what is there already, or in use, is a 409, what is not there a 404, and what cannot be
 * read a 400, as the source's table of statuses has it (S1-4).
 */
import type { QsanErrorBody } from './errorBody.ts';

const BYTES_IN_GB = 2 ** 30;
const DECIMALS = 100;

/** Sizes in errors: of 2^30 bytes, as sizes in Cinder, with at most two decimals. */
export const inGb = (bytes: number): string => `${Math.round((bytes / BYTES_IN_GB) * DECIMALS) / DECIMALS}GB`;

/** Thin volumes may together be this many times as large as their pool. It is what Cinder is told (S1-29). */
export const OVER_SUBSCRIPTION = 20;

/** LUN numbers of a target: 0 to 255. */
export const MOST_LUNS = 256;

/** Names of volumes, snapshots and targets. The source has them in paths, and its longest has 53 characters. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Names of initiators and targets. */
export const ISCSI_NAME = /^(?:iqn\.\d{4}-\d{2}\.|eui\.|naa\.)[\w.:-]{1,210}$/i;

/** Passwords of CHAP have 12 to 16 characters as an advice (S1-24); the source's own has 19. So every length is taken, but none. */
export const isChapWord = (text: string): boolean => text.length > 0 && text.length <= 256;

const refusal = (code: number, error: string, details: string): QsanErrorBody => ({ error, code, details });

/** Errors whose words are ours. */
export const assumed = {
  tokenInvalid: refusal(401, 'Unauthorized', 'Token is invalid or has expired'),
  internal: refusal(500, 'Internal server error', 'The request could not be processed'),
  unknownPath: (method: string, path: string): QsanErrorBody => refusal(404, 'Not found', `There is no ${method} ${path}`),
  badBody: (details: string): QsanErrorBody => refusal(400, 'Invalid request', details),
  poolNotFound: (name: string): QsanErrorBody => refusal(404, 'Pool not found', `Pool '${name}' does not exist`),
  snapshotNotFound: (name: string): QsanErrorBody => refusal(404, 'Snapshot not found', `Snapshot '${name}' does not exist`),
  targetNotFound: (id: string): QsanErrorBody => refusal(404, 'Target not found', `Target '${id}' does not exist`),
  lunNotFound: (lun: string): QsanErrorBody => refusal(404, 'LUN not found', `LUN '${lun}' is not mapped`),
  initiatorNotFound: (initiator: string): QsanErrorBody => refusal(404, 'Initiator not found', `Initiator '${initiator}' is not in the ACL`),
  volumeExists: (name: string): QsanErrorBody => refusal(409, 'Volume already exists', `Volume '${name}' already exists`),
  snapshotExists: (name: string): QsanErrorBody => refusal(409, 'Snapshot already exists', `Snapshot '${name}' already exists`),
  targetExists: (name: string): QsanErrorBody => refusal(409, 'Target already exists', `Target '${name}' already exists`),
  volumeHasSnapshots: refusal(409, 'Volume is in use', 'Volume has snapshots and cannot be deleted'),
  volumeHasMapping: refusal(409, 'Volume is in use', 'Volume is already mapped to an iSCSI target'),
  targetHasLuns: refusal(409, 'Target is in use', 'Target has mapped LUNs and cannot be deleted'),
  lunTaken: (lun: number): QsanErrorBody => refusal(409, 'LUN ID already in use', `LUN ID ${lun} is already mapped`),
  noLunFree: refusal(409, 'No LUN ID available', `Target has ${MOST_LUNS} mapped LUNs`),
  initiatorExists: (initiator: string): QsanErrorBody => refusal(409, 'Initiator already exists', `Initiator '${initiator}' is already in the ACL`),
  notLarger: (bytes: number): QsanErrorBody => refusal(400, 'Invalid size', `New size must be greater than ${bytes}`),
  smallerThanSnapshot: (bytes: number): QsanErrorBody => refusal(400, 'Invalid size', `Size must be at least the snapshot's size ${bytes}`),
} as const;

/**
 * Everything that is assumed, for people.
 *
 * @example
 * import { QSAN_ASSUMPTIONS } from '@blockledger/adapters-qsan/simulator';
 * QSAN_ASSUMPTIONS.includes('a volume with snapshots is not deleted: 409'); // => true
 */
export const QSAN_ASSUMPTIONS: readonly string[] = [
  'a volume with snapshots is not deleted: 409',
  'a name that is taken is a 409; names of volumes and targets are unique on the array, those of snapshots within their volume',
  'a clone is a copy of its own: it takes as much as was written to its source, is thin if that is, and its source can be deleted',
  'a clone straight from a volume has no `source_snapshot`',
  'a snapshot takes no space of its own, and can be deleted at any time',
  'a thick volume takes its whole size at once, a thin one what hosts write; thin ones may together be 20 times as large as their pool',
  'sizes in errors are of 2^30 bytes; what is requested by an extension is what it adds',
  'a volume that is mapped is `in-use`, and grows all the same',
  'a target with LUNs is not deleted: 409; its ACL and its account go with it',
  'a second mapping of a volume is a 409, also of the same number on the same target',
  'a LUN number that is taken is a 409; without one the lowest that is free is given, from 0 to 255',
  'an initiator that is in the ACL is not added again: 409; one that is not in it is a 404',
  'an account of CHAP takes the place of the one before, and holds from the next login on',
  'targets are asked for by name alone: without one a 400, and an unknown one is an empty list',
  'a token lasts from its login, not from its last use; several stand side by side; a path that is not there is a 401 without one',
  'nobody is refused with 403; bodies are read as JSON whatever their type says; fields that are not known are passed over',
];
