import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import * as assert from 'uvu/assert';
import { realCeph } from '../support/ceph.ts';
import { startProgram } from '../support/program.ts';
import { requireReal } from '../support/real.ts';
import { call, SERVICE_TOKEN, type Body } from '../support/serviceProcess.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);
const test = suite('the laboratory');

for (const [store, args] of [
  ['memory', []],
  ['a file', ['--bluestore']],
] as const) {
  test(`a cluster with its data in ${store} comes up with the service on it, and leaves nothing behind`, async () => {
    const lab = startProgram(['test/lab/run.ts', '--port', '0', ...args], { env: { BLOCKLEDGER_TOKEN: SERVICE_TOKEN } });
    const [, conf = ''] = await lab.says(/--conf (\S+)/, 60_000);
    const [, url = ''] = await lab.says(/listening on (\S+)/, 60_000);
    const pools = (await call(url, 'GET', '/pools')).json['pools'] as readonly Body[];
    assert.equal(
      pools.map(({ name, status }) => [name, status]),
      [
        ['vols', 'active'],
        ['archive', 'active'],
      ],
    );
    assert.is(await lab.stop('SIGINT'), 0, lab.errors());
    assert.match(lab.output(), /the cluster is gone/);
    assert.not.ok(existsSync(dirname(conf)));
  });
}

test.run();
