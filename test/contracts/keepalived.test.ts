/** What is generated for keepalived, and how its answers are read: golden files, and answers as real hosts gave them. */
import { keepalivedVips, type Host } from '@blockledger/adapters-xdc';
import type { CallContext, ProcessCall, ProcessResult, VipAction, VipGroupId, VipId, VipInstance, VipResult } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { matchesGolden } from '../support/golden.ts';
import { suite } from '../support/suite.ts';

const test = suite('keepalived: what is written and read');
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'installation-1' };
const place = { backend: 'vips', host: 'gw1' };
const instance: VipInstance = {
  vipGroupId: '0b9d7a3e-0000-4000-8000-000000000009' as VipGroupId,
  vipId: '0b9d7a3e-0000-4000-8000-000000000001' as VipId,
  ip: '10.252.1.129',
  mask: 32,
  vrid: 19,
  priority: 101,
  preempt: false,
  interface: 'enp2s0f3',
  source: '10.252.1.68',
  peers: ['10.252.1.69'],
  checks: [{ iqn: "iqn.2019-01.com.example:it's", portal: { ip: '10.252.1.129', port: 3260 }, luns: [0, 1] }],
};
const ref = { place, vipId: instance.vipId, ip: instance.ip, mask: instance.mask, interface: instance.interface };
const ensure: VipAction = { do: 'ensureInstance', place, instance, yielding: false };

type Answering = (name: string, call: ProcessCall) => Partial<ProcessResult> | undefined;

/** What a script is called: its first argument. */
const nameOf = ({ argv }: ProcessCall): string => (argv[0] === 'sh' ? (argv[3] ?? '') : argv.join(' '));

const RUNNING = '\n== id\n0b9d7a3e-0000-4000-8000-000000000001\n== daemon\n4711\n== state\nBACKUP\n\n== not-ready\nadmission\n\n== uptime\n100.5 200.1\n\n== addresses\n[]\n';
const NOTHING = '\n== uptime\n100.5 200.1\n\n== addresses\n[{},{"ifname":"enp2s0f3","addr_info":[{"local":"10.252.1.68"}]}]\n';

/** A host that writes down what it is asked, and answers as told. */
const recording = (answer: Answering = () => undefined) => {
  const calls: ProcessCall[] = [];
  const run: Host['run'] = (call) => () => {
    calls.push(call);
    const looks = calls.filter((each) => nameOf(each) === 'look').length;
    const usual = nameOf(call) === 'look' ? { stdout: looks > 1 ? RUNNING : NOTHING } : {};
    return Promise.resolve(E.right({ exitCode: 0, stdout: '', stderr: '', ...usual, ...answer(nameOf(call), call) }));
  };
  const host: Host = { name: 'gw1', run, aside: run, lateEffectsMs: 0, close: () => Promise.resolve() };
  return { calls, host };
};

