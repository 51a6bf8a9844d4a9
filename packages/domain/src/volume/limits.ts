/** Limits of a volume: every number in one place. */
import { GIB, MIB, TIB } from '../kernel/quantities.ts';

/** 512 TiB, 2^40 based: 562 949 953 421 312 bytes (S0-17, R-25). */
export const MAX_VOLUME_BYTES = 512 * TIB;
/** A volume holds something. */
export const MIN_VOLUME_BYTES = MIB;
/** Snapshots of one volume, internal ones counted (S0-61, R-26). */
export const MAX_SNAPSHOTS = 256;
/** Ancestors of a linked clone: exactly 16 still map in the kernel (S0-31, R-26). */
export const MAX_CLONE_DEPTH = 16;
/** Bandwidth limits go up to 1 TiB/s (a guard against units mistaken). */
export const MAX_BYTES_PER_SECOND = 1024 * GIB;
/** IO operations per second go up to 1 000 000 000. */
export const MAX_IOPS = 1_000_000_000;
/** How long a rollback's backup snapshot is kept: 7 days. */
export const BACKUP_RETENTION_MS = 7 * 24 * 3_600_000;
/** How long until an expired internal object that could not be removed is tried again: 1 hour. */
export const RETENTION_EXTENSION_MS = 3_600_000;
/** Longest retention in the trash: 10 years. */
export const MAX_TRASH_RETENTION_MS = 10 * 365 * 24 * 3_600_000;
/** Attachments of one volume, all users counted. */
export const MAX_ATTACHMENTS = 256;
/** Longest name of an instance, a host or a mount point that an attachment keeps. */
export const MAX_ATTACHMENT_TEXT = 255;
/** Labels of one resource. */
export const MAX_LABELS = 64;
