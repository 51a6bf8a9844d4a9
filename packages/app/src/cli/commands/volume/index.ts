/** Every `blockledger volume …`. */
import type { CliCommand } from '../../frame/command.ts';
import { volumeFlatten, volumeResize, volumeRollback, volumeUpdate } from './changing.ts';
import { volumeDelete, volumeDemote, volumeDisown, volumePromote, volumeUndelete } from './ending.ts';
import { volumeAdopt, volumeClone, volumeCreate } from './making.ts';
import { volumeList, volumeShow } from './reading.ts';

export const volumeCommands: readonly CliCommand[] = [
  volumeList,
  volumeShow,
  volumeCreate,
  volumeClone,
  volumeUpdate,
  volumeResize,
  volumeFlatten,
  volumeRollback,
  volumeDelete,
  volumeUndelete,
  volumeAdopt,
  volumeDisown,
  volumePromote,
  volumeDemote,
];
