/** Every command there is, in the order of the help. */
import type { CliCommand } from '../frame/command.ts';
import type { Groups } from '../frame/program.ts';
import { completeCommand, completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { initCommand } from './init.ts';
import { serveCommand } from './serve.ts';
import { storeBackupCommand } from './storeBackup.ts';
import { storeVerifyCommand } from './storeVerify.ts';

/** What the groups of commands are about. */
export const groups: Groups = {
  store: 'The file in which the log of events stands',
};

export const commands: readonly CliCommand[] = [
  initCommand,
  serveCommand,
  doctorCommand,
  storeBackupCommand,
  storeVerifyCommand,
  completionCommand,
  completeCommand(
    () => ({ commands, groups }),
    () => Promise.resolve([]),
  ),
];
