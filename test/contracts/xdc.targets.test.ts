/** Targets of XDC in trouble: limits that nobody sees, daemons that restart, programs that die, targets of others. */
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateXdc, type XdcFault, type XdcSimulatorOptions } from '@blockledger/adapters-xdc/simulator';
import type { Bytes, PortError, SeenTarget, TargetAction, TargetCallContext, TargetResult } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { account, client, CONFIG, context, ensuring, lun, nameOf, SECRETS, someQos, target, volumeOf } from '../support/xdc.ts';

const test = suite('targets of XDC');

const gateways = (options: XdcSimulatorOptions & { readonly endsSessions?: boolean } = {}) => {
  const simulator = simulateXdc(options);
  const open = () => xdcTargets({ hosts: simulator.hosts, endsSessions: options.endsSessions ?? false });
  let backend = open();
  const perform = (action: TargetAction, asked: TargetCallContext = context): Promise<E.Either<PortError, TargetResult>> => backend.perform(action, asked)();
  const done = async (action: TargetAction): Promise<TargetResult> => {
    const answer = await perform(action);
    if (E.isLeft(answer)) throw new Error(`${answer.left.code}: ${answer.left.message}`);
    return answer.right;
  };
  const failed = async (action: TargetAction): Promise<PortError> => {
    const answer = await perform(action);
    if (E.isRight(answer)) throw new Error('it succeeded');
    return answer.left;
  };
  const seen = async (ref = target()): Promise<SeenTarget | undefined> => {
    const answer = await backend.see(ref, context)();
    if (E.isLeft(answer)) throw new Error(answer.left.message);
    return answer.right;
  };
  const said = (since: number): readonly string[] =>
    simulator.calls.slice(since).map(({ argv }) => argv.join(' ')).filter((line) => !line.includes('-o show'));
  /** As if this process had ended and begun anew. */
  const restartUs = (): void => void (backend = open());
  /** Anything else on the host. */
  const tell = async (...args: readonly string[]): Promise<number> => {
    const answer = await simulator.run('gw1')({ argv: ['xdcadm', '-L', 'at', ...args], idleTimeoutMs: 1_000, signal: context.signal })();
    return E.isRight(answer) ? answer.right.exitCode : -1;
  };
  return { simulator, perform, done, failed, seen, said, restartUs, tell, diagnose: () => backend.diagnose?.([], context)() };
};

const NAME = nameOf(volumeOf(0));
const limited = ensuring({ luns: [lun(0, volumeOf(0), { qos: someQos }), lun(1)] });
const LIMITS = { bps_total: '1048576000,2097152000', ops_total: '100000,200000' };

test('limits are given before the LUN is offered, again when it is made anew, and changed and taken off when that is wanted [S0-44, X-3]', async () => {
  const { simulator, done, said } = gateways();
  await done(limited);
  assert.equal(simulator.limits('gw1', NAME), LIMITS);
  const lines = said(0);
  assert.ok(lines.findIndex((line) => line.includes('bps_total')) < lines.findIndex((line) => line.includes(`-o add --atid 1 --lunname ${NAME}`)));
  await done({ do: 'ensureTargetGone', target: target(), force: false });
  await done(limited);
  assert.equal(simulator.limits('gw1', NAME), LIMITS, 'made anew');
  await done(ensuring({ luns: [lun(0, volumeOf(0), { qos: { ...someQos, maxIops: 7 } }), lun(1)] }));
  assert.is(simulator.limits('gw1', NAME)?.['ops_total'], '7,200000', 'changed');
  await done(ensuring());
  assert.equal(simulator.limits('gw1', NAME), { bps_total: '0,0', ops_total: '0,0' }, 'taken off');
});

test('a daemon that came back with its LUNs and without their limits has them after the next call [S0-44, X-3]', async () => {
  const { simulator, done } = gateways();
  await done(limited);
  simulator.restart('gw1', 'limits');
  assert.equal(simulator.limits('gw1', NAME), {});
  await done(limited);
  assert.equal(simulator.limits('gw1', NAME), LIMITS);
});

test('limits that an earlier process gave are taken off by one that knows nothing of them [X-3]', async () => {
  const { simulator, done, restartUs } = gateways();
  await done(limited);
  restartUs();
  await done(ensuring());
  assert.equal(simulator.limits('gw1', NAME), { bps_total: '0,0', ops_total: '0,0' });
});

