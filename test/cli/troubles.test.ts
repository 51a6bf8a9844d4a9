/** Looking where something is wrong: what differs from the backends, what is refused, backends that are absent. */
import * as assert from 'uvu/assert';
import * as E from 'fp-ts/lib/Either.js';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { httpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import { looksAsGolden } from '../support/cliGolden.ts';
import { cliWorld, type CliWorld } from '../support/cliWorld.ts';
import { lasting, right } from '../support/plane.ts';
import { requireReal } from '../support/real.ts';
import { steadyIds, STEADY_INSTALLATION } from '../support/steadyIds.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('looking for trouble with blockledger');
const GIB = 2 ** 30;
let world: CliWorld;

const IMAGES = [[/volume-[0-9a-f]{32}/g, '<image>']] as const;
const looks = (name: string, line: string, env = world.env): Promise<void> => looksAsGolden({ name, line: `blockledger ${line}`, place: { env }, atOnce: true, rules: IMAGES });

const rbd = async (...argv: readonly string[]): Promise<void> => {
  const ran = await world.cluster.run({ argv: ['rbd', ...argv], idleTimeoutMs: 1_000, signal: new AbortController().signal })();
  if (E.isLeft(ran) || ran.right.exitCode !== 0) throw new Error(JSON.stringify(ran));
};

const imageOf = (name: string): string => `vols/volume-${(world.plane.volumes.list({ q: name }).items[0]?.id ?? '').replaceAll('-', '')}`;

/** Another log of the same installation makes what this one does not know. */
const makeOrphan = async (): Promise<void> => {
  const other: ControlPlane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: world.cluster.run }) }, ids: steadyIds('bad00000'), installationId: STEADY_INSTALLATION });
  right(await other.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' }));
  right(await other.createVolume({ pool: 'vols', name: 'lost', sizeBytes: GIB }, { wait: 'done' }));
  await other.close();
};

test('what is missing, differs or is unknown is told with the command that would mend it, and that mends it [I-27]', async () => {
  await rbd('rm', imageOf('old-1'));
  await rbd('resize', imageOf('standby-1'), '--size', `${2 * GIB}B`);
  await makeOrphan();
  await looks('drift-found', 'drift');
  await looks('orphans-found', 'orphans');
  assert.is((await shell('blockledger rebuild', { env: world.env })).code, 64, 'a script says that it is meant');
  await looksAsGolden({ name: 'rebuild', line: 'blockledger rebuild --yes', place: { env: world.env }, once: true, json: false });
  await looks('pool-accept-not-behind', 'pool accept-restored-log vols --yes');
});

test('who was refused what, and why, is found by principal, kind and resource [S0-136]', async () => {
  const db = world.plane.volumes.list({ q: 'db-1' }).items[0]?.id ?? '';
  assert.ok(E.isLeft(await world.plane.deleteVolume(db, {}, { issuedBy: 'token:ci' })));
  assert.ok(E.isLeft(await world.plane.createVolume({ pool: 'vols', name: 'db-1', sizeBytes: GIB }, { issuedBy: 'token:ci' })));
  await looks('actions-refused', 'actions --refused');
  await looks('actions-of-user', 'actions --user token:ci --action deleteVolume');
  await looks('actions-limited', 'actions --action createVolume --limit 2');
});

test('a backend that this service does not have is warned of, and shows as absent [I-25]', async () => {
  const store = lasting(memoryStore());
  const backends = { attic: rbdBackend({ run: simulateRbd({}).run }) };
  const before = await controlPlane({ store, backends, ids: steadyIds(), installationId: STEADY_INSTALLATION });
  right(await before.registerPool({ name: 'old', placement: { backend: 'attic', pool: 'vols' } }, { wait: 'done' }));
  await before.close();
  const plane = await controlPlane({ store, backends: {}, ids: steadyIds('c0ffef00'), installationId: STEADY_INSTALLATION });
  const service = httpService(plane, { tokens: { tester: 'a-token-for-the-command-line' } });
  const listening = await service.listen({ port: 0 });
  const env = { BLOCKLEDGER_URL: E.isRight(listening) ? listening.right : '', BLOCKLEDGER_TOKEN: 'a-token-for-the-command-line' };
  try {
    await looks('warnings-absent', 'warnings', env);
    await looks('backend-absent', 'backend list', env);
    await looks('pool-absent', 'pool show old', env);
  } finally {
    await service.close();
    await plane.close();
  }
});

test.before(async () => {
  world = await cliWorld();
});
test.after(() => world.close());
test.run();
