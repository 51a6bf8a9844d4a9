/** The example of two processes over a real cluster. */
import * as assert from 'uvu/assert';
import { realCeph, startCeph, type CephCluster } from '../support/ceph.ts';
import { startProgram } from '../support/program.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);
const test = suite('the example of two processes over Ceph');

let ceph: CephCluster;
test.before(async () => {
  ceph = await startCeph({ manager: true });
});
test.after(() => ceph?.stop());

test('what a killed process was making on Ceph is made by the other one, and all of it is deleted again [I-1]', async () => {
  const program = startProgram(['examples/two-processes/main.ts'], { env: { CEPH_CONF: ceph.conf, BLOCKLEDGER_STORE: process.env['BLOCKLEDGER_TEST_ESDB'] ?? '' } });
  assert.is(await program.ended, 0, program.errors());
  assert.match(program.output(), /process 1 is killed: volumes that it had made: [1-9]\d*; in the middle: [1-9]\d*\n(.*\n)+active volumes: 12 of 12\nthey are deleted again\n$/);
  assert.equal([ceph.rbd('ls', 'vols'), ceph.rbd('trash', 'ls', '--all', 'vols')], ['', '']);
});

test.run();
