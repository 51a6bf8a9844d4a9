/** What real keepalived does that surprises, and that nothing comes of it; how long each take-over takes is printed. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { keepalivedVips, type KeepalivedOptions } from '@blockledger/adapters-xdc';
import type { CallContext, VipAction, VipBackend, VipGroupId, VipId, VipInstance, VipResult } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { fakeSystemctl } from '../support/fakeSystemctl.ts';
import { repositoryRoot } from '../support/files.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realKeepalived, startVrrpNet, type VrrpNet } from '../support/vrrpNet.ts';

requireReal(realKeepalived);

const test = suite('keepalived, its traps');
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'traps' };
const HOSTS = ['gw1', 'gw2'] as const;
type HostName = (typeof HOSTS)[number];
const FENCED_AFTER_MS = 4_000;

let net: VrrpNet;
let ids = 0;
const uuid = (): string => `0b9d7a3e-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`;

test.before(() => {
  net = startVrrpNet();
});
test.after(() => net.stop());

interface Scene {
  readonly vips: VipBackend;
  readonly vipId: string;
  readonly ip: string;
  readonly instanceOn: (host: HostName) => VipInstance;
  readonly done: (action: VipAction) => Promise<VipResult>;
  readonly ensure: (host: HostName, more?: Partial<VipInstance>) => Promise<VipResult>;
  readonly gone: (host: HostName) => Promise<VipResult>;
  readonly observe: (host: HostName) => Promise<VipResult>;
  readonly admit: (...hosts: readonly HostName[]) => Promise<void>;
  /** Waits until the address is on a host, and says after how many ms. */
  readonly arrives: (host: HostName) => Promise<number>;
  /** Both instances run, and gw1 holds the address. */
  readonly running: () => Promise<void>;
  readonly fileOf: (host: HostName, name: string) => string;
}

const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<number> => {
  const from = performance.now();
  while (!(await isSo())) {
    if (performance.now() - from > 20_000) throw new Error(`after 20 s it still is not so: ${what}`);
    await later(40);
  }
  return Math.round(performance.now() - from);
};

const inScene = (name: string, run: (scene: Scene) => Promise<void>, options: () => Partial<KeepalivedOptions> = () => ({})) => async (): Promise<void> => {
  const vips = keepalivedVips({ hosts: net.hosts, supervise: 'child', folder: net.folder, fencedAfterMs: FENCED_AFTER_MS, ...options() });
  const [vipId, vipGroupId, { ip, vrid }] = [uuid() as VipId, uuid() as VipGroupId, net.fresh()];
  const placeOf = (host: HostName) => ({ backend: 'vips', host });
  const instanceOn = (host: HostName): VipInstance => {
    const n = HOSTS.indexOf(host);
    return { vipGroupId, vipId, ip, mask: 32, vrid, priority: 101 - n, preempt: true, interface: 'eth0', source: `10.77.0.${n + 1}`, peers: [`10.77.0.${2 - n}`], checks: [] };
  };
  const refOn = (host: HostName) => ({ ...instanceOn(host), place: placeOf(host) });
  const done = async (action: VipAction): Promise<VipResult> => {
    const answer = await vips.perform(action, context)();
    if (E.isLeft(answer)) throw new Error(`${name}: ${action.do}: ${answer.left.code}: ${answer.left.message}`);
    return answer.right;
  };
  const scene: Scene = {
    vips,
    vipId,
    ip,
    instanceOn,
    done,
    ensure: (host, more = {}) => done({ do: 'ensureInstance', place: placeOf(host), instance: { ...instanceOn(host), ...more }, yielding: false }),
    gone: (host) => done({ do: 'ensureInstanceGone', place: placeOf(host), instance: refOn(host) }),
    observe: (host) => done({ do: 'observeInstance', place: placeOf(host), instance: refOn(host) }),
    admit: async (...hosts) => {
      for (const host of hosts) await done({ do: 'admitHost', place: placeOf(host), token: uuid() });
    },
    arrives: (host) => until(`${ip} is on ${host}`, () => net.has(host, ip)),
    running: async () => {
      for (const host of HOSTS) await scene.ensure(host);
      await scene.admit(...HOSTS);
      await scene.arrives('gw1');
    },
    fileOf: (host, file) => join(net.folder, host, vipId, file),
  };
  try {
    await run(scene);
  } finally {
    for (const host of HOSTS) await scene.gone(host).catch(() => undefined);
    await vips.close();
  }
};

test('each kind of take-over is seen, and the time it takes is printed [R-14, S0-77]', inScene('times', async ({ vipId, running, ensure, gone, admit, arrives, ip }) => {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
  await running();
  const leaving = gone('gw1');
  const graceful = await arrives('gw2');
  await leaving;
  await ensure('gw1');
  const preempt = await arrives('gw1');
  await until('it is on one host', () => !net.has('gw2', ip));
  net.killAll('gw1', vipId);
  const killed = await arrives('gw2');
  assert.ok(net.has('gw1', ip), 'a killed daemon leaves the address');
  await ensure('gw1');
  await admit('gw1');
  await arrives('gw1');
  await until('it is on one host', () => !net.has('gw2', ip));
  net.setLink('gw1', false);
  const linkDown = await arrives('gw2');
  net.setLink('gw1', true);
  console.log(`\nmeasured: take-over: graceful stop ${seconds(graceful)}, preempt back ${seconds(preempt)}, kill -9 ${seconds(killed)}, link down ${seconds(linkDown)}`);
}));

