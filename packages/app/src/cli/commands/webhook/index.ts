/** Every `blockledger webhook …`. */
import type { CliCommand } from '../../frame/command.ts';
import { webhookCreate, webhookDelete, webhookRotateSecret, webhookUpdate } from './changing.ts';
import { webhookDeliveries, webhookList, webhookShow, webhookTest } from './reading.ts';

export const webhookCommands: readonly CliCommand[] = [webhookList, webhookShow, webhookCreate, webhookUpdate, webhookRotateSecret, webhookDelete, webhookTest, webhookDeliveries];
