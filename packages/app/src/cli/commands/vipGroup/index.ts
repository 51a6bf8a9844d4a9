/** Every `blockledger vip-group …`. */
import type { CliCommand } from '../../frame/command.ts';
import { vipGroupCreate, vipGroupDelete, vipGroupRedeploy, vipGroupUpdate } from './changing.ts';
import { vipGroupAddHost, vipGroupAddVip, vipGroupRemoveHost, vipGroupRemoveVip } from './members.ts';
import { vipGroupList, vipGroupShow, vipGroupVips } from './reading.ts';

export const vipGroupCommands: readonly CliCommand[] = [
  vipGroupList,
  vipGroupShow,
  vipGroupVips,
  vipGroupCreate,
  vipGroupUpdate,
  vipGroupAddVip,
  vipGroupRemoveVip,
  vipGroupAddHost,
  vipGroupRemoveHost,
  vipGroupRedeploy,
  vipGroupDelete,
];
