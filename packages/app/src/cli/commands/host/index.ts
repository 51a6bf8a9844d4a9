/** Every `blockledger host …`. */
import type { CliCommand } from '../../frame/command.ts';
import { hostAddAddress, hostDeclareBack, hostDeclareOff, hostPause, hostRegister, hostRemoveAddress, hostResume, hostRetire } from './changing.ts';
import { hostAddresses, hostList, hostShow } from './reading.ts';

export const hostCommands: readonly CliCommand[] = [
  hostList,
  hostShow,
  hostAddresses,
  hostRegister,
  hostAddAddress,
  hostRemoveAddress,
  hostPause,
  hostResume,
  hostDeclareOff,
  hostDeclareBack,
  hostRetire,
];