test('a larger volume is larger on its target, in bytes, and nothing else is said [S0-46, R-7, X-4]', async () => {
  const { done, said, simulator, seen } = gateways();
  await done(ensuring());
  const before = simulator.calls.length;
  await done(ensuring({ luns: [lun(0, volumeOf(0), { sizeBytes: 21_474_836_480 as Bytes }), lun(1)] }));
  assert.equal(said(before), [`xdcadm -L at -m lun -o update --lunname ${NAME} --lunsize 21474836480`, 'xdcadm -L at -m sys -o save']);
  assert.equal((await seen())?.luns.map(({ sizeBytes }) => sizeBytes), [21_474_836_480, 10_737_418_240]);
});

test('what is as wanted is left alone, and saved once [X-3, I-7]', async () => {
  const { done, said, simulator, restartUs } = gateways();
  await done(ensuring());
  const before = simulator.calls.length;
  await done(ensuring());
  assert.equal(said(before), []);
  restartUs();
  const after = simulator.calls.length;
  await done(ensuring());
  assert.is(said(after).at(-1), 'xdcadm -L at -m sys -o save');
  assert.ok(said(after).every((line) => / -o save$|--value 0,0$/.test(line)));
});

test('what was done is saved, so a daemon that restarts still has it; what it lost all the same is made anew [X-3]', async () => {
  const { simulator, done } = gateways();
  await done(ensuring());
  const before = simulator.shows('gw1');
  simulator.restart('gw1');
  assert.is(simulator.shows('gw1'), before);
  simulator.restart('gw1', 'everything');
  await done(ensuring());
  assert.is(simulator.shows('gw1'), before);
});

test('a call that could not save is not done, and the next one saves [X-3]', async () => {
  let fails = true;
  const { done, failed, simulator } = gateways({ faults: ({ verb }) => (verb === 'sys save' && fails ? { _tag: 'Dies', landed: false } : undefined) });
  assert.is((await failed(ensuring())).code, 'Refused');
  fails = false;
  await done(ensuring());
  const shown = simulator.shows('gw1');
  simulator.restart('gw1');
  assert.is(simulator.shows('gw1'), shown);
});

test('the secret of a standing account is exchanged, seen by comparison alone [S0-86, S0-87, S0-92]', async () => {
  const { simulator, done, said } = gateways();
  await done(ensuring());
  const before = simulator.calls.length;
  await done(ensuring({ chap: account('storage', 'other'), clients: [client('10.255.101.73', [0], account('prover', 'other')), client('iqn.1994-05.com.redhat:9f2838fc926e', [0, 1])] }));
  assert.is(said(before).length, 3);
  assert.match(simulator.shows('gw1'), new RegExp(`chap: user: storage password: ${SECRETS.other}\n`));
  assert.match(simulator.shows('gw1'), new RegExp(`chap mutual: user: prover password: ${SECRETS.other}\n`));
});

test('accounts by which the target proves itself differ by client, and can be taken off one of them [S0-87, S0-88, X-9]', async () => {
  const { done, seen } = gateways();
  const clients = [client('10.0.0.1', [0], account('prover')), client('10.0.0.2', [0], account('other')), client('10.0.0.3', [0])];
  await done(ensuring({ clients }));
  const users = async () => (await seen())?.clients.map(({ mutualUser }) => mutualUser);
  assert.equal(await users(), ['prover', 'other', undefined]);
  await done(ensuring({ clients: clients.map((one) => ({ ...one, mutual: null })) }));
  assert.equal(await users(), [undefined, undefined, undefined]);
});

test('portals of virtual IPs stand beside the physical ones before these go, and the other way round [S0-72, S0-73, R-12, R-13]', async () => {
  const { done, said, simulator } = gateways();
  await done(ensuring());
  for (const ip of ['10.252.1.129', '10.255.101.74']) {
    const before = simulator.calls.length;
    await done(ensuring({ portals: [{ ip, port: 3260 }] }));
    assert.equal(said(before).map((line) => line.split(' ')[6]), ['add', 'remove', 'save']);
    assert.match(said(before)[0] ?? '', new RegExp(`--port ${ip.replaceAll('.', String.raw`\.`)}:3260$`));
  }
});

