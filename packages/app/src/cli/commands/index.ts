/** Every command there is, in the order of the help. */
import type { CliCommand } from '../frame/command.ts';
import type { Groups } from '../frame/program.ts';
import { serveCommand } from './serve.ts';

/** What the groups of commands are about. */
export const groups: Groups = {};

export const commands: readonly CliCommand[] = [serveCommand];
