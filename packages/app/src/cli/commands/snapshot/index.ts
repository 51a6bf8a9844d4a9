/** Every `blockledger snapshot …`. */
import type { CliCommand } from '../../frame/command.ts';
import { snapshotCreate, snapshotDelete, snapshotProtect, snapshotUnprotect } from './changing.ts';
import { snapshotList, snapshotShow } from './reading.ts';

export const snapshotCommands: readonly CliCommand[] = [snapshotList, snapshotShow, snapshotCreate, snapshotDelete, snapshotProtect, snapshotUnprotect];
