/** Simulators that keep what they hold in files: a quickstart that is started again finds its gateways and its array as it left them. */
import { startQsanArray } from '@blockledger/adapters-qsan/simulator';
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateVips, simulateXdc } from '@blockledger/adapters-xdc/simulator';
import type { CallContext, NetworkInterface, VipAction, VipGroupId, VipId } from '@blockledger/domain';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { makeCertificate, makeRoot } from '../support/certificates.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { virtualClock } from '../support/virtualClock.ts';
import { context as onTarget, ensuring } from '../support/xdc.ts';

const test = suite('simulators that keep what they hold');
const { folder, remove } = temporaryFolder();
test.after(remove);

const at = (name: string): string => join(folder, name);
/** Accounts stand there in clear. */
const isForItsOwner = (file: string): boolean => (statSync(file).mode & 0o077) === 0;

test('an array that is started again holds what it held, but lets in nobody by an old token [S1-2, S1-24]', async () => {
  const file = at('array.json');
  const first = await startQsanArray({ file, pools: [{ name: 'Pool-1', totalBytes: 2 ** 40 }] });
  const made = [
    first.operate('POST', '/api/volumes', { pool: 'Pool-1', name: 'volume-1', size: 2 ** 30, thin_provision: false }),
    first.operate('POST', '/api/volumes/volume-1/snapshots', { name: 'snap-1' }),
    first.operate('POST', '/api/iscsi/targets', { name: 'target-1' }),
  ];
  assert.equal(made.map(({ status }) => status), [200, 200, 200], JSON.stringify(made));
  const { id } = first.state().targets[0] ?? {};
  first.operate('PUT', `/api/iscsi/targets/${id}/chap`, { enabled: true, username: 'storage', password: 'twelve-chars' });
  const before = first.state();
  assert.is(before.targets[0]?.chap?.password, 'twelve-chars');
  first.operate('POST', '/api/login', { username: first.username, password: first.password });
  assert.is(first.state().sessions.length, 1);
  await first.stop();
  assert.ok(isForItsOwner(file));

  const second = await startQsanArray({ file, pools: [{ name: 'another' }] });
  assert.equal(second.state(), before);
  assert.is(second.space('Pool-1')?.usedBytes, 2 ** 30);
  await second.stop();
});

test('who trusts an array trusts it when it is started again, and knows its password; another address, or a certificate that is about to end, gets a new one [S1-1, S1-2]', async () => {
  const file = at('folder/trusted.json');
  const started = async (host = '127.0.0.1', password?: string) => {
    const array = await startQsanArray({ file, host, ...(password === undefined ? {} : { password }) });
    await array.stop();
    return array;
  };
  const first = await started();
  assert.ok(isForItsOwner(file), 'the key stands there');
  assert.not.match(JSON.stringify(first.state()), 'PRIVATE KEY');
  const again = await started();
  assert.equal([again.ca, again.password], [first.ca, first.password]);
  assert.equal([(await started('127.0.0.1', 'given by hand')).password, (await started()).password], ['given by hand', first.password]);
  assert.not.match(readFileSync(file, 'utf8'), 'given by hand');
  const elsewhere = await started('127.0.0.2');
  assert.is.not(elsewhere.ca, first.ca);
  assert.is((await started()).ca, elsewhere.ca, 'it is for both');
  const kept = JSON.parse(readFileSync(file, 'utf8')) as { readonly face: object };
  for (const certificate of [await makeCertificate(await makeRoot()), { cert: 'not', key: 'one' }]) {
    writeFileSync(file, JSON.stringify({ ...kept, face: { ...kept.face, certificate } }));
    const renewed = await started();
    assert.not.ok([certificate.cert, elsewhere.ca].includes(renewed.ca));
    assert.is((await started()).ca, renewed.ca);
  }
});

