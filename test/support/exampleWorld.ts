/** A world in which one example of `--help` can be run: what it speaks of is there, and nothing that is in its way. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd, type Simulator } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { httpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import { cliGateways, fillGateways, registerGateway } from './cliGateways.ts';
import { repositoryRoot } from './files.ts';
import { GIB, lasting, right } from './plane.ts';
import { openedStore } from './sqlite.ts';

/** Where an example is run. */
export interface ExampleWorld {
  readonly env: Readonly<Record<string, string>>;
  /** The line as it is run: tasks have the numbers that this log gave them. */
  readonly line: string;
  readonly close: () => Promise<void>;
}

interface Made {
  readonly plane: ControlPlane;
  readonly cluster: Simulator;
  /** Switched on, no image can be made. */
  readonly trouble: { isOn: boolean };
}

const TOKEN = 'a-token-for-examples';
const operator = { issuedBy: 'token:operator', wait: 'done' } as const;
const asked = { issuedBy: 'token:operator' } as const;

/** What has to be there for some examples, by what their lines say; what is needed first stands first. A number is that of the task which the example is about. */
const NEEDS: readonly (readonly [RegExp, (made: Made) => Promise<number | undefined>])[] = [
  [/ (?:volume|at|history|events|actions|snapshot|task)\b.* [12]\b|task list|task show|pool pause/, async ({ plane }) => right(await plane.createVolume({ pool: 'vols', name: 'data-1', sizeBytes: 100 * GIB }, operator)).task?.number],
  [/ snapshot (?!create|list)| clone 1| rollback | flatten |--cascade|task cancel/, async ({ plane }) => right(await plane.createSnapshot({ volume: 1, name: 'first' }, operator)).task?.number],
  [/ flatten |task cancel/, async ({ plane }) => right(await plane.createVolume({ pool: 'vols', name: 'clone', snapshot: 1 }, operator)).task?.number],
  [/task cancel/, async ({ plane }) => right(await plane.flattenVolume(2, asked)).task?.number],
  [/ undelete /, async ({ plane }) => right(await plane.deleteVolume(1, { retainMs: 86_400_000 }, operator)).task?.number],
  [/ promote /, async ({ plane }) => right(await plane.demoteVolume(1, operator)).task?.number],
  [/ unprotect /, async ({ plane }) => right(await plane.protectSnapshot(1, operator)).task?.number],
  [
    /task (?:retry|abandon)|WorkFailed --json/,
    async ({ plane, trouble }) => {
      trouble.isOn = true;
      const broken = right(await plane.createVolume({ pool: 'vols', name: 'broken', sizeBytes: GIB }, asked));
      await plane.idle();
      trouble.isOn = false;
      return broken.task?.number;
    },
  ],
  [
    / adopt /,
    async ({ cluster }) => {
      await cluster.run({ argv: ['rbd', 'create', 'vols/old-image', '--size', `${10 * GIB}B`], idleTimeoutMs: 1_000, signal: new AbortController().signal })();
      return undefined;
    },
  ],
  [
    /token revoke/,
    async ({ plane }) => {
      right(await plane.tokens.issue({ name: 'ci', role: 'reader', tenant: null }, asked));
      return undefined;
    },
  ],
  [
    / webhook \S+ ops(?! --to)/,
    async ({ plane }) => {
      right(await plane.webhooks.register({ name: 'ops', url: 'https://ops.example/hooks', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }, asked));
      return undefined;
    },
  ],
  [/ resume vols/, async ({ plane }) => right(await plane.pausePool('vols', { reason: 'new disks' }, asked)).task?.number],
  [
    / resume ceph/,
    async ({ plane }) => {
      right(await plane.pauseBackend('ceph', { reason: 'upgrade' }, asked));
      return undefined;
    },
  ],
];

/** Lines that speak of gateways, and what they need besides `fillGateways`. */
const GATEWAYS = / (?:host|client-group|path|vip-group|attachment) /;