test('another volume under the number of a LUN takes its place, and no client ever sees the wrong one [S0-94, I-19]', async () => {
  const { done, seen, simulator } = gateways();
  await done(ensuring());
  await done(ensuring({ luns: [lun(0, volumeOf(7)), lun(1)] }));
  assert.equal((await seen())?.luns.map(({ lun: id, serial }) => [id, serial]).toSorted(), [[0, volumeOf(7).serial], [1, volumeOf(1).serial]]);
  assert.not.ok(simulator.luns('gw1').includes(NAME));
  await done(ensuring({ luns: [lun(3, volumeOf(7)), lun(1)], clients: [client('10.255.101.73', [3, 1])] }));
  assert.equal((await seen())?.clients.map(({ code, luns = [] }) => [code, luns.toSorted((a, b) => a - b)]), [['10.255.101.73', [1, 3]]]);
});

test('a volume in two access paths is one LUN of the host, and goes with the last of them [S0-98, R-16]', async () => {
  const { done, simulator, seen } = gateways();
  const second = ensuring({ portals: [{ ip: '10.255.101.74', port: 3261 }], luns: [lun(5, volumeOf(0))], clients: [] }, { target: target(2) });
  await done(ensuring());
  await done(second);
  await done({ do: 'ensureTargetGone', target: target(1), force: false });
  assert.equal(simulator.luns('gw1'), [NAME]);
  assert.equal((await seen(target(2)))?.luns.map(({ lun: id }) => id), [5]);
  await done({ do: 'ensureTargetGone', target: target(2), force: false });
  assert.equal(simulator.luns('gw1'), []);
});

/** Every nth command of a call goes wrong in this way, then the call is repeated; after all that it stands, and then it is gone. */
const survives = async (fault: XdcFault): Promise<void> => {
  const plain = gateways();
  await plain.done(limited);
  const wanted = plain.simulator.shows('gw1');
  for (let nth = 1; ; nth += 1) {
    let [count, struck] = [0, false];
    const { done, perform, simulator } = gateways({
      faults: () => {
        count += 1;
        if (struck || count !== nth) return undefined;
        struck = true;
        return fault;
      },
    });
    const answer = await perform(limited);
    if (!struck) return assert.ok(nth > 10);
    // A list of LUNs that cannot be read is done without.
    if (E.isLeft(answer)) assert.is(answer.left._tag, 'Retryable');
    await done(limited);
    assert.is(simulator.shows('gw1'), wanted, `after call ${nth}`);
    assert.equal(simulator.limits('gw1', NAME), LIMITS, `after call ${nth}`);
    count = 0;
    struck = false;
    await perform({ do: 'ensureTargetGone', target: target(), force: false });
    struck = true;
    await done({ do: 'ensureTargetGone', target: target(), force: false });
    assert.is(simulator.shows('gw1'), 'Access Target information:\n', `gone after call ${nth}`);
  }
};

test('an xdcadm that dies before it did anything, or just after, leaves nothing that the next call does not mend [X-2, I-3, I-7]', async () => {
  await survives({ _tag: 'Dies', landed: false });
  await survives({ _tag: 'Dies', landed: true });
});

test('a lost reply and a host that goes away in the middle are mended by the next call [I-3, I-20]', async () => {
  await survives({ _tag: 'LostReply' });
  await survives({ _tag: 'Unreachable' });
});

test('a LUN that a call left behind is opened anew: it may have been opened before the storage locked the host out [I-3, I-21]', async () => {
  const { done, tell, said, seen, simulator } = gateways();
  const create = (serial: string, size: string): Promise<number> => tell('-m', 'lun', '-o', 'create', '--lunname', NAME, '--lunsn', serial, '--lunsize', size, '--luncfg', `ceph/vols/${NAME}`);
  assert.is(await create(volumeOf(0).serial, '4096'), 0);
  const before = simulator.calls.length;
  await done(ensuring());
  assert.ok(said(before).includes(`xdcadm -L at -m lun -o delete --lunname ${NAME}`));
  assert.is((await seen())?.luns[0]?.sizeBytes, 10_737_418_240);
  await done({ do: 'ensureTargetGone', target: target(), force: false });
  assert.is(await create('ffff', '4096'), 0);
  await done(ensuring());
  assert.is((await seen())?.luns[0]?.serial, volumeOf(0).serial);
  assert.equal(simulator.luns('gw1').length, 2);
});