test('a daemon that is killed alone is started again by its keeper, and what it left goes [I-23]', inScene('daemon', async ({ vipId, running, arrives, ip }) => {
  await running();
  const was = net.pid('gw1', vipId, 'keepalived');
  for (const which of ['keepalived', 'vrrp'] as const) process.kill(net.pid('gw1', vipId, which)!, 'SIGKILL');
  await until('another daemon runs', () => net.pid('gw1', vipId, 'keepalived') !== undefined && net.pid('gw1', vipId, 'keepalived') !== was);
  await arrives('gw1');
  await until('it is on one host', () => !net.has('gw2', ip));
}));

test('a bad file is never loaded: neither by a keeper that starts a daemon anew, nor by a reload [I-23, R-16]', inScene('bad file', async ({ vipId, running, ensure, admit, arrives, fileOf, observe, ip, done, instanceOn }) => {
  await running();
  writeFileSync(fileOf('gw1', 'keepalived.conf'), 'vrrp_instance a {\n');
  for (const which of ['keepalived', 'vrrp'] as const) process.kill(net.pid('gw1', vipId, which)!, 'SIGKILL');
  await arrives('gw2');
  await later(3_000);
  assert.equal(await observe('gw1'), { exists: true, state: 'stopped', holds: false }, 'the keeper starts nothing and holds nothing');
  await ensure('gw1');
  await admit('gw1');
  await arrives('gw1');
  await until('it is on one host', () => !net.has('gw2', ip));
  const [pid, conf] = [net.pid('gw1', vipId, 'keepalived'), readFileSync(fileOf('gw1', 'keepalived.conf'), 'utf8')];
  await assertRejects(done({ do: 'ensureInstance', place: { backend: 'vips', host: 'gw1' }, instance: { ...instanceOn('gw1'), interface: 'nosuch0' }, yielding: false }), /InterfaceMissing/);
  assert.is(net.pid('gw1', vipId, 'keepalived'), pid);
  assert.is(readFileSync(fileOf('gw1', 'keepalived.conf'), 'utf8'), conf);
  assert.ok(net.has('gw1', ip));
}));

async function assertRejects(work: Promise<unknown>, wanted: RegExp): Promise<void> {
  const message = await work.then(() => 'it succeeded', (error: unknown) => String(error));
  assert.match(message, wanted);
}

