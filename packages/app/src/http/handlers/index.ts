/** A handler for every operation. */
import type { Operations } from '../../api/operations/index.ts';
import type { Handlers } from './handler.ts';
import { backendHandlers } from './backends.ts';
import { eventHandlers } from './events.ts';
import { inspectionHandlers } from './inspection.ts';
import { poolHandlers } from './pools.ts';
import { snapshotHandlers } from './snapshots.ts';
import { taskHandlers } from './tasks.ts';
import { tokenHandlers } from './tokens.ts';
import { volumeHandlers } from './volumes.ts';
import { webhookHandlers } from './webhooks.ts';

export const handlers: Handlers<Operations> = { ...volumeHandlers, ...snapshotHandlers, ...poolHandlers, ...backendHandlers, ...taskHandlers, ...tokenHandlers, ...eventHandlers, ...webhookHandlers, ...inspectionHandlers };
