#!/usr/bin/env node
/** The command line. */
import { commands, groups } from './commands/index.ts';
import { unprefixed } from './commands/plan.ts';
import { runProgram } from './frame/program.ts';

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const code = await runProgram(unprefixed(process.argv.slice(2), commands), commands, groups);
if (code !== undefined) process.exitCode = code;
