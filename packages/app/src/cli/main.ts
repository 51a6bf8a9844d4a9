#!/usr/bin/env node
/** The command line. */
import { Command, CommanderError } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { ending, EXIT_CODES, messageOf, type Ending } from './exit.ts';
import { serve, type Running } from './serve.ts';
import type { ServeFlags } from './settings.ts';

const end = ({ code, message, remedy }: Ending): void => {
  process.stderr.write(`blockledger: ${message}\n${remedy === undefined ? '' : `  ${remedy}\n`}`);
  process.exitCode = code;
};

/** The exit code of a process that a second Ctrl-C ended. */
const INTERRUPTED = 130;

/** The first signal ends what runs in order, the second at once. */
const stopOnSignal = ({ stop, logger }: Running): void => {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(INTERRUPTED);
    stopping = true;
    logger.info({ signal }, 'stopping');
    stop().then(
      () => {
        logger.info({}, 'stopped');
        process.exit(0);
      },
      (thrown: unknown) => {
        end(ending('internal', `it did not stop in order: ${messageOf(thrown)}`));
        process.exit();
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
};

const runServe = async (flags: ServeFlags): Promise<void> => {
  const running = await serve(flags, process.env);
  if (E.isLeft(running)) return end(running.left);
  stopOnSignal(running.right);
  process.stdout.write(running.right.banner);
};

const program = new Command('blockledger').description('A block-storage control plane.').exitOverride().showHelpAfterError();

program
  .command('serve')
  .description('serve REST over the store and the backends of a configuration file')
  .requiredOption('--config <file>', 'the configuration file (an ES module whose default export is defineConfig({ … }))')
  .option('--port <port>', 'port to listen on; 0 takes any free one (BLOCKLEDGER_PORT; default 8056)')
  .option('--host <address>', 'address to listen on (default 127.0.0.1)')
  .option('--store <path>', 'SQLite file of the store (BLOCKLEDGER_STORE)')
  .option('--token <token>', 'the only token that may ask; better given as BLOCKLEDGER_TOKEN, since others see command lines')
  .action(runServe);

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? 0 : EXIT_CODES.usage;
  else end(ending('internal', messageOf(thrown)));
}
