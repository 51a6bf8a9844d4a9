/** tgt without tgt: what is read from what it shows, what its answers mean, and what is refused before anything is said to it. */
import { localHost, tgtTargets, type TgtOptions } from '@blockledger/adapters-xdc';
import type { AccessPathId, Bytes, CallContext, ChapAccount, PortError, ProcessCall, ProcessResult, ProcessRunner, SeenTarget, SecretRef, SerialNumber, TargetAction, TargetBackend, TargetConfig, TargetLun, TargetRef, VolumeId } from '@blockledger/domain';
import { secret } from '@blockledger/domain';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('tgt as it speaks');
const SECRET = '1qaz2wsx3edc';
const ID = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
const place = { backend: 'tgt', host: 'gw1' };
const target: TargetRef = { place, accessPathId: ID as AccessPathId, number: 7, iqn: 'iqn.2019-01.com.xsky:testcluster.iscsi.7.14e203c25aeaaab5', type: 'iscsi' };
const looking: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'here' };
const chap: ChapAccount = { user: 'forward', secretRef: `chap/${ID}/0123456789abcdef` as SecretRef };
const lun = (number: number): TargetLun => ({
  lun: number,
  volume: { placement: { backend: 'ceph', pool: 'vols' }, volumeId: ID as VolumeId, serial: '1c5a53c025ad131a' as SerialNumber },
  sizeBytes: (64 * 2 ** 20) as Bytes,
  qos: { enabled: false, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 },
});
const config = (more: Partial<TargetConfig> = {}): TargetConfig => ({ portals: [], chap: null, luns: [], clients: [], ...more });
const ensure = (wanted: TargetConfig, of = target): TargetAction => ({ do: 'ensureTarget', target: of, config: wanted, fenced: [], unmapped: [] });

type Answer = Partial<ProcessResult>;
/** A host whose `tgtadm` says what it is told to say, by mode and op; everything else is well and silent. */
const speaking = (answers: Readonly<Record<string, Answer>>, said: string[][] = []): ProcessRunner => ({ argv }) => () => {
  said.push([...argv]);
  const after = (option: string): string => argv[argv.indexOf(option) + 1] ?? '';
  const answer = argv[0] === 'sh' ? answers['sh'] : answers[`${after('--mode')} ${after('--op')}`];
  return Promise.resolve(E.right({ exitCode: 0, stdout: '', stderr: '', ...answer }));
};
const over = (run: ProcessRunner, more: Partial<TgtOptions> = {}): TargetBackend => tgtTargets({ hosts: [localHost({ name: 'gw1', run })], ...more });
const perform = (backend: TargetBackend, action: TargetAction) =>
  backend.perform(action, { ...looking, secret: () => () => Promise.resolve(E.right(secret(SECRET))), sourceOf: () => ({ kind: 'rbd', pool: 'vols', image: 'volume-1' }) })();
const refusal = async (backend: TargetBackend, action: TargetAction): Promise<PortError> => {
  const answer = await perform(backend, action);
  assert.ok(E.isLeft(answer), 'it is refused');
  return answer.left;
};

const SHOWN = `Target 1: iqn.2019-01.com.xsky:testcluster.iscsi.7.14e203c25aeaaab5
    System information:
        Driver: iscsi
        State: ready
        Nop interval: 5
        Nop count: 3
    I_T nexus information:
        I_T nexus: 5
            Initiator: iqn.2008-11.org.linux-kvm alias: none
            Connection: 0
                IP Address: 127.0.0.1
    LUN information:
        LUN: 0
            Type: controller
            SCSI ID: IET     00010000
            SCSI SN: beaf10
            Size: 0 MB, Block size: 1
            Online: Yes
            Removable media: No
            Prevent removal: No
            Readonly: No
            SWP: No
            Thin-provisioning: No
            Backing store type: null
            Backing store path: None
            Backing store flags:
        LUN: 1
            Type: disk
            SCSI ID: 1c5a53c025ad131a
            SCSI SN: 1c5a53c025ad131a
            Size: 67 MB, Block size: 512
            Online: No
            Removable media: No
            Prevent removal: No
            Readonly: No
            SWP: No
            Thin-provisioning: No
            Backing store type: rbd
            Backing store path: vols/volume-1
            Backing store flags:
    Account information:
        1qaz2wsx3edc
        3edc2wsx1qaz (outgoing)
    ACL information:
        127.0.0.1
        iqn.1994-05.com.redhat:9f2838fc926e
`.replaceAll('flags:', 'flags: ');
const seeing = async (text: string, portals = ''): Promise<E.Either<PortError, SeenTarget | undefined>> =>
  over(speaking({ 'target show': { stdout: text }, 'portal show': { stdout: portals } })).see(target, looking)();

