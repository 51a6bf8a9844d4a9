/** `blockledger doctor` as an operator of Ceph runs it: on a cluster that is well, and on one whose monitor is gone. */
import * as assert from 'uvu/assert';
import { realCeph, startCeph } from '../support/ceph.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realCeph);
requireReal(realTerminal);
const test = suite('blockledger doctor on real Ceph');

const ceph = await startCeph();
const place = { env: { BLOCKLEDGER_CEPH_CONF: ceph.conf, BLOCKLEDGER_STORE: `${ceph.dir}/log.db`, BLOCKLEDGER_PORT: '0' } };

test('a cluster that is well has no problem, on a terminal and for scripts', async () => {
  const seen = await shell('blockledger doctor --config test/lab/ceph.config.ts', { ...place, columns: 80 });
  assert.is(seen.code, 0, seen.stdout);
  assert.ok(seen.stdout.includes(`cluster ${ceph.fsid} answers`) && seen.stdout.includes('may read and write in pool vols'), seen.stdout);
  const { stdout } = await shell('blockledger doctor --config test/lab/ceph.config.ts --json', place);
  assert.is((JSON.parse(stdout) as { readonly doctor: { readonly well: boolean } }).doctor.well, true);
});

test('a cluster whose monitor does not answer is told within seconds, and what to do', async () => {
  ceph.signal('mon.a', 'SIGKILL');
  const seen = await shell('blockledger doctor --config test/lab/ceph.config.ts', place);
  assert.is(seen.code, 3, seen.stderr);
  assert.match(seen.stdout, /the cluster does not answer: .*\n {2}Nothing of this backend works.*\n {2}To do: see whether its monitors run/);
});

test.after(ceph.stop);
test.run();
