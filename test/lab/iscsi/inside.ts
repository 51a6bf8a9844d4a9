/**
 * The inside of `npm run lab:iscsi`, started by run.ts in namespaces of its own. It is up when it has written its URL to descriptor 3, and ends
 * when that is closed. It takes nothing down: with its last process the kernel does.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';
import { imageName } from '@blockledger/adapters-rbd';
import { apiClient, type ApiClient } from '@blockledger/app/client';
import type { VolumeId } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { commands, groups } from '../../../packages/app/src/cli/commands/index.ts';
import { runProgram } from '../../../packages/app/src/cli/frame/program.ts';
import { serve, type Running } from '../../../packages/app/src/cli/serve.ts';
import { NETWORK, startField, type Field } from '../../support/gateways.ts';
import { at, CEPH_DIR, FOLDER, PREFIX, VIP, WATCH_TIMEOUT_SECONDS } from './places.ts';
import { ACCOUNT, GREETING, INITIATOR, lunUrl, whatToTry, type Facts } from './tell.ts';

const outside = new Socket({ fd: 3 });
let running: Running | undefined;
const end = async (code: number): Promise<never> => {
  await running?.stop();
  process.exit(code);
};
outside.resume().on('error', () => undefined).once('close', () => void end(0));
// The terminal sends these to everybody; run.ts decides what they mean.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdout.on('error', () => undefined);

const say = (text: string): void => console.log(`lab: ${text}`);
const fail = (what: string): never => {
  throw new Error(what);
};
const right = <A>(what: string, answer: E.Either<unknown, A>): A => (E.isRight(answer) ? answer.right : fail(`${what}: ${JSON.stringify(answer.left)}`));

/** Starts the service in this process. Its news for commands stands in a folder of the laboratory: outside, run.ts tells them. */
const startService = async (): Promise<Running> => {
  const { BLOCKLEDGER_TOKEN, BLOCKLEDGER_LOG_LEVEL = 'error' } = process.env;
  const flags = { config: 'test/lab/iscsi/config.ts', port: process.env['BLOCKLEDGER_PORT'] ?? '' };
  const started = await serve(flags, { BLOCKLEDGER_TOKEN, BLOCKLEDGER_LOG_LEVEL, XDG_RUNTIME_DIR: `${FOLDER}/run` });
  if (E.isRight(started)) return started.right;
  const { message, remedy } = started.left;
  return fail(remedy === undefined ? message : `${message}; ${remedy}`);
};

/** Runs a command of Blockledger as a person would, in this process. */
const blockledger = async (line: string): Promise<void> => {
  console.log(`\n$ npx blockledger ${line}`);
  const code = await runProgram(line.split(' '), commands, groups);
  if (code !== 0) fail(`that ended with ${code}`);
};

const setUp = async (url: string): Promise<void> => {
  process.env['BLOCKLEDGER_URL'] = url;
  writeFileSync(`${FOLDER}/secret`, ACCOUNT.secret, { mode: 0o600 });
  await blockledger('volume create accounts --size 1GiB --pool vols --wait');
  await blockledger(`client-group create database --client ${INITIATOR} --wait`);
  await blockledger(`path create front --host gw1 --host gw2 --chap-user ${ACCOUNT.user} --chap-secret-file ${FOLDER}/secret --wait`);
  await blockledger('path map front --clients database --volume accounts --wait');
  await blockledger(`vip-group create front --network ${NETWORK} --vip ${VIP}@gw1 --wait`);
};

const LONGEST_MS = 60_000;

const heldBySomebody = async ({ segment }: Field): Promise<string> => {
  for (const until = Date.now() + LONGEST_MS; Date.now() < until; await later(100)) {
    const holder = ['gw1', 'gw2'].find((host) => segment.has(host, VIP));
    if (holder !== undefined) return holder;
  }
  return fail(`nobody holds ${VIP} after ${LONGEST_MS / 1_000} s`);
};

/** What initiators have to know is asked of the service, as anybody would. */
const factsOf = async (client: ApiClient, url: string): Promise<Facts> => {
  const [target] = right('the target', await client.listTargets({ query: { limit: -1 } })).body.targets;
  const [mapping] = right('the mapping group', await client.listMappingGroups({ query: { limit: -1 } })).body.mapping_groups;
  const [lun] = mapping?.luns ?? [];
  if (target === undefined || lun === undefined) return fail('the access path is not what it should be');
  return {
    pid: process.env['BLOCKLEDGER_LAB_PID'] ?? '',
    url,
    iqn: target.iqns[0] ?? '',
    lun: lun.lun_id + 1,
    image: `vols/${imageName(lun.block_volume.uuid as VolumeId)}`,
    sudo: process.env['SUDO_USER'] === undefined ? '' : 'sudo ',
  };
};

/** The first write is the laboratory's own: if it does not get through, nobody's does. */
const greet = (facts: Facts): void => {
  const file = `${FOLDER}/greeting`;
  writeFileSync(file, GREETING.padEnd(512));
  const [program, ...words] = at('client');
  const { status, stdout, stderr } = spawnSync(program, [...words, 'qemu-io', '-f', 'raw', '-c', `write -s ${file} 0 512`, lunUrl(facts)], { encoding: 'utf8', timeout: LONGEST_MS });
  if (status !== 0 || !stdout.includes('wrote 512/512')) fail(`the initiator does not get through: ${stdout}${stderr}`);
};

const bringUp = async (): Promise<void> => {
  mkdirSync(FOLDER);
  say('two gateways and an initiator, each a network namespace, and a Ceph cluster of one node, its data in memory …');
  const field = await startField({ prefix: PREFIX, dir: CEPH_DIR, watchTimeoutSeconds: WATCH_TIMEOUT_SECONDS });
  say('Blockledger, with the cluster and the gateways in its configuration, test/lab/iscsi/config.ts …');
  running = await startService();
  const { url } = running;
  await setUp(url);
  console.log();
  say(`${await heldBySomebody(field)} holds ${VIP}`);
  const facts = await factsOf(apiClient({ url, token: process.env['BLOCKLEDGER_TOKEN'] ?? '' }), url);
  greet(facts);
  say(`an initiator logged in there and wrote: ${GREETING}`);
  outside.write(JSON.stringify({ url }));
  console.log(whatToTry(facts));
};

bringUp().catch((thrown: unknown) => {
  console.error(`lab: it does not come up: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  void end(1);
});
