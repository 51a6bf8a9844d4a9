/** `blockledger serve`. */
import * as E from 'fp-ts/lib/Either.js';
import { CONFIG_FILES, usualConfig } from '../defaults.ts';
import { ending, EXIT_CODES, messageOf } from '../exit.ts';
import { command } from '../frame/command.ts';
import type { Io } from '../frame/io.ts';
import { maybe } from '../frame/parts.ts';
import { complain } from '../frame/program.ts';
import { path, text } from '../frame/readers.ts';
import type { Running } from '../serve.ts';

/** The first signal ends what runs in order, the second at once. With TLS, SIGHUP reads the certificates again; without, it is the terminal that went away. */
const stopOnSignal = ({ stop, renewTls, logger }: Running, io: Io): void => {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(EXIT_CODES.interrupted);
    stopping = true;
    logger.info({ signal }, 'stopping');
    stop().then(
      ({ finished, handedBack }) => {
        logger.info({ finished, handedBack }, 'stopped');
        if (handedBack > 0) io.print(`${handedBack} ${handedBack === 1 ? 'call is' : 'calls are'} handed back to the log; the next start goes on with ${handedBack === 1 ? 'it' : 'them'}.\n`);
        process.exit(EXIT_CODES.done);
      },
      (thrown: unknown) => process.exit(complain(ending('internal', `it did not stop in order: ${messageOf(thrown)}`), io)),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  process.on('SIGHUP', renewTls ?? onSignal);
};

export const serveCommand = command({
  words: 'serve',
  summary: 'Serve REST over the store and the backends of a configuration file',
  about: 'It runs until Ctrl-C or SIGTERM; running calls may end for as long as shutdownGraceMs says, then they are handed back to the log and go on at the next start. A second signal ends it at once. `blockledger init` writes a configuration file.',
  speaksTo: 'nobody',
  shows: 'text',
  takes: {},
  options: {
    config: maybe('--config <file>', `the configuration file, an ES module whose default export is defineConfig({ ... }) (default ${CONFIG_FILES[0]})`, path),
    port: maybe('--port <port>', 'port to listen on; 0 takes any free one (BLOCKLEDGER_PORT; default 8056)', text),
    host: maybe('--host <address>', 'address to listen on (default 127.0.0.1)', text),
    store: maybe('--store <path>', 'SQLite file of the store; or EventStoreDB, as @ and a file that holds its connection string (BLOCKLEDGER_STORE)', path),
    token: maybe('--token <token>', 'a token that may do everything, beside those of the file and those issued; better given as BLOCKLEDGER_TOKEN, since others see command lines', text),
  },
  examples: [
    { line: 'blockledger serve --config blockledger.config.js', does: 'serve what the file describes' },
    { line: 'blockledger serve --config blockledger.config.js --port 0 --store var/example.db', does: 'on any free port, over a store of its own' },
  ],
  run: async ({ config, port, host, store, token }, io) => {
    // Its libraries are loaded only here: no other command needs an HTTP server.
    const { serve } = await import('../serve.ts');
    const flags = Object.entries({ port, host, store, token }).filter(([, value]) => value !== undefined);
    const running = await serve({ config: config ?? usualConfig(), ...Object.fromEntries(flags) }, io.environment);
    if (E.isLeft(running)) return running;
    stopOnSignal(running.right, io);
    io.print(running.right.banner);
    return E.right(undefined);
  },
});