test('after a crash of ours an instance goes on, and is taken over as it is: with its keeper, and without [I-20]', inScene('crash', async ({ vipId, instanceOn, ensure, admit, arrives, ip }) => {
  const child = spawn(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', join(repositoryRoot, 'test/support/keptByChild.ts'), net.nsOf('gw1'), 'gw1', net.folder, JSON.stringify(instanceOn('gw1'))], { cwd: repositoryRoot, stdio: 'inherit' });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  assert.is(signal, 'SIGKILL');
  const [keeper, daemon] = [net.pid('gw1', vipId, 'keep'), net.pid('gw1', vipId, 'keepalived')];
  assert.ok(keeper !== undefined && daemon !== undefined, 'they outlive us');
  await ensure('gw1');
  await admit('gw1');
  await arrives('gw1');
  assert.equal([net.pid('gw1', vipId, 'keep'), net.pid('gw1', vipId, 'keepalived')], [keeper, daemon], 'the same ones');
  process.kill(keeper, 'SIGKILL');
  await ensure('gw1');
  assert.is(net.pid('gw1', vipId, 'keepalived'), daemon, 'the daemon stays');
  assert.ok(net.pid('gw1', vipId, 'keep') !== undefined && net.pid('gw1', vipId, 'keep') !== keeper, 'another keeper minds it');
  assert.ok(net.has('gw1', ip), 'and the address never moved');
}));

test('closing ends what this process minded, and the address goes [S0-80]', inScene('close', async ({ vips, vipId, running, ip }) => {
  await running();
  await vips.close();
  await later(2_000);
  assert.equal(HOSTS.map((host) => [net.pid(host, vipId, 'keep'), net.pid(host, vipId, 'keepalived'), net.has(host, ip)]), HOSTS.map(() => [undefined, undefined, false]));
}));

test('work that was cut off before the daemon had read what was written is done again [I-23]', inScene('cut off', async ({ vipId, running, ensure, fileOf, arrives, ip }) => {
  await running();
  const daemon = net.pid('gw1', vipId, 'keepalived');
  rmSync(fileOf('gw1', 'loaded'));
  await ensure('gw1');
  assert.ok(existsSync(fileOf('gw1', 'loaded')));
  assert.is(net.pid('gw1', vipId, 'keepalived'), daemon);
  await arrives('gw1');
  assert.not(net.has('gw2', ip));
}));

test('a daemon of the targets that is younger than the admission makes a host not ready until it is admitted again [I-20]', inScene('young', async ({ ensure, admit, arrives, observe, ip }) => {
  const pidFile = join(net.folder, 'tgtd.pid');
  const daemon = () => {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    writeFileSync(pidFile, `${child.pid}\n`);
    return child;
  };
  const daemons = [daemon()];
  try {
    await ensure('gw1');
    await admit('gw1');
    await arrives('gw1');
    daemons[0]?.kill('SIGKILL');
    daemons.push(daemon());
    await until('it lets go', () => !net.has('gw1', ip));
    assert.equal(await observe('gw1'), { exists: true, state: 'fault', holds: false, notReady: 'admission' });
    await admit('gw1');
    await arrives('gw1');
  } finally {
    for (const child of daemons) child.kill('SIGKILL');
  }
}, () => ({ daemonPidFiles: () => [join(net.folder, '*.pid')] })));

test('an admission of an earlier boot admits nobody, and neither does one that is said again [I-20]', inScene('boot', async ({ ensure, done, arrives, observe, ip }) => {
  const token = uuid();
  const admitting: VipAction = { do: 'admitHost', place: { backend: 'vips', host: 'gw1' }, token };
  await ensure('gw1');
  await done(admitting);
  await arrives('gw1');
  writeFileSync(join(net.folder, 'gw1/admission'), `${token}\n00000000-0000-4000-8000-000000000000\n`);
  await until('it lets go', () => !net.has('gw1', ip));
  await done(admitting);
  await later(3_000);
  assert.is((await observe('gw1')).notReady, 'admission');
}));

/** No name for a target, but a word that a shell would spoil. */
const IQN = "iqn.2019-01.com.example:it's $HOME";

test('a check of the targets decides, and one that hangs says no [I-20]', inScene('check', async ({ ensure, admit, arrives, observe, ip }) => {
  const says = (text: string): void => writeFileSync(join(net.folder, 'check'), text);
  const checks = [{ iqn: IQN, portal: { ip, port: 3260 }, luns: [0, 1] }];
  says(`#!/bin/sh\n[ "$1" = "${IQN.replace('$', '\\$')}" ] && [ "$2" = 0,1 ]\n`);
  await ensure('gw1', { checks });
  await admit('gw1');
  await arrives('gw1');
  says('#!/bin/sh\nsleep 60\n');
  await until('it lets go', () => !net.has('gw1', ip));
  await until('it says why', async () => (await observe('gw1')).notReady === 'service');
}, () => ({ check: ({ iqn, luns }) => ['sh', join(net.folder, 'check'), iqn, luns.join(',')] })));

test('a host that stood still comes back without the address, since it may have been fenced [I-20]', inScene('still', async ({ vipId, running, arrives, observe, ip }) => {
  await running();
  const pids = (['keepalived', 'vrrp'] as const).map((which) => net.pid('gw1', vipId, which)!);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await arrives('gw2');
  await later(FENCED_AFTER_MS + 2_000);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
  await until('it is not ready', async () => (await observe('gw1')).notReady === 'admission');
  await until('the other host alone has it', () => net.has('gw2', ip) && !net.has('gw1', ip));
}));

test('under systemd units are written, known, enabled, started, reloaded and removed in that order [S0-75, S0-80, R-16]', async () => {
  const systemctl = fakeSystemctl(net.folder);
  await inScene('systemd', async ({ vipId, ensure, admit, arrives, gone, ip }) => {
    await ensure('gw1');
    await admit('gw1');
    await arrives('gw1');
    assert.equal(systemctl.asked(), ['daemon-reload', 'enable', 'start']);
    await ensure('gw1');
    assert.equal(systemctl.asked(), [], 'what runs as wanted is left alone');
    const daemon = net.pid('gw1', vipId, 'keepalived');
    await ensure('gw1', { priority: 120 });
    assert.equal(systemctl.asked(), ['daemon-reload', 'enable', 'reload']);
    assert.is(net.pid('gw1', vipId, 'keepalived'), daemon);
    net.killAll('gw1', vipId);
    assert.ok(net.has('gw1', ip), 'a killed daemon leaves the address');
    await ensure('gw1', { priority: 120 });
    assert.equal(systemctl.asked(), ['daemon-reload', 'enable', 'start']);
    await arrives('gw1');
    const unitFile = join(systemctl.unitFolder, `blockledger-vip-${vipId}.service`);
    assert.ok(existsSync(unitFile));
    assert.equal(await gone('gw1'), { exists: false, state: 'stopped', holds: false });
    assert.equal(systemctl.asked(), ['stop', 'disable', 'daemon-reload']);
    assert.equal([existsSync(unitFile), net.has('gw1', ip)], [false, false]);
  }, () => ({ supervise: 'systemd', systemctl: systemctl.words, unitFolder: systemctl.unitFolder }))();
});

test('nothing is left: no daemon, no keeper', () => {
  const left = spawnSync('pgrep', ['-fa', net.folder], { encoding: 'utf8' }).stdout;
  assert.is(left, '');
});

test.run();
