import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessPathRefusals, clientGroupRefusals, hostRefusals, vipGroupRefusals } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../../support/files.ts';
import { suite } from '../../support/suite.ts';

const test = suite('refusals of access paths');

/** Where the examples of an aggregate stand. A volume, or another aggregate that is told, is asked there, too. */
const examples = {
  host: [hostRefusals, ['host', 'admission']],
  'client group': [clientGroupRefusals, ['clientGroup', 'accessPathAttachments']],
  'access path': [accessPathRefusals, ['accessPath', 'accessPathArray', 'accessPathMapping', 'accessPathAttachments', 'vipGroup']],
  'VIP group': [vipGroupRefusals, ['accessPathArray', 'vipGroup']],
} as const;

for (const [of, [refusals, files]] of Object.entries(examples)) {
  test(`every reason for which a ${of} refuses is given in an example [S0-5, I-16]`, () => {
    const text = files.map((file) => readFileSync(join(repositoryRoot, 'test/examples/domain', `${file}.test.ts`), 'utf8')).join('\n');
    const given = new Set([...text.matchAll(/\.refused\('(\w+)'/g)].map(([, tag]) => tag));
    assert.equal(Object.keys(refusals).filter((tag) => !given.has(tag)), []);
  });
}

test.run();
