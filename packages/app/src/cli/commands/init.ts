/** `blockledger init`. */
import { writeFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { CONFIG_FILES } from '../defaults.ts';
import { ending, messageOf, type Ending } from '../exit.ts';
import { command } from '../frame/command.ts';
import type { Io } from '../frame/io.ts';
import { maybe, several } from '../frame/parts.ts';
import { oneOf, path, text, whole } from '../frame/readers.ts';
import { marked } from '../frame/text.ts';
import { isConnectionString } from '../store/place.ts';
import { configText, type Plan } from '../init/template.ts';

const LAST_PORT = 65_535;
const USUAL_PORT = 8056;

interface Given {
  readonly backend: Plan['backend'] | undefined;
  readonly store: string | undefined;
  readonly port: number | undefined;
  readonly pools: readonly string[];
  readonly conf: string | undefined;
  readonly user: string | undefined;
  readonly keyring: string | undefined;
}

const STOPPED = ending('usage', 'nothing was written: the questions were not answered', 'answer them, or give --backend and the other flags');

const PASSWORD = ending('usage', 'a connection string with a password does not belong into this file, nor on a command line', 'write it into a file that only you can read, and give --store @file');

const usualPools = (backend: Plan['backend']): readonly string[] => (backend === 'ceph' ? ['rbd'] : ['vols']);

/** Flags, and the usual where there are none. */
const planOf = (backend: Plan['backend'], { store, port, pools, conf, user, keyring }: Given): Plan => ({
  backend,
  store: store ?? (backend === 'ceph' ? '/var/lib/blockledger/log.db' : 'var/blockledger.db'),
  port: port ?? USUAL_PORT,
  pools: pools.length === 0 ? usualPools(backend) : pools,
  conf: conf ?? '/etc/ceph/ceph.conf',
  user: user ?? 'client.blockledger',
  ...(keyring === undefined ? {} : { keyring }),
});

/** Asks for what matters most, with the usual answer offered. */
const askPlan = async (given: Given, io: Io): Promise<E.Either<Ending, Plan>> => {
  const askFor = async (question: string, usual: string): Promise<string | undefined> => {
    const answer = await io.ask(`${question} [${usual}] `);
    return answer === undefined || answer.trim() === '' ? (answer === undefined ? undefined : usual) : answer.trim();
  };
  const backend = await askFor('Which backend, simulator or ceph?', 'simulator');
  if (backend === undefined) return E.left(STOPPED);
  if (backend !== 'simulator' && backend !== 'ceph') return E.left(ending('usage', `${backend} is neither simulator nor ceph`));
  const usual = planOf(backend, given);
  const store = await askFor('Where shall the log of events stand?', usual.store);
  const conf = backend === 'ceph' ? await askFor("Where is the cluster's ceph.conf?", usual.conf) : usual.conf;
  const user = backend === 'ceph' ? await askFor('As which Ceph user?', usual.user) : usual.user;
  const pools = await askFor('Which pools, separated by blanks?', usual.pools.join(' '));
  if (store === undefined || conf === undefined || user === undefined || pools === undefined) return E.left(STOPPED);
  return E.right({ ...usual, store, conf, user, pools: pools.split(/[\s,]+/).filter((pool) => pool !== '') });
};

const choose = (given: Given, io: Io): Promise<E.Either<Ending, Plan>> => {
  if (given.backend !== undefined) return Promise.resolve(E.right(planOf(given.backend, given)));
  if (io.canAsk) return askPlan(given, io);
  return Promise.resolve(E.left(ending('usage', 'which backend?', 'give --backend simulator or --backend ceph; there is no terminal to ask on')));
};

const write = (file: string, content: string): E.Either<Ending, void> => {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return E.right(undefined);
  } catch (thrown) {
    const isThere = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    return E.left(isThere ? ending('cannotCreate', `${file} is there already, and is left as it is`, 'give another name with --file') : ending('cannotCreate', `${file} cannot be written: ${messageOf(thrown)}`));
  }
};

export const initCommand = command({
  words: 'init',
  summary: 'Write a configuration file with comments, for the simulator or for Ceph',
  about: 'With --backend it asks nothing. It never overwrites a file.',
  speaksTo: 'nobody',
  shows: 'report',
  takes: {},
  options: {
    backend: maybe('--backend <backend>', 'simulator or ceph', oneOf('simulator', 'ceph')),
    file: maybe('--file <file>', `the file to write (default ${CONFIG_FILES[0]})`, path),
    store: maybe('--store <path>', 'where the log of events shall stand: a path; or @ and a file that holds the connection string of EventStoreDB', path),
    port: maybe('--port <port>', `the port of REST (default ${USUAL_PORT})`, whole(0, LAST_PORT)),
    pools: several('--pool <pool>', 'a pool of the backend; may be given several times', text),
    conf: maybe('--conf <file>', "the cluster's ceph.conf (default /etc/ceph/ceph.conf)", path),
    user: maybe('--user <user>', 'the Ceph user (default client.blockledger)', text),
    keyring: maybe('--keyring <file>', 'its keyring (default: where the programs look for it)', path),
  },
  examples: [
    { line: 'blockledger init --backend simulator', does: 'try it without any hardware' },
    { line: 'blockledger init --backend ceph --pool vols --pool images --file ceph.config.mjs', does: 'drive two pools of a Ceph cluster' },
  ],
  run: async ({ file = CONFIG_FILES[0], ...given }, io) => {
    const plan = await choose(given, io);
    if (E.isLeft(plan)) return plan;
    if (isConnectionString(plan.right.store) && plan.right.store.includes('@')) return E.left(PASSWORD);
    const written = write(file, configText(plan.right));
    if (E.isLeft(written)) return written;
    const config = CONFIG_FILES.some((name) => name === file) ? '' : ` --config ${file}`;
    return E.right({
      json: { init: { file, ...plan.right } },
      show: (screen) =>
        [marked(screen, 'ok', `${file} is written; read it, and change what does not fit`), '', 'Next:', `  blockledger doctor${config}`, `  blockledger serve${config}`].join('\n'),
    });
  },
});
