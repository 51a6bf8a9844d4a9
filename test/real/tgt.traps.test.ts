/** Every trap that tgt is known to lay, and what becomes of it. */
import { localHost, tgtTargets } from '@blockledger/adapters-xdc';
import { processRunner } from '@blockledger/adapters-rbd/process';
import type { ProcessCall, ProcessRunner } from '@blockledger/domain';
import { spawn, spawnSync } from 'node:child_process';
import * as assert from 'uvu/assert';
import { holdSession, inquire, sizeOf, type Way } from '../support/initiator.ts';
import { makeNamespace } from '../support/netns.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTgt, realTgtOn, type RealTgt } from '../support/tgt.ts';
import { LARGER, letting, SIZE, tgtScene, type TgtScene } from '../support/tgtScene.ts';

requireReal(realTgt);

const test = suite('traps of tgt');
const ME = 'iqn.1994-05.com.redhat:9f2838fc926e';
const SECRET = '1qaz2wsx3edc';
const CONTROL = 9_007;

let tgt: RealTgt;
let scene: TgtScene;
const way = (more: Partial<Way> = {}): Way => ({ portal: scene.portal, iqn: scene.target.iqn, lun: 0, initiator: ME, ...more });
/** Says something to the daemon behind the adapter's back. */
const adm = (...args: readonly string[]) => {
  const env = { ...process.env, TGT_IPC_SOCKET: `${tgt.runDir}/gw1/ipc` };
  return spawnSync('tgtadm', ['-C', String(CONTROL), '--lld', 'iscsi', ...args], { encoding: 'utf8', env });
};
const shown = (): string => adm('--mode', 'target', '--op', 'show').stdout;
const tidOf = (iqn = scene.target.iqn): string => new RegExp(`Target (\\d+): ${iqn}`).exec(shown())?.[1] ?? '';
const pid = (): number => tgt.daemons().get(CONTROL) ?? 0;
const oneLun = () => [scene.lun(0, tgt.makeFile(SIZE))];

test.before.each(() => {
  tgt = realTgtOn();
  scene = tgtScene(tgt);
});
test.after.each(() => tgt.dispose());

test('taking an account away that is not the last one bound would kill the daemon at the next look: it lives', async () => {
  const luns = oneLun();
  const clients = [letting(ME, luns)];
  await scene.ensure(scene.config({ luns, clients, chap: scene.account('first', SECRET) }));
  const before = pid();
  for (const user of ['second', 'third', 'first']) {
    await scene.ensure(scene.config({ luns, clients, chap: scene.account(user, SECRET) }));
    assert.is(sizeOf(way({ user, secret: SECRET })), SIZE);
  }
  assert.is(pid(), before);
  assert.not.match(adm('--mode', 'account', '--op', 'show').stdout, /second|third/, 'accounts that nobody needs are gone');
  const tid = tidOf();
  for (const user of ['x', 'y']) {
    adm('--mode', 'account', '--op', 'new', '--user', user, '--password', 'x');
    adm('--mode', 'account', '--op', 'bind', '--tid', tid, '--user', user);
  }
  adm('--mode', 'account', '--op', 'unbind', '--tid', tid, '--user', 'x');
  const dead = adm('--mode', 'target', '--op', 'show');
  assert.equal([dead.status, dead.stderr.trim()], [0, 'tgtadm: tgtd closed the socket'], 'the trap is there: a dead daemon, exit code 0');
});

test('nothing survives a restart of the daemon: everything is projected again', async () => {
  const luns = oneLun();
  const config = scene.config({ luns, clients: [letting(ME, luns)], chap: scene.account('forward', SECRET) });
  await scene.ensure(config);
  await tgt.crash();
  const seen = await tgt.backend.see(scene.target, scene.context)();
  assert.is(seen._tag === 'Right' && seen.right, undefined);
  await scene.ensure(config);
  assert.is(sizeOf(way({ user: 'forward', secret: SECRET })), SIZE);
});

