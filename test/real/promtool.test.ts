/** The alert rules and a page of figures, as Prometheus itself reads them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { prometheusMetrics } from '@blockledger/app/metrics';
import { operateFolder } from '../support/operatePages.ts';
import { planeWithPool, volumeIn } from '../support/plane.ts';
import { onPath, requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal({ what: 'promtool', packages: ['prometheus'], present: () => onPath('promtool') });

const test = suite('promtool');
const cwd = join(operateFolder, 'alerts');

test('the alert rules are valid, and each is quiet and fires as its test says [S0-6]', () => {
  assert.match(execFileSync('promtool', ['check', 'rules', 'blockledger.rules.yml'], { cwd, encoding: 'utf8' }), /SUCCESS/);
  const tested = spawnSync('promtool', ['test', 'rules', 'blockledger.tests.yml'], { cwd, encoding: 'utf8' });
  assert.is(tested.status, 0, tested.stdout + tested.stderr);
});

test('a page of figures is well formed and follows the conventions [S0-6]', async () => {
  const metrics = prometheusMetrics({ process: false });
  const made = await planeWithPool({ observers: [metrics.observer] });
  await volumeIn(made, 'db');
  await made.plane.drift();
  metrics.meters.http({ method: 'GET', route: '/api/v1/tasks', status: 200, seconds: 0.01 });
  const { body } = await metrics.scrape(made.plane);
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
  assert.equal([checked.status, checked.stdout + checked.stderr], [0, '']);
  await made.plane.close();
});

test.run();
