/** How an array says no: the body of every error (S1-4), and the errors whose words the source has (S1-2, S1-5, S1-7, S1-22). */
import { inGb } from './assumed.ts';
import type { QsanErrorBody } from './errorBody.ts';

export const invalidCredentials: QsanErrorBody = { error: 'Invalid credentials', code: 401 };

export const volumeNotFound = (name: string): QsanErrorBody => ({ error: 'Volume not found', code: 404, details: `Volume '${name}' does not exist` });

export const volumeNotMapped: QsanErrorBody = { error: 'Volume is not mapped to any target', code: 404 };

/** Out of space is a 400 as any bad request: only its text tells. */
export const insufficientSpace = (pool: string, freeBytes: number, requestedBytes: number): QsanErrorBody => ({
  error: 'Insufficient space',
  code: 400,
  details: `Pool '${pool}' has only ${inGb(freeBytes)} free, requested ${inGb(requestedBytes)}`,
});

export const volumeIsMapped: QsanErrorBody = { error: 'Volume is in use', code: 409, details: 'Volume is mapped to an iSCSI target and cannot be deleted' };