test('a file from before arrays kept their certificate gets one, and what it holds stays [S1-1]', async () => {
  const file = at('older.json');
  const first = await startQsanArray({ file, pools: [{ name: 'Old' }] });
  await first.stop();
  const { face: _face, ...older } = JSON.parse(readFileSync(file, 'utf8')) as { readonly face: unknown };
  writeFileSync(file, JSON.stringify(older));
  const second = await startQsanArray({ file });
  await second.stop();
  const third = await startQsanArray({ file });
  await third.stop();
  assert.equal([second.state(), third.state()], [first.state(), first.state()]);
  assert.equal([second.ca === first.ca, third.ca === second.ca], [false, true]);
});

test('a file that is not an array’s is as good as none, and is left alone until something is made [S1-1]', async () => {
  const file = at('other.json');
  writeFileSync(file, '{"mine": true}');
  const array = await startQsanArray({ file });
  array.operate('POST', '/api/login', { username: array.username, password: array.password });
  assert.equal([array.state().volumes, readFileSync(file, 'utf8')], [[], '{"mine": true}']);
  await array.stop();
});

test('gateways with XDC that are started again show what they showed, each its own [X-1, S0-92]', async () => {
  const file = at('gateways.json');
  const first = simulateXdc({ hosts: ['gw1', 'gw2'], file });
  right(await xdcTargets({ hosts: first.hosts }).perform(ensuring(), onTarget)());
  const seen = simulateXdc({ hosts: ['gw1', 'gw2'], file });
  assert.match(seen.shows('gw1'), 'portal IP: 10.255.101.74');
  assert.equal(['gw1', 'gw2'].map(seen.shows), ['gw1', 'gw2'].map(first.shows));
  assert.not.match(seen.shows('gw2'), 'portal IP');
  assert.ok(isForItsOwner(file));
  seen.restart('gw1', 'everything');
  assert.is(simulateXdc({ hosts: ['gw1'], file }).shows('gw1'), seen.shows('gw2'));
});

const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'kept' };
const vipId = '00000000-0000-4000-8000-000000000001' as VipId;
const ensured = (host: string, priority: number, source: string): VipAction =>
  ({
    do: 'ensureInstance',
    place: { backend: 'vips', host },
    yielding: false,
    instance: { vipId, vipGroupId: '00000000-0000-4000-8000-000000000002' as VipGroupId, ip: '10.77.0.128', prefix: 24, vrid: 7, priority, preempt: true, interface: 'eth0' as NetworkInterface, source, peers: [], checks: [] },
  }) as unknown as VipAction;

for (const [howLong, ms] of [['for a moment', 500], ['for an hour', 3_600_000]] as const) {
  test(`an address stays where it was while nobody looks ${howLong} [S0-67]`, async () => {
    const clock = virtualClock();
    const file = at(`segment ${ms}.json`);
    const first = simulateVips({ clock, file });
    for (const [host, priority, source] of [['gw1', 100, '10.77.0.1'], ['gw2', 101, '10.77.0.2']] as const) {
      right(await first.backend.perform({ do: 'admitHost', place: { backend: 'vips', host }, token: 'one' } as unknown as VipAction, context)());
      right(await first.backend.perform(ensured(host, priority, source), context)());
    }
    await clock.sleep(15_000);
    assert.equal(first.holders('10.77.0.128'), ['gw2']);
    clock.advance(ms);
    const second = simulateVips({ clock, file });
    assert.equal(second.holders('10.77.0.128'), ['gw2']);
    second.setLink('gw2', false);
    await clock.sleep(15_000);
    assert.equal(simulateVips({ clock, file }).holders('10.77.0.128').length, 1);
    right(await second.backend.perform({ ...ensured('gw2', 101, '10.77.0.2'), do: 'ensureInstanceGone' } as VipAction, context)());
    assert.equal(right(await simulateVips({ clock, file }).backend.list({ backend: 'vips', host: 'gw2' }, context)()), []);
    clock.stop();
  });
}

test.run();
