/** Every `blockledger task …`. */
import type { CliCommand } from '../../frame/command.ts';
import { taskAbandon, taskCancel, taskRetry } from './changing.ts';
import { taskList, taskShow, taskWatch } from './reading.ts';

export const taskCommands: readonly CliCommand[] = [taskList, taskShow, taskWatch, taskRetry, taskAbandon, taskCancel];
