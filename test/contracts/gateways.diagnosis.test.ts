/** What is found wrong on gateway hosts: the way to them, tgt, keepalived. Answers are as real hosts gave them. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepalivedVips, localHost, sshHost, tgtTargets, xdcTargets, type Host } from '@blockledger/adapters-xdc';
import type { CallContext, Finding, PortError, ProcessResult, ProcessRunner } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('what is wrong with gateways');
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'doctor' };
const folder = mkdtempSync(join(tmpdir(), 'blockledger-diagnosis-'));

const answering = (stdout: string, more: Partial<ProcessResult> = {}): ProcessRunner => () => () => Promise.resolve(E.right({ exitCode: 0, stdout, stderr: '', ...more }));
const failing = (fault: PortError): ProcessRunner => () => () => Promise.resolve(E.left(fault));
const found = (findings: readonly Finding[] | undefined): readonly string[] => (findings ?? []).map(({ check, about, level }) => `${level} ${check} ${about}`);
const remediesOf = (findings: readonly Finding[] | undefined): string => (findings ?? []).map((finding) => (finding.level === 'ok' ? '' : finding.remedy)).join('\n');
/** A name for ever: no two findings of one backend have the same check on the same thing. */
const distinct = (findings: readonly Finding[] | undefined): void => assert.is(new Set((findings ?? []).map(({ check, about }) => `${check} ${about}`)).size, findings?.length);

const WELL = 'uid 0\ntgtd 1.0.85\nbind 1\nmodule yes\ncache false\n';
const onTgt = async (run: ProcessRunner, verify = true): Promise<readonly Finding[] | undefined> => tgtTargets({ hosts: [localHost({ name: 'gw1', run })], ceph: { verify } }).diagnose?.([], context)();

test('a host with tgt is well where its programs, its user, its cache and its kernel are [I-26]', async () => {
  assert.equal(found(await onTgt(answering(WELL))), ['ok program gw1', 'ok cache gw1', 'ok nonlocalBind gw1']);
  const worst = await onTgt(answering('uid 1000\ntgtd 1.0.85\nlacks ss\nbind 0\ncache \n'));
  distinct(worst);
  assert.equal(found(worst), ['ok program gw1', 'problem root gw1', 'warning module gw1', 'warning cache gw1', 'warning nonlocalBind gw1', 'warning ss gw1']);
  assert.match(remediesOf(worst), /sudo[\s\S]*tgt-rbd[\s\S]*rbd_cache = false[\s\S]*ip_nonlocal_bind=1/);
  assert.equal(found(await onTgt(answering('uid 0\ntgtd 1.0.85\nlacks rbd\nbind 1\nmodule yes\ncache \n'))), ['ok program gw1', 'problem rbd gw1', 'ok nonlocalBind gw1']);
  assert.equal(found(await onTgt(answering('uid 0\ntgtd 1.0.85\nlacks rbd\nbind 1\nmodule yes\ncache \n'), false)), ['ok program gw1', 'ok nonlocalBind gw1']);
  assert.equal(found(await onTgt(answering('uid 0\nlacks tgtadm\nbind 1\n'))), ['problem program gw1']);
  assert.equal(found(await onTgt(answering('uid 0\ntgtd 1.0.85\nlacks tgtadm\nbind 1\n'))), ['problem program gw1']);
});

const FOLDERS = 'folder 0 0 755 /var/lib\nfolder 0 0 1777 /var\nfolder 0 0 755 /\n';
const KEEPALIVED = 'keepalived Keepalived v2.2.7 (01/16,2022)\n';
const looked = (notReady: string, daemon = '4711'): string => `\n== id\n0b9d7a3e-0000-4000-8000-000000000001\n== daemon\n${daemon}\n== state\nBACKUP\n== not-ready\n${notReady}\n== uptime\n100.5 200.1\n== addresses\n[]\n`;
const NONE = '\n== uptime\n100.5 200.1\n== addresses\n[]\n';

const onKeepalived = async (survey: string, look = NONE, supervise: 'child' | 'systemd' = 'child'): Promise<readonly Finding[] | undefined> => {
  const run: ProcessRunner = (call) => answering(call.argv[3] === 'survey' ? survey : look)(call);
  return keepalivedVips({ hosts: [localHost({ name: 'gw1', run })], supervise }).diagnose?.([], context)();
};

test('a host can hold virtual IPs where keepalived, its tools and its folders are as they must be [S0-75, I-23]', async () => {
  assert.equal(found(await onKeepalived(`uid 0\n${KEEPALIVED}${FOLDERS}`)), ['ok keepalived gw1', 'ok trackScript gw1']);
  assert.equal(found(await onKeepalived(`uid 0\n${KEEPALIVED}systemd yes\n${FOLDERS}`, NONE, 'systemd')), ['ok keepalived gw1', 'ok trackScript gw1']);
  const worst = await onKeepalived(`uid 1000\nkeepalived Keepalived v1.3.9 (10/21,2017)\nlacks ss\nlacks tcpdump\n${FOLDERS}`, NONE, 'systemd');
  distinct(worst);
  assert.equal(found(worst), ['warning keepalived gw1', 'problem root gw1', 'problem ss gw1', 'problem tcpdump gw1', 'problem systemd gw1', 'ok trackScript gw1']);
  assert.match(remediesOf(worst), /iproute2[\s\S]*apt-get install tcpdump[\s\S]*supervise: 'child'/);
  assert.equal(found(await onKeepalived(`uid 0\n${FOLDERS}`)), ['problem keepalived gw1']);
});

