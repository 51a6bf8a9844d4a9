/** Virtual IPs of real keepalived over targets of real tgt: a gateway holds an address only while it serves what is wanted there. */
import { setTimeout as later } from 'node:timers/promises';
import { keepalivedVips, localHost, tgtReadiness } from '@blockledger/adapters-xdc';
import type { CallContext, VipAction, VipBackend, VipGroupId, VipId, VipInstance, VipResult, VolumeRef } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTgt, realTgtOn, type RealTgt } from '../support/tgt.ts';
import { SIZE, tgtScene, type TgtScene } from '../support/tgtScene.ts';
import { realKeepalived, startVrrpNet, type VrrpNet } from '../support/vrrpNet.ts';

requireReal(realKeepalived);
requireReal(realTgt);

const test = suite('keepalived over tgt');
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'ready' };
const HOSTS = ['gw1', 'gw2'] as const;
type HostName = (typeof HOSTS)[number];

const WAIT_MS = 45_000;

let net: VrrpNet;
let tgt: RealTgt;
let vips: VipBackend;
/** The access path on each gateway, the volume it offers, and the address. */
let scenes: Readonly<Record<HostName, TgtScene>>;
let volume: VolumeRef;
let [ip, vrid, vipId] = ['', 0, '' as VipId];

const placeOf = (host: HostName) => ({ backend: 'vips', host });
const done = async (action: VipAction): Promise<VipResult> => {
  const answer = await vips.perform(action, context)();
  if (E.isLeft(answer)) throw new Error(`${action.do}: ${answer.left.code}: ${answer.left.message}`);
  return answer.right;
};
const instanceOn = (host: HostName): VipInstance => {
  const n = HOSTS.indexOf(host);
  const checks = [{ iqn: scenes[host].target.iqn, portal: { ip, port: 3260 }, luns: [0] }];
  const [source, peer] = [`10.77.0.${n + 1}`, `10.77.0.${2 - n}`];
  return { vipGroupId: randomUUID() as VipGroupId, vipId, ip, mask: 32, vrid, priority: 101 - n, preempt: true, interface: 'eth0', source, peers: [peer], checks };
};
const refOn = (host: HostName) => ({ ...instanceOn(host), place: placeOf(host) });
const admit = (host: HostName): Promise<VipResult> => done({ do: 'admitHost', place: placeOf(host), token: randomUUID() });
const notReady = async (host: HostName): Promise<string | undefined> => (await done({ do: 'observeInstance', place: placeOf(host), instance: refOn(host) })).notReady;
const offer = (host: HostName, lunThere = true) =>
  scenes[host].ensure(scenes[host].config({ portals: [{ ip, port: 3260 }], luns: lunThere ? [scenes[host].lun(0, volume)] : [] }));
/** What each gateway says of its instance, for whoever reads why a test failed. */
const seen = () => Promise.all(HOSTS.map((host) => done({ do: 'observeInstance', place: placeOf(host), instance: refOn(host) })));
const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
  for (const from = performance.now(); !(await isSo()); await later(50)) {
    if (performance.now() - from > WAIT_MS) throw new Error(`after ${WAIT_MS / 1_000} s it still is not so: ${what}; ${JSON.stringify(await seen())}`);
  }
};
const isOn = (host: HostName | 'nobody') => () => HOSTS.every((each) => net.has(each, ip) === (each === host));

test.before(() => {
  net = startVrrpNet();
});
test.after(() => net.stop());
test.before.each(() => {
  const [gw1, gw2] = HOSTS.map((name) => localHost({ name, prefix: ['ip', 'netns', 'exec', net.nsOf(name)] }));
  assert.ok(gw1 && gw2);
  net.allowNonlocal();
  tgt = realTgtOn({ host: gw1, hosts: [gw2] });
  vips = keepalivedVips({ hosts: net.hosts, supervise: 'child', folder: net.folder, ...tgtReadiness({ runDir: tgt.runDir }) });
  ({ ip, vrid } = net.fresh());
  vipId = randomUUID() as VipId;
  scenes = { gw1: tgtScene(tgt), gw2: tgtScene({ ...tgt, host: gw2 }) };
  volume = tgt.makeFile(SIZE);
});
test.after.each(async () => {
  for (const host of HOSTS) await vips.perform({ do: 'ensureInstanceGone', place: placeOf(host), instance: refOn(host) }, context)();
  await vips.close();
  for (const host of HOSTS) await scenes[host].perform({ do: 'ensureTargetGone', target: scenes[host].target, force: true });
  await tgt.dispose();
});

/** Both gateways take part, and both are admitted. */
const begin = async (): Promise<void> => {
  for (const host of HOSTS) {
    await done({ do: 'ensureInstance', place: placeOf(host), instance: instanceOn(host), yielding: false });
    await admit(host);
  }
};

test('an address comes to a gateway whose daemon serves target, portal and LUN, and leaves it with the LUN [I-20, R-13]', async () => {
  await offer('gw1', false);
  await offer('gw2');
  await begin();
  await until('the second gateway holds it: the first has no LUN', isOn('gw2'));
  assert.is(await notReady('gw1'), 'service');
  await offer('gw1');
  await admit('gw1');
  await until('the first gateway is preferred, now that it serves', isOn('gw1'));
  await offer('gw1', false);
  await until('the LUN is gone, and so is the address', isOn('gw2'));
  await offer('gw2', false);
  await until('nobody serves it, so nobody holds it', isOn('nobody'));
});

test('a daemon of tgt that died and was made anew serves again, and holds no address before it is admitted [I-20, X-3]', async () => {
  for (const host of HOSTS) await offer(host);
  await begin();
  await until('the first gateway holds it', isOn('gw1'));
  await tgt.crash();
  await until('the second gateway holds it', isOn('gw2'));
  await offer('gw1');
  await until('the first one says what it waits for', async () => (await notReady('gw1')) === 'admission');
  await later(3_000);
  assert.ok(isOn('gw2')());
  await admit('gw1');
  await until('the first gateway is admitted', isOn('gw1'));
});

test.run();