test('a list of LUNs that looks otherwise than assumed is done without [X-3]', async () => {
  for (const says of [{ exitCode: 0, stdout: 'LUN 1:\n' }, { exitCode: 1 }]) {
    const { done, tell, seen } = gateways({ faults: ({ verb }) => (verb === 'lun show' ? { _tag: 'Says', stderr: '', ...says } : undefined) });
    await tell('-m', 'lun', '-o', 'create', '--lunname', NAME, '--lunsn', volumeOf(0).serial, '--lunsize', '10737418240', '--luncfg', `ceph/vols/${NAME}`);
    await done(ensuring());
    assert.is((await seen())?.luns.length, 2);
  }
});

test('the LUN of an unmapped volume that a call left behind is taken away, so the volume can be deleted [I-26, S0-96]', async () => {
  let dies = true;
  const { done, simulator, failed, restartUs } = gateways({ faults: ({ verb }) => (verb === 'lun delete' && dies ? { _tag: 'Dies', landed: false } : undefined) });
  await done(ensuring());
  const unmapped = ensuring({ luns: [lun(0)], clients: [client('10.255.101.73', [0])] }, { unmapped: [volumeOf(1).volumeId] });
  assert.is((await failed(unmapped))._tag, 'Retryable');
  assert.is(simulator.luns('gw1').length, 2);
  dies = false;
  restartUs();
  await done(unmapped);
  assert.equal(simulator.luns('gw1'), [NAME]);
});

test('a target whose removal was cut off leaves no LUN behind, whoever ends the removal [I-21, I-26]', async () => {
  for (const sameProcess of [true, false]) {
    let dies = true;
    const { done, failed, simulator, restartUs } = gateways({ faults: ({ verb }) => (verb === 'lun delete' && dies ? { _tag: 'Dies', landed: false } : undefined) });
    await done(ensuring());
    assert.is((await failed({ do: 'ensureTargetGone', target: target(), force: true }))._tag, 'Retryable');
    dies = false;
    if (!sameProcess) restartUs();
    await done({ do: 'ensureTargetGone', target: target(), force: true });
    assert.equal(simulator.luns('gw1'), []);
  }
});

test('LUNs of others that are bound to nothing are left alone [I-4]', async () => {
  const { done, tell, simulator } = gateways();
  for (const [name, config] of [['backup', 'ceph/vols/backup'], [NAME, 'ceph/vols/backup']] as const) {
    await tell('-m', 'lun', '-o', 'create', '--lunname', name, '--lunsn', `s-${name}`, '--lunsize', '4096', '--luncfg', config);
    await done({ do: 'ensureTargetGone', target: target(), force: true });
    assert.equal(simulator.luns('gw1').includes(name), true);
  }
});

test('an access target that is not ours is not touched, whatever is wanted [I-4]', async () => {
  const { done, failed, tell, simulator } = gateways();
  await tell('-m', 'at', '-o', 'create', '--atid', '1', '--servernode', 'gw1', '--boardid', '0');
  await tell('-m', 'target', '-o', 'create', '--atid', '1', '--iqn', 'iqn.2019-01.com.xsky:other.iscsi.1.0000000000000000', '--type', 'iscsi');
  const before = simulator.shows('gw1');
  const error = await failed(ensuring());
  assert.equal([error._tag, error.code], ['Mismatch', 'ForeignTarget']);
  assert.equal(await done({ do: 'ensureTargetGone', target: target(), force: true }), { exists: false });
  assert.is(simulator.shows('gw1'), before);
  assert.is((await failed(ensuring({}, { target: target(3, { iqn: 'iqn.2019-01.com.xsky:other.iscsi.1.0000000000000000' }) }))).code, 'ForeignTarget');
  assert.is((await failed(ensuring({}, { target: target(1, { iqn: 'iqn.2019-01.com.xsky:other.iscsi.1.0000000000000000', type: 'local' }) }))).code, 'TypeDiffers');
});

test('types are local and FC, too, with the word of XDC, and their clients have codes of their own [X-6]', async () => {
  for (const [type, word, code] of [['local', 'local', '10.0.0.1'], ['fc', 'FC', '50:06:01:60:3b:20:19:ab']] as const) {
    const { done, seen, simulator } = gateways();
    await done(ensuring({ clients: [client(code, [0])] }, { target: target(1, { type }) }));
    assert.match(simulator.shows('gw1'), new RegExp(`^ +type: ${word}$`, 'm'));
    assert.is((await seen())?.clients[0]?.code, code);
  }
});