test('what the daemon shows is a target with its LUNs one lower, its accounts by direction, its sessions and its list [S0-91, S0-93]', async () => {
  const answer = await seeing(SHOWN, 'Portal: [::1]:13998,1\nPortal: 10.77.0.177:3260,1\n');
  assert.equal(E.isRight(answer) && answer.right, {
    iqn: target.iqn,
    online: true,
    portals: [{ ip: '::1', port: 13_998 }, { ip: '10.77.0.177', port: 3260 }],
    chapUsers: ['1qaz2wsx3edc'],
    luns: [{ lun: 0, source: 'vols/volume-1', serial: '1c5a53c025ad131a', online: false }],
    clients: ['127.0.0.1', 'iqn.1994-05.com.redhat:9f2838fc926e'].map((code) => ({ code, luns: [0], mutualUser: '3edc2wsx1qaz' })),
    sessions: [{ initiator: 'iqn.2008-11.org.linux-kvm', address: '127.0.0.1' }],
  });
});

const word = fc.stringMatching(/^[a-z0-9][a-z0-9.:/_-]{0,20}$/);
const shownTarget = fc.record({
  tid: fc.integer({ min: 1, max: 2 ** 28 }),
  iqn: word.map((text) => `iqn.2019-01.com.example:${text}`),
  ready: fc.boolean(),
  luns: fc.uniqueArray(fc.record({ lun: fc.integer({ min: 1, max: 255 }), serial: word, path: word, megabytes: fc.nat(), online: fc.boolean() }), { selector: ({ lun: number }) => number, maxLength: 4 }),
  sessions: fc.array(fc.record({ id: fc.nat(), initiator: word, address: word }), { maxLength: 3 }),
  accounts: fc.uniqueArray(word, { maxLength: 3 }),
  outgoing: fc.option(word, { nil: undefined }),
  acl: fc.uniqueArray(word, { maxLength: 4 }),
});
type Shown = typeof shownTarget extends fc.Arbitrary<infer A> ? A : never;

/** As `tgtadm` writes it. */
const written = ({ tid, iqn, ready, luns, sessions, accounts, outgoing, acl }: Shown): string =>
  [
    `Target ${tid}: ${iqn}`,
    '    System information:',
    '        Driver: iscsi',
    `        State: ${ready ? 'ready' : 'offline'}`,
    '    I_T nexus information:',
    ...sessions.flatMap(({ id, initiator, address }) => [`        I_T nexus: ${id}`, `            Initiator: ${initiator} alias: none`, '            Connection: 0', `                IP Address: ${address}`]),
    '    LUN information:',
    ...luns.flatMap(({ lun: number, serial, path, megabytes, online }) => [
      `        LUN: ${number}`,
      '            Type: disk',
      `            SCSI ID: ${serial}`,
      `            SCSI SN: ${serial}`,
      `            Size: ${megabytes} MB, Block size: 512`,
      `            Online: ${online ? 'Yes' : 'No'}`,
      '            Removable media: No',
      '            Backing store type: rbd',
      `            Backing store path: ${path}`,
      '            Backing store flags: ',
    ]),
    '    Account information:',
    ...[...accounts, ...(outgoing === undefined ? [] : [`${outgoing} (outgoing)`])].map((name) => `        ${name}`),
    '    ACL information:',
    ...acl.map((code) => `        ${code}`),
    '',
  ].join('\n');

const asSeen = ({ iqn, ready, luns, sessions, accounts, outgoing, acl }: Shown): SeenTarget => ({
  iqn,
  online: ready,
  portals: [],
  chapUsers: accounts,
  luns: luns.map(({ lun: number, path, serial, online }) => ({ lun: number - 1, source: path, serial, online })),
  clients: acl.map((code) => ({ code, luns: luns.map(({ lun: number }) => number - 1), ...(outgoing === undefined ? {} : { mutualUser: outgoing }) })),
  sessions: sessions.map(({ initiator, address }) => ({ initiator, address })),
});

const listing = (text: string) => over(speaking({ 'sh': { stdout: 'ipc.9007\nipc.9007.lock\n' }, 'target show': { stdout: text } })).list(place, looking)();

test('whatever targets the daemon shows are read as they stand [S0-91]', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(shownTarget, { selector: ({ iqn }) => iqn, maxLength: 4 }), async (targets) => {
      assert.equal(await listing(targets.map(written).join('')), E.right(targets.map(asSeen)));
    }),
    { numRuns: 200 },
  );
});

