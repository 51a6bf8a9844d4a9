/** A real `rbd` answers what the golden files hold; BLOCKLEDGER_GOLDEN=write writes them from what it answers now. */
import { processRunner } from '@blockledger/adapters-rbd';
import { realCeph, startCeph, type CephCluster } from '../support/ceph.ts';
import { matchesGolden } from '../support/golden.ts';
import { scenarios } from '../support/rbdScenarios.ts';
import { talk } from '../support/rbdTalk.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);

const test = suite('what a real rbd says');
const run = processRunner();
let ceph: CephCluster | undefined;
test.before(async () => {
  ceph = await startCeph();
});
test.after(() => ceph?.stop());

for (const [name, lines] of Object.entries(scenarios)) {
  test(`it answers as it did: ${name.replaceAll('-', ' ')}`, async () => {
    const replies = [];
    for (const { args, ...rest } of lines) {
      const reply = await talk(run, { ...rest, args: [...args, '--conf', ceph?.conf ?? ''] });
      replies.push({ rbd: args.join(' '), ...reply });
    }
    matchesGolden(`rbd-scenarios/${name}.json`, replies);
  });
}

test.run();
