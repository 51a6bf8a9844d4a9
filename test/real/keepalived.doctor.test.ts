/** What is found on a host with real keepalived is what keepalived itself minds. */
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { keepalivedVips } from '@blockledger/adapters-xdc';
import type { CallContext, Finding, VipGroupId, VipId, VipInstance } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realKeepalived, startVrrpNet, type VrrpNet } from '../support/vrrpNet.ts';

requireReal(realKeepalived);
const test = suite('the doctor on hosts with keepalived');
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'doctored' };
const place = { backend: 'vips', host: 'gw1' };
let net: VrrpNet;

const vipsOf = () => keepalivedVips({ hosts: net.hosts, supervise: 'child', folder: net.folder });
const instanceOf = (): VipInstance => ({
  vipGroupId: '0b9d7a3e-0000-4000-8000-000000000009' as VipGroupId,
  vipId: '0b9d7a3e-0000-4000-8000-000000000001' as VipId,
  ...net.fresh(),
  mask: 32,
  priority: 101,
  preempt: true,
  interface: 'eth0',
  source: '10.77.0.1',
  peers: ['10.77.0.2'],
  checks: [],
});

/** Findings on gw1, by their checks. */
const diagnosed = async (vips: ReturnType<typeof vipsOf>): Promise<ReadonlyMap<string, Finding>> =>
  new Map(((await vips.diagnose?.([], { ...context, installationId: 'doctor' })()) ?? []).filter(({ about }) => about.startsWith('gw1')).map((finding) => [finding.check, finding]));

test('a host is well, and its instance waits to be admitted until it is [I-20]', async () => {
  const vips = vipsOf();
  const first = await diagnosed(vips);
  assert.equal([...first].map(([check, { level }]) => `${check} ${level}`), ['keepalived ok', 'trackScript ok']);
  assert.match(first.get('keepalived')?.found ?? '', /is version \d+\.\d+/);
  const instance = instanceOf();
  const made = await vips.perform({ do: 'ensureInstance', place, instance, yielding: false }, context)();
  assert.ok(E.isRight(made), JSON.stringify(made));
  assert.match((await diagnosed(vips)).get('instance')?.found ?? '', /waits to be admitted/);
  net.killAll('gw1', instance.vipId);
  assert.is((await diagnosed(vips)).get('instance')?.level, 'problem');
  assert.ok(E.isRight(await vips.perform({ do: 'ensureInstanceGone', place, instance: { ...instance, place } }, context)()));
  await vips.close();
});

test('the doctor objects to a folder of instances just where keepalived refuses to run a track script in it [S0-75, I-23]', async () => {
  const vips = vipsOf();
  const instance = instanceOf();
  const action = { do: 'ensureInstance', place, instance, yielding: false } as const;
  const root = join(net.folder, 'gw1');
  assert.ok(E.isRight(await vips.perform(action, context)()));
  for (const [mode, uid, gid] of [[0o755, 0, 0], [0o777, 0, 0], [0o1777, 0, 0], [0o775, 0, 0], [0o775, 0, 12_345], [0o755, 12_345, 0], [0o755, 0, 12_345]] as const) {
    assert.ok(E.isRight(await vips.perform({ do: 'ensureInstanceGone', place, instance: { ...instance, place } }, context)()));
    chownSync(root, uid, gid);
    chmodSync(root, mode);
    const refused = E.isLeft(await vips.perform(action, context)());
    assert.is((await diagnosed(vips)).get('trackScript')?.level === 'problem', refused, `${mode.toString(8)} ${uid} ${gid}`);
  }
  await vips.perform({ do: 'ensureInstanceGone', place, instance: { ...instance, place } }, context)();
  await vips.close();
});

test.before(() => {
  net = startVrrpNet();
});
test.after(() => net.stop());
test.run();
