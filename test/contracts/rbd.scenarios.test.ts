/** The simulated `rbd` answers what a real one answered; the real one is asked again in test/real/rbd.scenarios.test.ts. */
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { matchesGolden } from '../support/golden.ts';
import { scenarios } from '../support/rbdScenarios.ts';
import { talk } from '../support/rbdTalk.ts';
import { suite } from '../support/suite.ts';

const test = suite('what the simulated rbd says');

for (const [name, lines] of Object.entries(scenarios)) {
  test(`it answers as the real one did: ${name.replaceAll('-', ' ')}`, async () => {
    const { run } = simulateRbd();
    const replies = [];
    for (const line of lines) replies.push({ rbd: line.args.join(' '), ...(await talk(run, line)) });
    // What the real one says is written by the test on the real one.
    if (process.env['BLOCKLEDGER_GOLDEN'] !== 'write') matchesGolden(`rbd-scenarios/${name}.json`, replies);
  });
}

test.run();