const filesIn = (calls: readonly ProcessCall[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(calls.flatMap(({ argv, stdin }) => (typeof stdin === 'string' ? [[`${argv[4]} ${argv[5]}`, stdin.split('\n')]] : [])));

const answerTo = async (action: VipAction, answer?: Answering, supervise: 'systemd' | 'child' = 'child'): Promise<E.Either<{ readonly _tag: string; readonly code: string; readonly message: string }, VipResult>> =>
  keepalivedVips({ hosts: [recording(answer).host], supervise }).perform(action, context)();

for (const supervise of ['systemd', 'child'] as const) {
  test(`all that is written for an instance under ${supervise} is as its golden file holds [S0-75, S0-77, I-23]`, async () => {
    const { calls, host } = recording();
    const done = await keepalivedVips({ hosts: [host], supervise }).perform(ensure, context)();
    assert.ok(E.isRight(done), JSON.stringify(done));
    matchesGolden(`keepalived.${supervise}.json`, { files: filesIn(calls), order: calls.map((call) => (nameOf(call) === 'sh' ? `write ${call.argv[4]}` : nameOf(call))) });
  });
}

test('a unit is known to systemd before it is enabled, and forgotten after it was removed [S0-75, S0-80, R-16]', () => {
  const vips = keepalivedVips({ hosts: [recording().host], supervise: 'systemd' });
  const said = (action: VipAction): readonly string[] => vips.plan(action).flatMap(({ argv }) => (argv !== undefined && ['systemctl', 'rm'].includes(argv[0] ?? '') ? [argv.slice(0, 2).join(' ')] : []));
  assert.equal(said(ensure), ['systemctl daemon-reload', 'systemctl enable', 'systemctl start']);
  assert.equal(said({ do: 'ensureInstanceGone', place, instance: ref }), ['systemctl stop', 'systemctl disable', 'rm -f', 'systemctl daemon-reload']);
});

test('keepalived is told to read anew and to end, and never to write the files whose names all its instances share [S0-84, R-16]', async () => {
  const { calls, host } = recording();
  for (const supervise of ['systemd', 'child'] as const) {
    const vips = keepalivedVips({ hosts: [host], supervise });
    for (const action of [ensure, { ...ensure, yielding: true }, { do: 'ensureInstanceGone', place, instance: ref } satisfies VipAction]) assert.ok(E.isRight(await vips.perform(action, context)()));
    await vips.close();
  }
  const said = calls.map(({ argv, stdin }) => [...argv, typeof stdin === 'string' ? stdin : ''].join(' ')).join('\n');
  for (const word of ['kill -HUP', 'kill -TERM']) assert.ok(said.includes(word), word);
  assert.not.match(said, /USR1|USR2|SIGFUNC|signum|kill -36|\/tmp\/keepalived/);
});

test('a configuration is checked before it stands where a daemon reads it, and a warning is a refusal [I-23]', async () => {
  const { calls, host } = recording((name) => (name === 'check' ? { exitCode: 5, stderr: "(F: Line 3) Unknown keyword 'x'\n" } : undefined));
  const refused = await keepalivedVips({ hosts: [host], supervise: 'child' }).perform(ensure, context)();
  assert.is(E.isLeft(refused) && refused.left.code, 'ConfigRefused');
  assert.match(E.isLeft(refused) ? refused.left.message : '', /Unknown keyword/);
  const names = calls.map(nameOf);
  assert.is(names.includes('load') || names.includes('start') || names.includes('reload'), false);
  assert.is(names.at(-1), 'end');
});

test('the password stands in one file alone: in no command line, plan or error [I-24]', async () => {
  const { calls, host } = recording((name) => (name === 'check' ? { exitCode: 5, stderr: '(F: Line 20) auth_pass pLanTed1 is odd\n' } : undefined));
  const vips = keepalivedVips({ hosts: [host], supervise: 'child', password: 'pLanTed1' });
  const refused = await vips.perform(ensure, context)();
  const withPassword = calls.filter(({ stdin }) => typeof stdin === 'string' && stdin.includes('pLanTed1'));
  assert.equal(withPassword.map(({ argv }) => [argv[4], argv[5]]), [[`/var/lib/blockledger/vips/gw1/${instance.vipId}/candidate.conf`, '600']]);
  for (const shown of [refused, vips.plan(ensure), calls.map(({ argv }) => argv)]) assert.not.match(JSON.stringify(shown), /pLanTed1/);
});

test('adverts are read from what tcpdump prints, and everything else is passed over [S0-74, S0-77]', async () => {
  const stdout = [
    '02:10:21.321140 IP 10.252.1.68 > 224.0.0.18: VRRPv2, Advertisement, vrid 19, prio 101, authtype simple, intvl 1s, length 20',
    '02:10:21.421140 IP 10.252.1.194 > 224.0.0.18: VRRPv2, Advertisement, vrid 7, prio 101, authtype simple, intvl 1s, length 20',
    '02:10:22.321140 IP 10.252.1.68 > 224.0.0.18: VRRPv2, Advertisement, vrid 19, prio 0, authtype simple, intvl 1s, length 20',
    '02:10:22.521140 IP 10.252.1.70 > 224.0.0.18: VRRPv3, Advertisement, vrid 19, prio 90, intvl 100cs, length 12',
    '02:10:22.621140 IP 10.252.1.71 > 224.0.0.18: VRRPv2, Advertisement, vrid 0, prio 90, authtype none, intvl 1s, length 12',
    '02:10:22.721140 IP 10.252.1.72 > 224.0.0.18: CARPv2-advertise 36: vhid=1 advbase=1 advskew=0',
    '',
  ].join('\n');
  const scan: VipAction = { do: 'scanVrids', place, interface: 'enp2s0f3', listenMs: 3_000 };
  const answer = await answerTo(scan, () => ({ stdout }));
  assert.equal(answer, E.right({ heard: [{ source: '10.252.1.194', vrid: 7, priority: 101 }, { source: '10.252.1.68', vrid: 19, priority: 101 }, { source: '10.252.1.70', vrid: 19, priority: 90 }] }));
  assert.equal(await answerTo(scan, () => ({ stdout: '\n' })), E.right({ heard: [] }));
  const denied = await answerTo(scan, () => ({ exitCode: 1, stderr: "tcpdump: eth0: You don't have permission to perform this capture on that device" }));
  assert.is(E.isLeft(denied) && denied.left.code, 'Denied');
  const missing = await answerTo(scan, () => ({ exitCode: 127, stderr: 'timeout: failed to run command tcpdump: No such file or directory' }));
  assert.is(E.isLeft(missing) && missing.left.code, 'ProgramMissing');
});

test('an answer that was cut off is an error, never a host without instances [I-20]', async () => {
  for (const stdout of ['', RUNNING.slice(0, -30), 'nonsense', '== addresses\n{}', '== uptime\n12.0 3.0\n\n== addresses\n[{"ifname":']) {
    const answer = await answerTo({ do: 'observeInstance', place, instance: ref }, () => ({ stdout }));
    assert.is(E.isLeft(answer) && answer.left._tag, 'Retryable', stdout);
  }
});

test('the state is checked against what else is seen [I-23]', async () => {
  const looked = (daemon: string, state: string, notReady: string, address: string): string =>
    `\n== id\nx\n== daemon\n${daemon}\n== state\n${state}\n== not-ready\n${notReady}\n== good\ntoken 99\n== uptime\n100.5 1\n== addresses\n[{"ifname":"enp2s0f3","addr_info":[{"local":"${address}"}]}]\n`;
  const held = instance.ip;
  const table: readonly (readonly [string, string, string, string, VipResult])[] = [
    ['4711', 'MASTER', '', held, { exists: true, state: 'master', holds: true }],
    ['4711', 'MASTER', '', '10.0.0.1', { exists: true, state: 'backup', holds: false }],
    ['4711', 'MASTER', 'service', '10.0.0.1', { exists: true, state: 'fault', holds: false, notReady: 'service' }],
    ['4711', 'FAULT', 'yielding', '10.0.0.1', { exists: true, state: 'fault', holds: false, notReady: 'yielding' }],
    ['4711', 'FAULT', '', '10.0.0.1', { exists: true, state: 'backup', holds: false }],
    ['4711', 'BACKUP', '', held, { exists: true, state: 'backup', holds: true }],
    ['', 'MASTER', '', held, { exists: true, state: 'stopped', holds: true }],
    ['', 'STOP', 'service', '10.0.0.1', { exists: true, state: 'stopped', holds: false }],
  ];
  for (const [daemon, state, notReady, address, wanted] of table) {
    const answer = await answerTo({ do: 'observeInstance', place, instance: ref }, () => ({ stdout: looked(daemon, state, notReady, address) }));
    assert.equal(answer, E.right(wanted), `${daemon} ${state} ${notReady} ${address}`);
  }
});

test('what cannot be configured is refused before a host is asked [I-23]', async () => {
  const wrongs: readonly Partial<VipInstance>[] = [{ source: 'gw1' }, { peers: ['::1'] }, { mask: 0 }, { interface: 'eth0 }' }];
  for (const wrong of wrongs) {
    const { calls, host } = recording();
    const refused = await keepalivedVips({ hosts: [host], supervise: 'child' }).perform({ do: 'ensureInstance', place, instance: { ...instance, ...wrong }, yielding: false }, context)();
    assert.is(E.isLeft(refused) && refused.left.code, 'Invalid');
    assert.is(calls.length, 0);
  }
});

test('a mistake in the options is found when they are read', () => {
  const { host } = recording();
  for (const wrong of [{ folder: 'vips' }, { folder: '/var/lib/my vips' }, { keepalived: 'keepalived' }, { password: 'longer than eight' }, { password: '' }, { hosts: [host, host] }]) {
    assert.throws(() => keepalivedVips({ hosts: [host], supervise: 'child', ...wrong }), TypeError);
  }
});

test.run();
