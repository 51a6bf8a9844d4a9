/** Every `blockledger path …`. */
import type { CliCommand } from '../../frame/command.ts';
import { pathCreate, pathDelete, pathRedeploy, pathUpdate } from './changing.ts';
import { pathAddHost, pathMap, pathRemoveHost, pathUnmap } from './mapping.ts';
import { pathList, pathMappings, pathShow, pathTargets } from './reading.ts';

export const pathCommands: readonly CliCommand[] = [
  pathList,
  pathShow,
  pathTargets,
  pathMappings,
  pathCreate,
  pathUpdate,
  pathAddHost,
  pathRemoveHost,
  pathMap,
  pathUnmap,
  pathRedeploy,
  pathDelete,
];
