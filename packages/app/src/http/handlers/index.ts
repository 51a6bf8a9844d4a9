/** A handler for every operation. */
import type { Operations } from '../../api/operations/index.ts';
import type { Handlers } from './handler.ts';
import { accessPathHandlers } from './accessPaths.ts';
import { attachmentHandlers } from './attachments.ts';
import { backendHandlers } from './backends.ts';
import { clientGroupHandlers } from './clientGroups.ts';
import { eventHandlers } from './events.ts';
import { hostHandlers } from './hosts.ts';
import { inspectionHandlers } from './inspection.ts';
import { mappingGroupHandlers } from './mappingGroups.ts';
import { poolHandlers } from './pools.ts';
import { snapshotHandlers } from './snapshots.ts';
import { taskHandlers } from './tasks.ts';
import { tokenHandlers } from './tokens.ts';
import { vipGroupHandlers } from './vipGroups.ts';
import { volumeHandlers } from './volumes.ts';
import { webhookHandlers } from './webhooks.ts';

export const handlers: Handlers<Operations> = {
  ...volumeHandlers,
  ...attachmentHandlers,
  ...snapshotHandlers,
  ...poolHandlers,
  ...backendHandlers,
  ...hostHandlers,
  ...clientGroupHandlers,
  ...accessPathHandlers,
  ...mappingGroupHandlers,
  ...vipGroupHandlers,
  ...taskHandlers,
  ...tokenHandlers,
  ...eventHandlers,
  ...webhookHandlers,
  ...inspectionHandlers,
};