/** vm-1 has data-2 by gold, or is about to. */
const attach = async (plane: ControlPlane, isReservedOnly: boolean): Promise<void> => {
  const connect = { accessPath: 1, connector: { initiator: 'iqn.1994-05.com.redhat:node1' } };
  right(await plane.reserveAttachment(2, { instance: 'vm-1', ...(isReservedOnly ? {} : { connect }) }, operator));
};

const fillForGateways = async (plane: ControlPlane, line: string): Promise<void> => {
  await fillGateways(plane);
  if (/ gw3\b|10\.252\.1\.3\b/.test(line) && !line.includes('register')) await registerGateway(plane, 3);
  if (line.includes('vip-group add-host')) right(await plane.addTarget(1, { host: 3 }, operator));
  if (line.includes('vip-group remove-host')) right(await plane.removeVip(2, operator));
  if (/ attachment (?!list|reserve)/.test(line)) await attach(plane, line.includes(' connect '));
  if (line.includes('declare-back')) right(await plane.declareHostOff(2, { reason: 'power cut' }, operator));
};

/** A service with the pools `vols` and `archive`, and what the line speaks of. Nothing leaves this machine. */
export const serviceFor = async (line: string): Promise<ExampleWorld> => {
  const trouble = { isOn: false };
  const cluster = simulateRbd({
    longMs: line.includes('cancel') ? 20_000 : 5,
    faults: { instead: ({ verb }) => (trouble.isOn && verb === 'import' ? { _tag: 'Says', exitCode: 22, stderr: 'rbd: (22) Invalid argument\n' } : undefined) },
  });
  const gateways = cliGateways();
  const sent = { send: () => Promise.resolve(E.right({ status: 204, retryAfterMs: 0 })) };
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: cluster.run }) }, exclusive: true, webhooks: sent, ...gateways.parts });
  right(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, operator));
  right(await plane.registerPool({ name: 'archive', placement: { backend: 'ceph', pool: 'rbd' } }, operator));
  if (GATEWAYS.test(line)) await fillForGateways(plane, line);
  let task: number | undefined;
  for (const [spokenOf, make] of NEEDS) if (spokenOf.test(line)) task = (await make({ plane, cluster, trouble })) ?? task;
  const service = httpService(plane, { tokens: { tester: TOKEN } });
  const url = E.getOrElse<unknown, string>(() => '')(await service.listen({ port: 0 }));
  return {
    env: { BLOCKLEDGER_URL: url, BLOCKLEDGER_TOKEN: TOKEN },
    line: line.replace(/(?<=task (?:show|retry|abandon|cancel) )1\b/, String(task)),
    close: async () => {
      await service.close();
      await plane.close();
    },
  };
};

/** A folder below the repository with what a person has there who followed the README: a configuration file, a store, the examples. */
export const exampleFolder = async (): Promise<{ readonly folder: string; readonly remove: () => void }> => {
  mkdirSync(join(repositoryRoot, 'var'), { recursive: true });
  const folder = mkdtempSync(join(repositoryRoot, 'var', 'examples-'));
  const at = (name: string): string => join(folder, name);
  for (const name of ['var', 'backups']) mkdirSync(at(name));
  symlinkSync(join(repositoryRoot, 'examples'), at('examples'));
  const imports = "import { rbdBackend } from '@blockledger/adapters-rbd';\nimport { simulateRbd } from '@blockledger/adapters-rbd/simulator';\nimport { defineConfig } from '@blockledger/app';\n";
  const config = "export default defineConfig({ store: 'var/quickstart.db', backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, pools: { vols: { backend: 'ceph', pool: 'vols' } } });\n";
  writeFileSync(at('blockledger.config.js'), `${imports}${config}`, { mode: 0o600 });
  for (const path of ['var/quickstart.db', 'backup.db']) {
    const store = await openedStore(at(path));
    const plane = await controlPlane({ store: lasting(store), backends: {} });
    await plane.tokens.issue({ name: 'ci', role: 'reader', tenant: null }, asked);
    await plane.close();
    await store.close();
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