test('ten thousand damaged texts are read or told as unreadable; none is thrown [S0-91]', async () => {
  const damage = fc.tuple(fc.nat(), fc.nat({ max: 60 }), fc.string({ unit: fc.constantFrom(' ', '\n', ':', 'LUN', '    ', '\t', 'x', '0', '\u0000'), maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(shownTarget, fc.array(damage, { minLength: 1, maxLength: 3 }), async (one, damages) => {
      let text = written(one);
      for (const [at, length, put] of damages) text = text.slice(0, at % text.length) + put + text.slice((at % text.length) + length);
      const answer = await listing(text);
      assert.ok(E.isRight(answer) || (answer.left._tag === 'Retryable' && answer.left.code === 'CannotRead'), JSON.stringify(answer));
    }),
    { numRuns: 10_000 },
  );
});

const FAULTS = [
  [{ exitCode: 0, stderr: 'tgtadm: tgtd closed the socket\n' }, 'Retryable', 'DaemonDied'],
  [{ exitCode: 22, stderr: "tgtadm: can't get the response, Connection reset by peer\n" }, 'Retryable', 'DaemonDied'],
  [{ exitCode: 22, stderr: 'tgtadm: failed to send request buf to tgt daemon, Broken pipe\n' }, 'Retryable', 'DaemonDied'],
  [{ exitCode: 22, stderr: "tgtadm: can't find the target\n" }, 'Permanent', 'Refused'],
  [{ exitCode: 22, stderr: 'tgtadm: invalid request\n' }, 'Permanent', 'Refused'],
  [{ exitCode: 1, stderr: 'tgtadm: unknown mode: at\n' }, 'Permanent', 'Refused'],
  [{ exitCode: 107, stderr: 'tgtadm: failed to send request hdr to tgt daemon, Transport endpoint is not connected\n' }, 'Retryable', 'DaemonGone'],
  [{ exitCode: 9, stderr: 'killed\n' }, 'Permanent', 'Refused'],
  [{ exitCode: 127, stderr: 'env: tgtadm: No such file or directory\n' }, 'Permanent', 'ProgramMissing'],
] as const;

for (const [answer, tag, code] of FAULTS) {
  test(`tgtadm that ends with ${answer.exitCode} and says "${answer.stderr.trim()}" means ${code}`, async () => {
    const seen = await over(speaking({ 'target show': answer })).see(target, looking)();
    assert.ok(E.isLeft(seen));
    assert.equal([seen.left._tag, seen.left.code], [tag, code]);
    assert.is(seen.left._tag === 'Retryable' && seen.left.outcomeUnknown, code === 'DaemonDied', 'a daemon that died may have done it');
  });
}

test('a daemon that dies while it is looked at is looked at again, until there is none [I-20, X-3]', async () => {
  const dying = [
    { exitCode: 22, stderr: "tgtadm: can't get the response, Connection reset by peer\n" },
    { exitCode: 0, stderr: 'tgtadm: tgtd closed the socket\n' },
    { exitCode: 107, stderr: 'tgtadm: failed to send request hdr to tgt daemon, Transport endpoint is not connected\n' },
  ];
  const backend = over((call) => speaking({ 'portal show': dying.shift() ?? {} })(call));
  assert.equal(await backend.see(target, looking)(), E.right(undefined));
  assert.is(dying.length, 0);
});

test('a daemon that is just started, and resets who asks it, is asked until it answers [I-20, X-3]', async () => {
  const starting = [{ exitCode: 22, stderr: "tgtadm: can't get the response, Connection reset by peer\n" }];
  const gone = { exitCode: 107, stderr: 'tgtadm: failed to send request hdr to tgt daemon, Transport endpoint is not connected\n' };
  const said: string[][] = [];
  const answers = {
    'portal show': gone,
    get 'system show'() {
      return starting.shift() ?? {};
    },
  };
  const backend = over(speaking(answers, said));
  await perform(backend, ensure(config({ luns: [lun(0)] })));
  assert.is(said.filter((words) => words.includes('system') && words.includes('show')).length, 2);
});

test('what others write to stderr is no failure of tgtadm', async () => {
  const answer = await over(speaking({ 'target show': { stdout: SHOWN, stderr: 'bash: warning: setlocale: LC_ALL: cannot change locale\n' } })).see(target, looking)();
  assert.ok(E.isRight(answer));
});

const account = (user: string): ChapAccount => ({ ...chap, user });
const client = (code: string, mutual: ChapAccount | null = null, luns: readonly number[] = [0]) => ({ code, luns, mutual });
const IQN = 'iqn.1994-05.com.redhat:9f2838fc926e';
const REFUSED: readonly (readonly [string, TargetAction, RegExp])[] = [
  ['a mask that leaves a LUN out', ensure(config({ luns: [lun(0), lun(1)], clients: [client(IQN)] })), /cannot mask/],
  ['two accounts by which one target proves itself', ensure(config({ luns: [lun(0)], chap, clients: [client(IQN, account('a')), client('10.77.0.1', account('b'))] })), /one account/],
  ['proving itself to initiators that do not prove themselves', ensure(config({ luns: [lun(0)], clients: [client(IQN, account('a'))] })), /prove themselves first/],
  ['a world wide name', ensure(config({ luns: [lun(0)], clients: [client('50:06:01:60:3b:20:19:ab')] })), /neither/],
  ['a network as an address', ensure(config({ luns: [lun(0)], clients: [client('10.77.0.0/24')] })), /neither/],
  ['everybody', ensure(config({ luns: [lun(0)], clients: [client('ALL')] })), /neither/],
  ['an account with a comma', ensure(config({ chap: account('a,password=x') })), /no account named/],
  ['an account that is a note of ours', ensure(config({ chap: account('secret:forward:x') })), /no account named/],
  ['a local target', ensure(config(), { ...target, type: 'local' }), /type iscsi/],
  ['an access path whose number makes no control port', ensure(config(), { ...target, number: 30_000 }), /too high/],
  ['a name with a blank', ensure(config(), { ...target, iqn: 'iqn.2019-01.com.example:a b' }), /no name/],
];

for (const [what, action, why] of REFUSED) {
  test(`${what} is refused before anything is said to a host [S0-88, S0-93, S0-94, X-6]`, async () => {
    const said: string[][] = [];
    const error = await refusal(over(speaking({}, said)), action);
    assert.is(error._tag, 'Permanent');
    assert.match(error.message, why);
    assert.equal(said, []);
  });
}

test('paths that tgt would take apart are refused, and those of an array cannot be opened', async () => {
  const said: string[][] = [];
  const backend = over(speaking({}, said));
  const sources = [{ kind: 'file', path: '/srv/a,readonly=1' }, { kind: 'file', path: 'relative' }, { kind: 'rbd', pool: 'vols', image: 'a', conf: '/etc/a;id=admin' }, { kind: 'array', volume: 'v' }] as const;
  for (const source of sources) {
    const answer = await backend.perform(ensure(config({ luns: [lun(0)] })), { ...looking, secret: () => () => Promise.resolve(E.right(secret(SECRET))), sourceOf: () => source })();
    assert.is(E.isLeft(answer) && answer.left._tag, 'Permanent', JSON.stringify(source));
  }
  assert.equal(said, []);
});

test('a socket whose path would be too long for the kernel is refused, with the advice', async () => {
  const error = await refusal(over(speaking({}), { tgtd: { runDir: `/run/${'x'.repeat(100)}` } }), { do: 'observeTarget', target });
  assert.match(error.message, 'choose a shorter runDir');
});

test('a plan shows each command line, secrets masked, LUNs one higher, the last thing being who is let in [I-24]', () => {
  const steps = over(speaking({})).plan(ensure(config({ portals: [{ ip: '10.77.0.1', port: 3260 }], chap, luns: [lun(4)], clients: [client(IQN, null, [4])] })));
  const lines = steps.map(({ argv }) => argv?.slice(2).join(' ') ?? '');
  assert.match(lines.join('\n'), '--password ********');
  assert.match(lines.join('\n'), /--mode logicalunit --op new --tid \d+ --lun 5 --bstype rbd/);
  assert.match(lines.at(-2) ?? '', '--op bind --tid');
  assert.match(lines.at(-2) ?? '', `--initiator-name ${IQN}`);
  assert.not.match(JSON.stringify(steps), SECRET);
});

test('a secret goes to tgtadm by the stdin of a shell on its host, is on no command line of ours, and an error that repeats it is told without it [I-24, S0-86]', async () => {
  const calls: ProcessCall[] = [];
  const shown = speaking({ 'target show': { stdout: SHOWN }, sh: { exitCode: 22, stderr: `tgtadm: cannot do: --user forward --password ${SECRET}\n` } });
  const run: ProcessRunner = (call) => {
    calls.push(call);
    return shown(call);
  };
  const error = await refusal(over(run), ensure(config({ chap })));
  const taking = calls.filter(({ stdin }) => stdin === `${SECRET}\n`);
  assert.equal(taking.map(({ argv }) => argv.slice(0, 2)), [['sh', '-c']]);
  assert.ok(taking[0]?.argv.includes('account') && taking[0].argv.includes('forward'));
  assert.not.ok(JSON.stringify(calls.map(({ argv, env }) => [argv, env])).includes(SECRET));
  assert.match(error.message, 'cannot do: --user forward --password ********');
  assert.not.match(JSON.stringify(error), SECRET);
});

test.run();
