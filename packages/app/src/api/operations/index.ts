/** Every operation there is, by its id. */
import type { Operation } from '../operation.ts';
import { accessPathOperations } from './accessPaths.ts';
import { attachmentOperations } from './attachments.ts';
import { backendOperations } from './backends.ts';
import { clientGroupOperations } from './clientGroups.ts';
import { eventOperations } from './events.ts';
import { hostOperations } from './hosts.ts';
import { inspectionOperations } from './inspection.ts';
import { mappingGroupOperations } from './mappingGroups.ts';
import { poolOperations } from './pools.ts';
import { snapshotOperations } from './snapshots.ts';
import { taskOperations } from './tasks.ts';
import { tokenOperations } from './tokens.ts';
import { vipGroupOperations } from './vipGroups.ts';
import { volumeOperations } from './volumes.ts';
import { webhookOperations } from './webhooks.ts';

/** Every operation of the REST face, as it is declared: its path, parameters, body and replies. */
export const operations = {
  ...volumeOperations,
  ...attachmentOperations,
  ...snapshotOperations,
  ...poolOperations,
  ...backendOperations,
  ...hostOperations,
  ...clientGroupOperations,
  ...accessPathOperations,
  ...mappingGroupOperations,
  ...vipGroupOperations,
  ...taskOperations,
  ...tokenOperations,
  ...eventOperations,
  ...webhookOperations,
  ...inspectionOperations,
} as const;

/** All operations, with the types of what they take and answer. */
export type Operations = typeof operations;
/** The name of an operation: `createVolume`. */
export type OperationId = keyof Operations;

/** All of them, without their types, in the order of the document. */
export const everyOperation = Object.entries(operations) as unknown as readonly (readonly [OperationId, Operation])[];
