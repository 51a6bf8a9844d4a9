/** Every `blockledger volume …`. */
import type { CliCommand } from '../../frame/command.ts';
import { volumeMigrate, volumeResize, volumeRollback, volumeUpdate } from './changing.ts';
import { volumeDelete, volumeDisown, volumeUndelete } from './ending.ts';
import { volumeAdopt, volumeClone, volumeCreate } from './making.ts';
import { volumeList, volumeShow } from './reading.ts';
import { volumeDemote, volumeFlatten, volumePromote } from './verbs.ts';

export const volumeCommands: readonly CliCommand[] = [
  volumeList,
  volumeShow,
  volumeCreate,
  volumeClone,
  volumeUpdate,
  volumeResize,
  volumeFlatten,
  volumeMigrate,
  volumeRollback,
  volumeDelete,
  volumeUndelete,
  volumeAdopt,
  volumeDisown,
  volumePromote,
  volumeDemote,
];
