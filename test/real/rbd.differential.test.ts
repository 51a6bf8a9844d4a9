/** Random conversations go the same way on the simulated and on a real cluster: same exit codes, same JSON. */
import { processRunner } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import * as assert from 'uvu/assert';
import { realCeph, startCeph, type CephCluster } from '../support/ceph.ts';
import { talk } from '../support/rbdTalk.ts';
import { survey, walk } from '../support/rbdWalk.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);

const LINES = Number(process.env['BLOCKLEDGER_WALK_LINES'] ?? 120);
const fresh = Number(process.env['BLOCKLEDGER_SEED'] ?? Date.now() % 1_000_000);

const test = suite('the simulated and the real rbd');
const real = processRunner();
let ceph: CephCluster | undefined;
test.before.each(async () => {
  ceph = await startCeph();
});
test.after.each(() => ceph?.stop());

for (const [title, seed] of [['a fixed walk', 4711], [`a fresh walk, BLOCKLEDGER_SEED=${fresh}`, fresh]] as const) {
  test(`they say the same: ${title}`, async () => {
    const { run } = simulateRbd();
    const said: string[] = [];
    for (const line of [...walk(seed, LINES), ...survey]) {
      const [simulated, truly] = await Promise.all([talk(run, line), talk(real, { args: [...line.args, '--conf', ceph?.conf ?? ''] })]);
      said.push(`${line.args.join(' ')} => ${truly.exitCode}`);
      assert.equal(simulated, truly, `after\n${said.slice(-40).join('\n')}`);
    }
  });
}

test.run();
