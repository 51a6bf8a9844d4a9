/** That the contract runs over the cluster that is given, shown with a double; and that it says so where none is given. The whole of it would take as long as over the double itself. */
import * as assert from 'uvu/assert';
import { eventStoreDbDouble } from '../support/eventStoreDb/double.ts';
import { startProgram } from '../support/program.ts';
import { suite } from '../support/suite.ts';

const test = suite('the contract of event stores over a cluster that is given');

const CONTRACT = 'test/real/eventStoreDb.test.ts';

test('it runs over the server of the connection string, in a namespace of its own [I-17]', async () => {
  const double = await eventStoreDbDouble({ maxAppendBytes: 4 * 1_048_576 });
  const program = startProgram([CONTRACT], { env: { BLOCKLEDGER_TEST_ESDB: double.connectionString } });
  const written = new Promise<void>((resolve) => {
    double.log.watch(() => {
      if (double.log.events.some(({ stream }) => stream.endsWith('.volume-b'))) resolve();
    });
  });
  assert.is(await Promise.race([written, program.ended]), undefined, program.output() + program.errors());
  await program.stop('SIGKILL');
  const namespaces = new Set(double.log.events.map(({ stream }) => stream.split(/[._]states|\./)[0]));
  assert.ok(namespaces.size > 1 && [...namespaces].every((namespace) => /^test_[0-9a-f]{16}/.test(namespace ?? '')), [...namespaces].join(' '));
  await double.stop();
});

test('without one it is counted as skipped and says what to give, also where real parts are required [I-17]', async () => {
  const program = startProgram([CONTRACT], { env: { BLOCKLEDGER_TEST_ESDB: '', BLOCKLEDGER_REAL: 'required' } });
  assert.is(await program.ended, 0, program.errors());
  assert.match(program.output(), /^skipped 1: .*BLOCKLEDGER_TEST_ESDB/m);
});

test.run();