test('a daemon goes on serving when what started it is killed', async () => {
  const script = `import { localHost, tgtTargets } from '@blockledger/adapters-xdc';
    const backend = tgtTargets({ hosts: [localHost({ name: 'gw1' })], tgtd: { runDir: ${JSON.stringify(tgt.runDir)} } });
    const target = ${JSON.stringify(scene.target)};
    const config = { portals: [${JSON.stringify(scene.portal)}], chap: null, luns: [], clients: [] };
    const context = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'here', secret: () => undefined, sourceOf: () => undefined };
    const answer = await backend.perform({ do: 'ensureTarget', target, config, fenced: [], unmapped: [] }, context)();
    console.log(answer._tag);
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.match(await new Promise<string>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))), 'Right');
  parent.kill('SIGKILL');
  await new Promise((resolve) => parent.once('close', resolve));
  assert.match(shown(), scene.target.iqn);
});

test('a daemon ignores SIGTERM, and ends with its last target [R-12]', async () => {
  await scene.ensure(scene.config({}));
  await scene.ensure(scene.config({}), scene.beside);
  process.kill(pid(), 'SIGTERM');
  await scene.gone();
  assert.match(shown(), scene.beside.iqn, 'it still serves the other one');
  await scene.gone(false, scene.beside);
  assert.is(tgt.daemons().size, 0);
});

test('a daemon that cannot use the portal that it is given listens on every address: it is not left so, and what is missing is named', async () => {
  const namespace = makeNamespace();
  const here = realTgtOn({ host: localHost({ name: 'gw2', prefix: namespace.prefix }) });
  const there = tgtScene(here);
  try {
    namespace.run('ip', 'link', 'set', 'lo', 'up');
    namespace.run('ip', 'address', 'delete', '127.0.0.1/8', 'dev', 'lo');
    const error = await there.refused(there.config({}));
    assert.equal([error._tag, error.code], ['Permanent', 'NoLoopback']);
    assert.is(here.daemons().size, 0, 'no daemon stays');
    namespace.run('ip', 'address', 'add', '127.0.0.1/8', 'dev', 'lo');
    await there.ensure(there.config({}));
    assert.not.match(namespace.run('ss', '-ltnH'), /0\.0\.0\.0:3260|\*:3260/);
  } finally {
    await here.dispose();
    namespace.remove();
  }
});

test('a portal of a virtual IP that the host does not hold needs ip_nonlocal_bind: that is said, and then it works [R-13]', async () => {
  const namespace = makeNamespace();
  const here = realTgtOn({ host: localHost({ name: 'gw2', prefix: namespace.prefix }) });
  const there = tgtScene(here);
  try {
    namespace.run('ip', 'link', 'set', 'lo', 'up');
    const config = there.config({ portals: [there.portal, { ip: '10.77.0.177', port: 3260 }] });
    const error = await there.refused(config);
    assert.equal([error._tag, error.code], ['Permanent', 'NonlocalBindOff']);
    assert.match(error.message, 'net.ipv4.ip_nonlocal_bind=1');
    namespace.run('sysctl', '-qw', 'net.ipv4.ip_nonlocal_bind=1');
    const result = await there.ensure(config);
    assert.equal(result.portals?.map(({ ip }) => ip).toSorted(), ['10.77.0.177', '127.0.0.1']);
  } finally {
    await here.dispose();
    namespace.remove();
  }
});

test('two access paths of a host cannot have one portal, since each has a daemon: the second is told', async () => {
  await scene.ensure(scene.config({}));
  const error = await scene.refused(scene.config({}), { ...scene.beside, number: 8 });
  assert.equal([error._tag, error.code], ['Retryable', 'PortalTaken']);
  await scene.gone(false, { ...scene.beside, number: 8 });
});

test('portals of IPv6 are the same however they are written', async () => {
  const portals = ['::1', '0:0:0:0:0:0:0:1'].map((ip) => ({ ...tgt.freshPortal(), ip, port: scene.portal.port }));
  for (const portal of portals) await scene.ensure(scene.config({ portals: [portal] }));
  assert.is(adm('--mode', 'portal', '--op', 'show').stdout.trim(), `Portal: [::1]:${scene.portal.port},1`);
});

test('what was left half made or was changed by somebody is put right', async () => {
  const luns = [...oneLun(), scene.lun(1, tgt.makeFile(SIZE)), scene.lun(2, tgt.makeFile(SIZE))];
  const config = scene.config({ luns, clients: [letting(ME, luns)], chap: scene.account('forward', SECRET) });
  await scene.ensure(config);
  const tid = tidOf();
  const lun = (op: string, number: string, ...args: readonly string[]) => assert.is(adm('--mode', 'logicalunit', '--op', op, '--tid', tid, '--lun', number, ...args).status, 0, `${op} ${number}`);
  const right = (text: string) => text.replaceAll(/I_T nexus information:[\s\S]*?LUN information/g, '');
  const before = right(shown());
  const damages: readonly (() => void)[] = [
    () => {
      lun('delete', '1');
      lun('new', '1', '--bstype', 'rdwr');
    },
    () => {
      lun('delete', '2');
      lun('new', '2', '--bstype', 'rdwr', '--backing-store', tgt.fileOf(luns[0]?.volume ?? tgt.makeFile(SIZE)));
    },
    () => lun('update', '3', '--params', 'removable=1,online=0'),
    () => lun('update', '1', '--params', 'scsi_sn=another'),
    () => lun('new', '9', '--bstype', 'rdwr', '--backing-store', tgt.fileOf(tgt.makeFile(SIZE))),
    () => void adm('--mode', 'target', '--op', 'update', '--tid', tid, '--name', 'state', '--value', 'offline'),
    () => void adm('--mode', 'target', '--op', 'bind', '--tid', tid, '--initiator-address', 'ALL'),
    () => void adm('--mode', 'target', '--op', 'unbind', '--tid', tid, '--initiator-name', ME),
    () => void adm('--mode', 'account', '--op', 'unbind', '--tid', tid, '--user', 'forward'),
    () => void adm('--mode', 'account', '--op', 'delete', '--user', 'forward'),
    () => void adm('--mode', 'portal', '--op', 'delete', '--param', `portal=${scene.portal.ip}:${scene.portal.port}`),
  ];
  for (const [at, damage] of damages.entries()) {
    damage();
    await scene.ensure(config);
    assert.is(right(shown()), before, `damage ${at}`);
  }
  assert.is(sizeOf(way({ user: 'forward', secret: SECRET })), SIZE);
});

test('the forward account is one for all client groups of an access path: a new secret holds for all, and sessions go on [S0-86]', async () => {
  const [luns, others] = [oneLun(), oneLun()];
  const you = 'iqn.1994-05.com.redhat:another';
  const set = async (text: string): Promise<void> => {
    const chap = scene.account('forward', text);
    await scene.ensure(scene.config({ luns, clients: [letting(ME, luns)], chap }));
    await scene.ensure(scene.config({ luns: others, clients: [letting(you, others)], chap }), scene.beside);
  };
  await set(SECRET);
  const session = await holdSession(way({ iqn: scene.beside.iqn, initiator: you, user: 'forward', secret: SECRET }));
  await set('anothersecret');
  for (const [iqn, initiator] of [[scene.target.iqn, ME], [scene.beside.iqn, you]] as const) {
    assert.is(inquire(way({ iqn, initiator, user: 'forward', secret: SECRET })).exitCode, 10);
    assert.is(sizeOf(way({ iqn, initiator, user: 'forward', secret: 'anothersecret' })), SIZE);
    assert.is(inquire(way({ iqn, initiator })).exitCode, 10, 'nobody unproved');
  }
  assert.is(await session?.reads(0), true);
  await session?.logout();
});

test('an account by which another client group’s target proves itself is not given another secret [S0-88]', async () => {
  const chap = scene.account('forward', SECRET);
  const luns = oneLun();
  await scene.ensure(scene.config({ luns, chap, clients: [letting(ME, luns, scene.account('mutual', '3edc2wsx1qaz'))] }));
  const others = oneLun();
  const error = await scene.refused(scene.config({ luns: others, chap, clients: [letting('iqn.1994-05.com.redhat:another', others, scene.account('mutual', '5tgb6yhn7ujm'))] }), scene.beside);
  assert.equal([error._tag, error.code], ['Permanent', 'AccountTaken']);
  assert.is(sizeOf(way({ user: 'forward', secret: SECRET, targetUser: 'mutual', targetSecret: '3edc2wsx1qaz' })), SIZE);
});

test('a secret that tgt would take apart is refused, and is not in what is said of it [I-24]', async () => {
  const luns = oneLun();
  const error = await scene.refused(scene.config({ luns, clients: [letting(ME, luns)], chap: scene.account('forward', 'secret,with,commas') }));
  assert.equal([error._tag, error.code], ['Permanent', 'Unsupported']);
  assert.not.match(JSON.stringify(error), 'with,commas');
  assert.is(inquire(way()).exitCode, 10, 'nobody is let in');
});

test('no secret stands in a command line of ours, nor in its environment [I-24]', async () => {
  const calls: ProcessCall[] = [];
  const real = processRunner();
  const run: ProcessRunner = (call) => {
    calls.push(call);
    return real(call);
  };
  const host = localHost({ name: 'gw1', run });
  const backend = tgtTargets({ hosts: [host], tgtd: { runDir: tgt.runDir } });
  const watched = tgtScene({ ...tgt, backend, host });
  const luns = oneLun();
  const clients = [letting(ME, luns, watched.account('mutual', '3edc2wsx1qaz'))];
  for (const text of [SECRET, '5tgb6yhn7ujm']) await watched.ensure(watched.config({ luns, clients, chap: watched.account('forward', text) }));
  assert.ok(calls.some(({ stdin }) => stdin === `${SECRET}\n`), 'secrets were given');
  for (const { argv, env } of calls) assert.not.match(JSON.stringify([argv, env ?? {}]), /1qaz2wsx3edc|3edc2wsx1qaz|5tgb6yhn7ujm/);
  assert.not.match(shown() + adm('--mode', 'account', '--op', 'show').stdout, /1qaz2wsx3edc|3edc2wsx1qaz|5tgb6yhn7ujm/, 'nor in what the daemon shows');
});

test('a session whose initiator has died stands in nobody’s way: it is asked after, and force ends it at once [I-21, X-7]', async () => {
  const luns = oneLun();
  await scene.ensure(scene.config({ luns, clients: [letting(ME, luns)] }));
  assert.match(shown(), /Nop interval: 5\n\s+Nop count: 3/);
  const session = await holdSession(way());
  assert.ok(session !== undefined);
  session.freeze();
  const refused = await scene.perform({ do: 'ensureTargetGone', target: scene.target, force: false });
  assert.ok(refused._tag === 'Left' && refused.left._tag === 'Retryable' && refused.left.watchers?.join() === ME, JSON.stringify(refused));
  assert.is((await scene.gone(true)).exists, false);
  await session.logout();
});

test('a LUN goes while somebody writes to it: what is under way ends, the daemon lives, other LUNs serve [S0-96]', async () => {
  const luns = [...oneLun(), scene.lun(1, tgt.makeFile(SIZE))];
  await scene.ensure(scene.config({ luns, clients: [letting(ME, luns)] }));
  const before = pid();
  const session = await holdSession(way({ lun: 1 }));
  assert.ok(session !== undefined);
  const writing = (async () => {
    for (let round = 0; round < 200; round += 1) if (!(await session.say('write -P 7 0 4M')).includes('wrote')) return 'stopped';
    return 'went on';
  })();
  const left = luns.slice(0, 1);
  await scene.ensure(scene.config({ luns: left, clients: [letting(ME, left)] }));
  assert.is(await writing, 'stopped');
  assert.equal([pid(), sizeOf(way())], [before, SIZE]);
  await session.logout();
});

test('calls for one daemon wait for each other, whatever they are', async () => {
  const luns = oneLun();
  const config = scene.config({ luns, clients: [letting(ME, luns)], chap: scene.account('forward', SECRET) });
  const all = await Promise.all([scene.ensure(config), scene.ensure({ ...config, luns: [], clients: [] }, scene.beside), scene.ensure(config), scene.ensure(config)]);
  assert.equal(all.map(({ exists }) => exists), [true, true, true, true]);
  assert.is(sizeOf(way({ user: 'forward', secret: SECRET })), SIZE);
});

test('a size is shown in millions of bytes, and a change of one MiB is noticed [I-18]', async () => {
  const volume = tgt.makeFile(LARGER);
  for (const more of [0, 1, 2, 3]) {
    const bytes = (LARGER + more * 2 ** 20) as typeof LARGER;
    tgt.growFile(volume, bytes);
    const luns = [scene.lun(0, volume, bytes)];
    await scene.ensure(scene.config({ luns, clients: [letting(ME, luns)] }));
    assert.is(sizeOf(way()), bytes);
  }
});

test.run();
