/** What operators are given, the dashboard, the alerts and the pages, speaks of what there is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { ActionStatus, PoolStatus, SnapshotStatus, TaskStatus, VolumeStatus, Warning } from '@blockledger/app';
import { FIGURES, type Figure } from '@blockledger/app/metrics';
import type { PoolHealth } from '@blockledger/domain';
import { repositoryRoot } from '../support/files.ts';
import { alerts, dashboardExpressions, figuresIn, hasPage, operateFolder, read } from '../support/operatePages.ts';
import { suite } from '../support/suite.ts';

const test = suite('operate');

const figures: Readonly<Record<string, Figure>> = FIGURES;
/** What Prometheus itself adds. */
const ADDED: ReadonlySet<string> = new Set(['instance', 'job', 'le']);

/** What an expression asks of figures or labels that there are not. */
const unknownIn = (expr: string): readonly string[] =>
  figuresIn(expr).flatMap(({ name, labels }) => {
    const plain = name.replace(/_(?:bucket|count|sum)$/, '');
    const figure = figures[name] ?? (figures[plain]?.type === 'histogram' ? figures[plain] : undefined);
    if (figure === undefined) return [`${name} in ${expr}`];
    return labels.filter((label) => !ADDED.has(label) && !figure.labels.includes(label)).map((label) => `${name}{${label}} in ${expr}`);
  });

test('every figure and label that the dashboard and the alerts ask for is there [S0-6]', () => {
  const expressions = [...dashboardExpressions(), ...alerts().map(({ expr }) => expr)];
  assert.ok(expressions.length > 40);
  assert.equal(expressions.flatMap(unknownIn), []);
  assert.equal(unknownIn('sum by (volume) (blockledger_tasks)').length, 1);
  assert.equal(unknownIn('blockledger_task').length, 1);
});

test('every alert names its page, and the page says what it means, how to look and what to do [S0-6]', () => {
  assert.ok(alerts().length >= 15);
  for (const { name, runbook } of alerts()) {
    assert.is(runbook, `docs/operate/${name.replace(/^Blockledger/, '')}.md`);
    assert.ok(hasPage(name.replace(/^Blockledger/, '')), `${runbook} is not there`);
  }
});

test('every alert has a test of its own, quiet and firing [S0-6]', () => {
  const tested = read('alerts/blockledger.tests.yml');
  for (const { name } of alerts()) {
    assert.ok(tested.includes(`alertname: ${name}\n        exp_alerts: []`), `${name} is never quiet`);
    assert.ok(tested.includes(`alertname: ${name}\n        exp_alerts:\n          -`), `${name} never fires`);
  }
});

test('every warning has its page, and its alert [S0-6]', () => {
  const pages: Readonly<Record<Warning['code'], string>> = {
    StoreTrouble: 'StoreTrouble',
    BackendAbsent: 'BackendAbsent',
    BackendUnreachable: 'BackendUnreachable',
    LogBehindBackend: 'LogBehindBackend',
    DataMissing: 'DataMissing',
    WebhookFailing: 'WebhookFailing',
    WebhookDisabled: 'WebhookDisabled',
    HostUnreachable: 'HostUnreachable',
    SplitBrain: 'SplitBrain',
    VridContested: 'VridContested',
    VipUnheld: 'VipUnheld',
    ShardsUnheld: 'ShardsUnheld',
  };
  const known = new Set(alerts().map(({ name }) => name));
  assert.equal(Object.values(pages).filter((page) => !hasPage(page) || !known.has(`Blockledger${page}`)), []);
});

/** Null: nobody needs to do anything. A new state does not compile before somebody has said what to do about it. */
const actionPages: Readonly<Record<ActionStatus, string | null>> = {
  idle: null,
  creating: 'creating',
  updating: 'changing',
  resizing: 'changing',
  flattening: 'flattening',
  migrating: 'migrating',
  rolling_back: 'rolling-back',
  deleting: 'deleting',
  restoring: 'changing',
  disowning: 'changing',
  error: 'error',
};
const volumePages: Readonly<Record<VolumeStatus, string | null>> = { creating: 'creating', active: null, trashed: 'trashed', deleted: null, refused: 'refused', disowned: null };
const snapshotPages: Readonly<Record<SnapshotStatus, string | null>> = { creating: 'creating', active: null, deleting: 'deleting', deleted: null, error: 'error' };
const poolPages: Readonly<Record<PoolStatus, string | null>> = { registering: 'registering', active: null, retired: null, refused: 'refused' };
const healthPages: Readonly<Record<PoolHealth, string | null>> = { online: null, degraded: 'pool-unhealthy', error: 'pool-unhealthy' };
const taskPages: Readonly<Record<TaskStatus, string | null>> = { queued: 'queued', running: 'WorkRunsTooLong', waiting: 'waiting', succeeded: null, failed: 'TaskFailed', cancelled: null, refused: 'refused' };

test('every state that a volume, snapshot, pool or task can stay in has its page [S0-5, S0-6]', () => {
  const wanted = [actionPages, volumePages, snapshotPages, poolPages, healthPages, taskPages].flatMap((pages) => Object.values(pages)).filter((page) => page !== null);
  assert.equal([...wanted, 'paused', 'PoolIsOverSubscribed', 'PoolHasNoSpace', 'PoolCapacityUnknown'].filter((page) => !hasPage(page)), []);
});

test('the pages have one shape, their links lead somewhere, and the index names all of them [S0-6]', () => {
  const index = read('README.md');
  for (const file of readdirSync(operateFolder).filter((name) => name.endsWith('.md') && name !== 'README.md')) {
    const text = read(file);
    assert.equal([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title), ['What it means', 'How to look', 'What to do'], file);
    for (const [, target = ''] of text.matchAll(/\]\(([^)]+)\)/g)) assert.ok(readFileSync(join(operateFolder, target)).length > 0, `${file}: ${target}`);
    assert.ok(index.includes(`(${file})`), `the index lacks ${file}`);
  }
});

test('the pages name requests that the service answers [S0-1]', () => {
  const { paths } = JSON.parse(readFileSync(join(repositoryRoot, 'docs/openapi.json'), 'utf8')) as { readonly paths: Readonly<Record<string, object>> };
  const known = new Set(Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)));
  const named = readdirSync(operateFolder)
    .filter((name) => name.endsWith('.md'))
    .flatMap((file) => [...read(file).matchAll(/`(GET|POST|PATCH|DELETE) (\/api\/v1\/[^\s`?]+)/g)].map(([, method, path]) => `${method} ${path}`));
  assert.ok(named.length > 20);
  assert.equal([...new Set(named)].filter((request) => !known.has(request) && !known.has(request.replace('/api/v1', ''))), []);
});

test.run();
