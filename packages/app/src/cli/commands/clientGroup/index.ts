/** Every `blockledger client-group …`. */
import type { CliCommand } from '../../frame/command.ts';
import { clientGroupCreate, clientGroupDelete, clientGroupUpdate } from './changing.ts';
import { clientGroupList, clientGroupShow } from './reading.ts';

export const clientGroupCommands: readonly CliCommand[] = [clientGroupList, clientGroupShow, clientGroupCreate, clientGroupUpdate, clientGroupDelete];
