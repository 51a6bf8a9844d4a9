/** The command line of the simulator as a program. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { seededQsanFaults } from './faults.ts';
import type { QsanArrayOptions, QsanPoolOptions } from './options.ts';

/** What the program was asked. */
export interface SimulatorAsked {
  readonly array: QsanArrayOptions;
  /** Where the certificate goes; undefined: beside the file of the array, or into a folder of its own, gone at the end. */
  readonly caFile: string | undefined;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const STEP = 1024;

const readPool = (text: string, before: readonly QsanPoolOptions[] = []): readonly QsanPoolOptions[] => {
  const [, name = '', digits, unit = 'B'] = /^([^:]+)(?::(\d{1,15}) ?([a-z]*))?$/i.exec(text) ?? [];
  const power = UNITS.findIndex((known) => known.toLowerCase() === (unit === '' ? 'b' : unit.toLowerCase()));
  const totalBytes = digits === undefined ? undefined : Number(digits) * STEP ** power;
  if (name === '' || power < 0 || (totalBytes !== undefined && (totalBytes < 1 || !Number.isSafeInteger(totalBytes)))) throw new InvalidArgumentError(`Write a name, or a name and a size, such as Pool-1:10TiB. Units are ${UNITS.join(', ')}.`);
  return [...before, { name, ...(totalBytes === undefined ? {} : { totalBytes }) }];
};

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

const readNumber =
  (least: number, most: number, isWhole = true) =>
  (text: string): number => {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (!(number >= least && number <= most) || (isWhole && !Number.isInteger(number))) throw new InvalidArgumentError(`Write a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}.`);
    return number;
  };

const MOST_PORT = 65_535;
const DAY_S = 86_400;
const MINUTE_MS = 60_000;

interface Given {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly pool?: readonly QsanPoolOptions[];
  readonly portal?: readonly string[];
  readonly ca?: string;
  readonly file?: string;
  readonly tokenSeconds: number;
  readonly latency: number;
  readonly faultRate: number;
  readonly seed: number;
}

const EXAMPLES = `
Examples:
  # An array with one pool of 10 TiB, on a port that is free
  blockledger-qsan-simulator
  # The same array whenever it is started: what it holds, its address, its certificate and its password
  blockledger-qsan-simulator --port 8443 --file array.json
  # Two pools, a port of its own, and one request in twenty that goes wrong
  blockledger-qsan-simulator --port 8443 --pool Pool-1:10TiB --pool Fast:500GiB --fault-rate 0.05 --seed 7
`;

/** Commander's own program: `parse` calls `run` with what was asked. */
export const simulatorProgram = (run: (asked: SimulatorAsked) => Promise<void>): Command =>
  new Command('blockledger-qsan-simulator')
    .description('A simulated QSAN array: its whole API over HTTPS. It runs until it is stopped, and keeps nothing unless there is a file.')
    .option('--host <address>', 'where it listens', '127.0.0.1')
    .addOption(new Option('--port <number>', 'port to listen on; 0 is one that is free').argParser(readNumber(0, MOST_PORT)).default(0))
    .option('--user <name>', 'who may log in', 'admin')
    .addOption(new Option('--password <text>', 'with which password; drawn and shown, if it is not given').env('QSAN_SIMULATOR_PASSWORD'))
    .addOption(new Option('--pool <name[:size]>', 'a pool, such as Pool-1:10TiB; can be given several times (default: Pool-1 of 10 TiB)').argParser(readPool))
    .addOption(new Option('--portal <address>', 'an address of its targets; can be given several times. Nothing listens there').argParser(collect))
    .option('--file <path>', 'where it keeps what it holds, its certificate and the password that it drew; what it kept goes before --pool (default: nowhere)')
    .option('--ca <file>', 'where its certificate is written, which clients are to trust (default: beside --file, or else a new temporary file)')
    .addOption(new Option('--token-seconds <seconds>', 'how long a token lasts').argParser(readNumber(1, DAY_S)).default(3600))
    .addOption(new Option('--latency <ms>', 'how long each request waits').argParser(readNumber(0, MINUTE_MS)).default(0))
    .addOption(new Option('--fault-rate <share>', 'how probable it is that a request goes wrong, from 0 to 1').argParser(readNumber(0, 1, false)).default(0))
    .addOption(new Option('--seed <number>', 'fixes which requests go wrong, and how').argParser(readNumber(0, Number.MAX_SAFE_INTEGER)).default(1))
    .addHelpText('after', EXAMPLES)
    .action(async ({ host, port, user, password, pool, portal, ca, file, tokenSeconds, latency, faultRate, seed }: Given) => {
      const array: QsanArrayOptions = {
        host,
        port,
        username: user,
        tokenSeconds,
        latencyMs: latency,
        ...(password === undefined || password === '' ? {} : { password }),
        ...(pool === undefined ? {} : { pools: pool }),
        ...(portal === undefined ? {} : { portals: portal }),
        ...(file === undefined ? {} : { file: resolve(file) }),
        ...(faultRate > 0 ? { faults: seededQsanFaults({ seed, rate: faultRate }) } : {}),
      };
      await run({ array, caFile: ca ?? (file === undefined ? undefined : `${file}.ca.pem`) });
    });
