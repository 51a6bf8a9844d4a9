/** Two services over one EventStoreDB and one real Ceph cluster: one is killed while volumes are made, cloned and rolled back, and the other one goes on with everything. */
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { realCeph, startCeph } from '../support/ceph.ts';
import { patientClient, untilCounted } from '../support/crash/client.ts';
import { compare } from '../support/crash/compare.ts';
import { seededRandom } from '../support/crash/crashRun.ts';
import { lane } from '../support/crash/lane.ts';
import { eventStoreDbDouble } from '../support/eventStoreDb/double.ts';
import { requireReal } from '../support/real.ts';
import { sleep, startService } from '../support/serviceProcess.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);

const test = suite('two services on one store and a real cluster');

const LANES = 4;
const CHANGES_BEFORE = 12;
const CHANGES_AFTER = 12;

test('one of two services is killed in the middle: the other one ends what it had begun, nothing is lost, left over or done twice [R-4, I-3, S0-139]', async () => {
  const seed = Number(process.env['BLOCKLEDGER_SEED'] ?? 20_261_122);
  const ceph = await startCeph({ watchTimeoutSeconds: 3, manager: true });
  const double = await eventStoreDbDouble();
  const options = { config: 'test/lab/ceph.config.ts', store: double.connectionString, env: { BLOCKLEDGER_CEPH_CONF: ceph.conf, BLOCKLEDGER_SECRETS: join(ceph.dir, 'secrets') } };
  const survivor = await startService(options);
  const victim = await startService(options);
  try {
    const since = Date.now();
    const client = patientClient(() => ({ url: survivor.url, sinceMs: since }));
    await untilCounted(client);
    const lanes = Array.from({ length: LANES }, (_, at) => lane({ name: `lane ${at + 1}`, ceph, client, random: seededRandom(seed + at) }));
    const changes = (): number => lanes.reduce((sum, { log }) => sum + log.length, 0);
    const findings: string[] = [];
    let isOver = false;
    const running = Promise.all(
      lanes.map(async ({ step }) => {
        try {
          while (!isOver && findings.length === 0) await step();
        } catch (thrown) {
          findings.push(thrown instanceof Error ? thrown.message : String(thrown));
        }
      }),
    );
    const untilChanges = async (count: number): Promise<void> => {
      while (changes() < count && findings.length === 0) await sleep(20);
    };
    await untilChanges(CHANGES_BEFORE);
    await victim.stop('SIGKILL');
    const before = changes();
    await untilChanges(before + CHANGES_AFTER);
    isOver = true;
    await running;
    assert.equal(findings, [], survivor.errors());
    assert.equal(await compare(ceph, client, lanes.flatMap(({ volumes }) => volumes)), []);
    console.log(`# ${before} changes, a kill, ${changes() - before} more`);
  } finally {
    await victim.stop('SIGKILL');
    await survivor.stop();
    await double.stop();
    ceph.stop();
  }
});

test.run();
