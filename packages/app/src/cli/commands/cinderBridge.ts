/** `blockledger cinder-bridge`. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import type { BridgeAddress, BridgeCall, BridgeError, CinderBridge, CinderDriver } from '../../cinder/index.ts';
import { ending, EXIT_CODES, messageOf, type Ending } from '../exit.ts';
import type { Io } from '../frame/io.ts';
import { flag, maybe, needed, several } from '../frame/parts.ts';
import { duration, path, text, whole } from '../frame/readers.ts';
import { clean } from '../frame/text.ts';
import { serviceCommand } from '../service/serviceCommand.ts';

const TOKEN_BYTES = 24;
const SHORTEST_TOKEN = 16;
const LAST_PORT = 65_535;
const GRACE_MS = 10_000;

/** The token in a file; where there is none yet, one is made that nobody else of this machine can read. */
const tokenIn = (file: string): E.Either<Ending, string> => {
  try {
    writeFileSync(file, `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) return E.left(ending('cannotCreate', `the token of the bridge cannot be written: ${messageOf(thrown)}`));
  }
  try {
    const token = readFileSync(file, 'utf8').trim();
    return token.length < SHORTEST_TOKEN ? E.left(ending('config', `${file} holds no token: at least ${SHORTEST_TOKEN} characters are needed`, 'remove the file, and one is made')) : E.right(token);
  } catch (thrown) {
    return E.left(ending('config', `the token of the bridge cannot be read: ${messageOf(thrown)}`));
  }
};

const addressIn = (socket: string | undefined, port: number | undefined): E.Either<Ending, BridgeAddress> => {
  if (socket !== undefined && port === undefined) return E.right({ socket });
  if (port !== undefined && socket === undefined) return E.right({ port });
  return E.left(ending('usage', socket === undefined ? 'say where to listen, with --socket or --port' : '--socket and --port exclude each other'));
};

const explain = ({ _tag, message }: BridgeError): Ending => ending(_tag === 'AddressInUse' ? 'inUse' : 'unavailable', message);

/** One line for each call that failed: what went well is in the service's own log. */
const tell =
  (io: Io) =>
  ({ method, status, elapsedMs, error }: BridgeCall): void => {
    if (error !== undefined) io.note(`${clean(method)} ${status} after ${elapsedMs} ms: ${clean(error)}\n`);
  };

/** A name that is misspelt, or a service that is not there yet, is told here, and not only in Cinder's log. The bridge goes on: what is missing may come. */
const tellIfNotReady = async (driver: CinderDriver, io: Io): Promise<void> => {
  const ready = await driver.check_for_setup_error();
  if (E.isLeft(ready)) io.note(`not ready, and every call fails until it is: ${clean(ready.left.message)}\n`);
};

/** The first signal lets calls under way end, for a while; the second ends it at once. */
const stopOnSignal = (bridge: CinderBridge): void => {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(EXIT_CODES.interrupted);
      isStopping = true;
      void bridge.close(GRACE_MS).then(() => process.exit(EXIT_CODES.done));
    });
  }
};

export const cinderBridgeCommand = serviceCommand({
  words: 'cinder-bridge',
  summary: 'Let a Cinder volume service on this machine use a pool and an access path',
  about: `It runs until Ctrl-C or SIGTERM, beside the volume service whose driver is examples/cinder-driver/blockledger_driver.py. It keeps nothing: started again after a crash it goes on, and calls that were under way are made again by the driver. Calls that fail are told on stderr, without what they were called with.`,
  shows: 'text',
  takes: {},
  options: {
    pool: needed('--pool <name>', 'the pool that volumes are made in', { ...text, completion: { of: 'pools' } }),
    accessPath: needed('--access-path <name>', 'the access path by which initiators see them', { ...text, completion: { of: 'paths' } }),
    backendName: maybe('--backend-name <name>', 'the name of the backend for a driver whose cinder.conf has no volume_backend_name (default blockledger)', text),
    bridgeTokenFile: needed('--bridge-token-file <file>', 'a file with the token that the driver sends; where it is not there, it is made', path),
    socket: maybe('--socket <path>', 'the socket file to listen on, for this user alone', path),
    port: maybe('--port <port>', 'the port of 127.0.0.1 to listen on, instead; 0 takes any free one', whole(0, LAST_PORT)),
    multiattach: flag('--multiattach', 'tell Cinder that one volume may be given to several hosts on purpose'),
    requireFencing: flag('--require-fencing', 'refuse a force detach where the storage cannot show that an initiator is cut off'),
    moveTo: several('--move-to <pool>', 'a pool of this service that migrate_volume may move volumes to, where another bridge serves it; may be repeated', { ...text, completion: { of: 'pools' } }),
    timeout: maybe('--timeout <time>', 'how long the work of one call may take (default 1h); it goes on afterwards', duration),
  },
  examples: [
    { line: 'blockledger cinder-bridge --pool vols --access-path front --socket cinder.sock --bridge-token-file cinder.token', does: 'listen on a socket file; the driver reads the same token' },
    { line: 'blockledger cinder-bridge --pool vols --access-path front --port 0 --bridge-token-file cinder.token --backend-name vols-iscsi --multiattach', does: 'listen on a free port of 127.0.0.1, as another backend' },
  ],
  run: async ({ pool, accessPath, backendName = 'blockledger', bridgeTokenFile, socket, port, multiattach, requireFencing, moveTo, timeout }, { client: control }, io) => {
    const address = addressIn(socket, port);
    if (E.isLeft(address)) return address;
    const token = tokenIn(bridgeTokenFile);
    if (E.isLeft(token)) return token;
    const { cinderBridge, cinderDriver } = await import('../../cinder/index.ts');
    const driver = cinderDriver({ control, pool, accessPath, volumeBackendName: backendName, multiattach, requireFencing, movesTo: moveTo, ...(timeout === undefined ? {} : { timeoutMs: timeout }) });
    const bridge = cinderBridge({ driver, token: token.right, onCall: tell(io) });
    const listening = await bridge.listen(address.right);
    if (E.isLeft(listening)) return E.left(explain(listening.left));
    stopOnSignal(bridge);
    io.print(`listening on ${listening.right} for pool ${pool} by access path ${accessPath}\n`);
    void tellIfNotReady(driver, io);
    return E.right(undefined);
  },
});