test('a track script that somebody else could change is found, and a configuration that others can read [S0-77, I-24]', async () => {
  const above = (line: string): string => `uid 0\n${KEEPALIVED}${line}\n${FOLDERS}`;
  for (const line of ['folder 1000 0 755 /srv', 'folder 0 1000 775 /srv', 'folder 0 0 757 /srv', 'file 0 0 777 /srv/gw1/x/ready']) {
    const findings = await onKeepalived(above(line));
    assert.equal(found(findings), ['ok keepalived gw1', 'problem trackScript gw1'], line);
    assert.match(remediesOf(findings), /chmod go-w \/srv/);
  }
  for (const line of ['folder 0 0 775 /srv', 'folder 0 0 1777 /srv', 'folder 0 1000 755 /srv']) assert.equal(found(await onKeepalived(above(line))), ['ok keepalived gw1', 'ok trackScript gw1'], line);
  assert.equal(found(await onKeepalived(above('file 0 0 644 /srv/gw1/x/keepalived.conf'))), ['ok keepalived gw1', 'warning configurationMode gw1']);
});

test('each instance says why its address cannot move there [I-20, I-23]', async () => {
  const survey = `uid 0\n${KEEPALIVED}${FOLDERS}`;
  const about = 'gw1 0b9d7a3e-0000-4000-8000-000000000001';
  for (const [notReady, level, says] of [['', 'ok', /may hold/], ['admission', 'warning', /waits to be admitted/], ['service', 'warning', /not served there/], ['yielding', 'warning', /yields/]] as const) {
    const findings = await onKeepalived(survey, looked(notReady));
    assert.is(found(findings).at(-1), `${level} instance ${about}`);
    assert.match(findings?.at(-1)?.found ?? '', says);
  }
  const dead = await onKeepalived(survey, looked('', ''));
  assert.is(found(dead).at(-1), `problem instance ${about}`);
  assert.match(remediesOf(dead), /vip-group redeploy/);
  assert.equal(found(await onKeepalived(survey, 'cut off')), ['ok keepalived gw1', 'ok trackScript gw1', 'problem host gw1']);
});

test('a host that cannot be spoken to is found by every backend, with what to do about it [I-20]', async () => {
  const errors: readonly (readonly [PortError, RegExp])[] = [
    [{ _tag: 'Retryable', code: 'HostUnreachable', message: 'host gw1 cannot be reached: no route', outcomeUnknown: false }, /network to it/],
    [{ _tag: 'Permanent', code: 'HostKeyUnknown', message: 'host gw1 shows a key that is not the known one' }, /known hosts/],
    [{ _tag: 'Permanent', code: 'HostRefusesUs', message: 'host gw1 does not let us in' }, /authorized_keys/],
  ];
  for (const [error, remedy] of errors) {
    const hosts: readonly Host[] = [localHost({ name: 'gw1', run: failing(error) })];
    for (const backend of [tgtTargets({ hosts }), xdcTargets({ hosts }), keepalivedVips({ hosts, supervise: 'child' })]) {
      const findings = ((await backend.diagnose?.([], context)()) ?? []).filter(({ check }) => check !== 'assumptions');
      assert.equal(found(findings), ['problem host gw1'], backend.kind);
      assert.match(remediesOf(findings), remedy);
    }
  }
});

test('keys that others can read, and known hosts that others can write, are found before anybody is asked [I-24]', async () => {
  const [identity, knownHosts] = [join(folder, 'key'), join(folder, 'known')];
  const look = async (): Promise<readonly string[]> => {
    const host = sshHost({ name: 'gw1', host: '127.0.0.1', identity, knownHosts, run: answering(WELL) });
    return found(await tgtTargets({ hosts: [host] }).diagnose?.([], context)()).slice(0, 2);
  };
  assert.equal(await look(), ['problem sshKey gw1', 'problem knownHosts gw1']);
  writeFileSync(identity, 'not a key', { mode: 0o640 });
  writeFileSync(knownHosts, 'gw1 ssh-ed25519 AAAA\n', { mode: 0o600 });
  chmodSync(knownHosts, 0o666);
  assert.equal(await look(), ['problem sshKey gw1', 'problem knownHosts gw1']);
  chmodSync(identity, 0o600);
  chmodSync(knownHosts, 0o644);
  assert.equal(await look(), ['ok sshKey gw1', 'ok knownHosts gw1']);
});

test.after(() => rmSync(folder, { recursive: true }));
test.run();
