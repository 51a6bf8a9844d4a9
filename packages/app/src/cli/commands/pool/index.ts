/** Every `blockledger pool …`. */
import type { CliCommand } from '../../frame/command.ts';
import { poolHealth, poolPause, poolRegister, poolResume, poolRetire, poolUpdate } from './changing.ts';
import { poolList, poolShow } from './reading.ts';

export const poolCommands: readonly CliCommand[] = [poolList, poolShow, poolRegister, poolUpdate, poolHealth, poolPause, poolResume, poolRetire];