test('a client that may have no session left cannot be seen to have none, so that is refused unless XDC is known to see to it [I-21, X-7]', async () => {
  const fencing = ensuring({ clients: CONFIG.clients.slice(1) }, { fenced: ['10.255.101.73'] });
  const { done, failed, simulator } = gateways();
  await done(ensuring());
  const before = simulator.shows('gw1');
  assert.is((await failed(fencing)).code, 'Unsupported');
  assert.is(simulator.shows('gw1'), before);
  const trusting = gateways({ endsSessions: true });
  await trusting.done(fencing);
  assert.is((await trusting.seen())?.clients.length, 1);
});

test('IO that is still under way is told as busy [X-7]', async () => {
  const { done, failed } = gateways({ faults: ({ verb }) => (verb === 'client remove' ? { _tag: 'Says', exitCode: 1, stderr: 'xdcadm: still has IO on target\n' } : undefined) });
  await done(ensuring());
  const error = await failed({ do: 'ensureTargetGone', target: target(), force: false });
  assert.equal([error._tag, error.code], ['Retryable', 'Busy']);
});

test('an error of xdcadm that repeats a secret is told without it, and a text that cannot be read without any of it [S0-92, I-24]', async () => {
  const { failed } = gateways({ faults: ({ verb, argv }) => (verb === 'at add' ? { _tag: 'Says', exitCode: 1, stderr: `xdcadm: bad line: ${argv.join(' ')}\n` } : undefined) });
  const error = await failed(ensuring());
  assert.match(error.message, /bad line/);
  assert.not.match(JSON.stringify(error), new RegExp(SECRETS.storage));
  const broken = gateways({ faults: ({ verb }) => (verb === 'at show' ? { _tag: 'Says', exitCode: 0, stderr: '', stdout: `Access Target information:\n chap: user: a password: ${SECRETS.storage}\n` } : undefined) });
  const unread = await broken.failed(ensuring());
  assert.is(unread.code, 'CannotRead');
  assert.not.match(JSON.stringify(unread), new RegExp(SECRETS.storage));
});

test('names, secrets and sources that xdcadm cannot take are refused before anything is touched [S0-91, X-1]', async () => {
  const { perform, failed, simulator } = gateways();
  const codes = [
    await failed(ensuring({ clients: [client('a b', [0])] })),
    await failed(ensuring({ portals: [{ ip: 'fd00::1', port: 3260 }] })),
    await failed(ensuring({ clients: [client('10.0.0.1', [9])] })),
    await failed(ensuring({ luns: [lun(0), lun(0, volumeOf(9))] })),
    await failed(ensuring({ chap: null })),
    await failed(ensuring({ chap: { ...account('storage'), user: 'a password: b' } })),
    await failed(ensuring({}, { target: target(1, { iqn: 'iqn a' }) })),
  ].map(({ code }) => code);
  assert.equal(codes, ['BadName', 'Unsupported', 'BadConfig', 'BadConfig', 'Unsupported', 'BadName', 'BadName']);
  const file = await perform(ensuring(), { ...context, sourceOf: () => ({ kind: 'file', path: '/tmp/a' }) });
  assert.ok(E.isLeft(file) && file.left.code === 'Unsupported');
  assert.equal(simulator.calls, []);
});

test('what is wrong is found: a host that does not answer, LUNs left behind, and what is only assumed of xdcadm [X-1, I-20, I-26]', async () => {
  const { simulator, tell, diagnose } = gateways({ hosts: ['gw1', 'gw2'] });
  simulator.cut('gw2');
  await tell('-m', 'lun', '-o', 'create', '--lunname', 'left', '--lunsn', 'f', '--lunsize', '4096', '--luncfg', 'ceph/vols/left');
  const found = (await diagnose()) ?? [];
  assert.equal(found.map(({ check, about, level }) => `${check} ${about} ${level}`), ['xdcadm gw1 ok', 'looseLuns gw1 warning', 'host gw2 problem', 'assumptions xdcadm warning']);
  assert.match(found[1]?.found ?? '', /left/);
});

test.run();
