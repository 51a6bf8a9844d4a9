/** What a real initiator sees of real targets of tgt: who is let in, what he reads, how large it is, what it is called. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { holdSession, inquire, qemuIo, sizeOf, type Way } from '../support/initiator.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTgt, realTgtOn, type RealTgt } from '../support/tgt.ts';
import { LARGER, letting, SIZE, tgtScene, type TgtScene } from '../support/tgtScene.ts';

requireReal(realTgt);

const test = suite('a real initiator at real targets');
const [ME, STRANGER] = ['iqn.1994-05.com.redhat:9f2838fc926e', 'iqn.1994-05.com.redhat:000000000000'];
const CHAP = { user: 'forward', secret: '1qaz2wsx3edc' };
const PROOF = { targetUser: 'mutual', targetSecret: '3edc2wsx1qaz' };

let tgt: RealTgt;
let scene: TgtScene;
const way = (more: Partial<Way> = {}): Way => ({ portal: scene.portal, iqn: scene.target.iqn, lun: 0, initiator: ME, ...more });

test.before.each(() => {
  tgt = realTgtOn();
  scene = tgtScene(tgt);
});
test.after.each(() => tgt.dispose());

const oneLun = () => [scene.lun(0, tgt.makeFile(SIZE))];

test('one-way CHAP lets in the right account and no other [S0-86, S0-89]', async () => {
  const luns = oneLun();
  await scene.ensure(scene.config({ luns, chap: scene.account(CHAP.user, CHAP.secret), clients: [letting(ME, luns)] }));
  assert.is(sizeOf(way(CHAP)), SIZE);
  for (const wrong of [{ ...CHAP, user: 'nobody' }, { ...CHAP, secret: 'wrongwrong12' }, {}]) {
    const ended = inquire(way(wrong));
    assert.is(ended.exitCode, 10, JSON.stringify(wrong));
    assert.match(ended.text, 'Authentication failure(513)');
  }
});

test('mutual CHAP shows the initiator that it is the right target [S0-87, S0-88, R-18]', async () => {
  const luns = oneLun();
  const mutual = scene.account(PROOF.targetUser, PROOF.targetSecret);
  await scene.ensure(scene.config({ luns, chap: scene.account(CHAP.user, CHAP.secret), clients: [letting(ME, luns, mutual)] }));
  assert.is(sizeOf(way({ ...CHAP, ...PROOF })), SIZE);
  assert.match(inquire(way({ ...CHAP, ...PROOF, targetSecret: 'wrongwrong12' })).text, 'Invalid CHAP_R response from the target');
  assert.match(inquire(way({ ...CHAP, ...PROOF, targetUser: 'other' })).text, 'Wrong CHAP targetname received');
  assert.match(inquire(way({ ...CHAP, ...PROOF, secret: 'wrongwrong12' })).text, 'Authentication failure(513)');
  assert.is(sizeOf(way(CHAP)), SIZE, 'an initiator need not ask for it');
});

test('an account can be given another secret, and can be taken away [S0-86]', async () => {
  const luns = oneLun();
  const clients = [letting(ME, luns)];
  await scene.ensure(scene.config({ luns, clients, chap: scene.account(CHAP.user, CHAP.secret) }));
  await scene.ensure(scene.config({ luns, clients, chap: scene.account(CHAP.user, 'anothersecret') }));
  assert.is(inquire(way(CHAP)).exitCode, 10);
  assert.is(sizeOf(way({ ...CHAP, secret: 'anothersecret' })), SIZE);
  await scene.ensure(scene.config({ luns, clients }));
  assert.is(sizeOf(way()), SIZE);
});

test('a list of names and addresses lets in whoever has one of them, and hides the target from everybody else [S0-93]', async () => {
  const luns = oneLun();
  const lists = [
    [[ME], true, false],
    [['127.0.0.1'], true, true],
    [['127.0.0.9'], false, false],
    [['127.0.0.9', ME], true, false],
    [['127.0.0.1', STRANGER], true, true],
    [[], false, false],
  ] as const;
  for (const [codes, me, stranger] of lists) {
    await scene.ensure(scene.config({ luns, clients: codes.map((code) => letting(code, luns)) }));
    const isLetIn = (initiator: string): boolean => {
      const ended = inquire(way({ initiator }));
      if (ended.exitCode !== 0) assert.match(ended.text, 'Target not found(515)');
      return ended.exitCode === 0;
    };
    assert.equal([isLetIn(ME), isLetIn(STRANGER)], [me, stranger], codes.join(' '));
  }
});

test('what is written by iSCSI is what stands in the file', async () => {
  const volume = tgt.makeFile(SIZE);
  const luns = [scene.lun(0, volume)];
  await scene.ensure(scene.config({ luns, clients: [letting(ME, luns)] }));
  const written = qemuIo(way(), 'write -P 0x5a 1M 64k', 'write -P 0xa5 63M 1M', 'flush');
  assert.is(written.exitCode, 0, written.text);
  const bytes = readFileSync(tgt.fileOf(volume));
  assert.ok(bytes.subarray(2 ** 20, 2 ** 20 + 65_536).every((byte) => byte === 0x5a));
  assert.ok(bytes.subarray(63 * 2 ** 20).every((byte) => byte === 0xa5));
  assert.is(bytes.filter((byte) => byte !== 0).length, 65_536 + 2 ** 20);
});

test('a LUN has the number, the serial number and the names that its volume has, on every host the same [S0-18, S0-94, I-19]', async () => {
  const volume = tgt.makeFile(SIZE);
  const luns = [scene.lun(4, volume)];
  const config = scene.config({ luns, clients: [letting(ME, luns)] });
  await scene.ensure(config);
  const here = way({ lun: 4 });
  assert.match(inquire(here, 0x80).text, volume.serial);
  assert.match(inquire(here).text, /Vendor:BLKLEDGR\nProduct:volume /);
  const names = inquire(here, 0x83);
  assert.match(names.text, `Designator:[${volume.serial}]`);
  assert.match(inquire(way({ lun: 0 })).text, 'LOGICAL_UNIT_NOT_SUPPORTED');
  await tgt.crash();
  await scene.ensure(config);
  assert.is(inquire(here, 0x83).text, names.text, 'after a restart');
  const other = realTgtOn();
  const there = tgtScene(other, { sourceOf: tgt.sourceOf });
  const answer = await there.perform({ do: 'ensureTarget', target: scene.target, config: { ...config, portals: [there.portal] }, fenced: [], unmapped: [] });
  assert.is(answer._tag, 'Right');
  assert.is(inquire({ ...here, portal: there.portal }, 0x83).text, names.text, 'on another host');
  await other.dispose();
});

test('an initiator that is writing sees its volume grow, without an error [S0-46, I-18]', async () => {
  const volume = tgt.makeFile(SIZE);
  const luns = [scene.lun(0, volume)];
  await scene.ensure(scene.config({ luns, clients: [letting(ME, luns)] }));
  const session = await holdSession(way());
  assert.ok(session !== undefined);
  let isGrown = false;
  const writing = (async () => {
    const errors: string[] = [];
    for (let round = 0; round < 4 || !isGrown; round += 1) {
      const said = await session.say(`write -P ${round % 255} ${(round % 60) + 1}M 256k`);
      if (!said.includes('wrote 262144/262144')) errors.push(said);
    }
    return errors;
  })();
  tgt.growFile(volume, LARGER);
  const larger = [scene.lun(0, volume, LARGER)];
  await scene.ensure(scene.config({ luns: larger, clients: [letting(ME, larger)] }));
  isGrown = true;
  assert.equal(await writing, []);
  assert.is(sizeOf(way()), LARGER);
  assert.is(qemuIo(way(), 'write -P 0x11 127M 1M').exitCode, 0);
  assert.match(await session.say('read 0 4k'), 'read 4096/4096', 'the session has lasted');
  await session.logout();
});

test('a write that comes while the target is offline is answered in the end: tgtd drops it, so it is made to come again [I-18]', async () => {
  const volume = tgt.makeFile(SIZE);
  const luns = [scene.lun(0, volume)];
  const config = scene.config({ luns, clients: [letting(ME, luns)] });
  await scene.ensure(config);
  const session = await holdSession(way());
  assert.ok(session !== undefined);
  const [port = 0] = tgt.daemons().keys();
  const adm = (...args: readonly string[]): string => execFileSync('tgtadm', ['-C', String(port), ...args], { encoding: 'utf8', env: { ...process.env, TGT_IPC_SOCKET: join(tgt.runDir, 'gw1', 'ipc') } });
  const tid = /^Target (\d+)/m.exec(adm('-m', 'target', '-o', 'show'))?.[1] ?? '';
  adm('-m', 'target', '-o', 'update', '--tid', tid, '--name', 'state', '--value', 'offline');
  const writing = session.say('write -P 7 4k 4k');
  await later(500);
  await scene.ensure(config);
  assert.match(await writing, 'wrote 4096/4096');
  await session.logout();
});

test('a volume that its own backend has not made larger yet is not said to be larger', async () => {
  const volume = tgt.makeFile(SIZE);
  const luns = [scene.lun(0, volume, LARGER)];
  const error = await scene.refused(scene.config({ luns, clients: [letting(ME, luns)] }));
  assert.equal([error._tag, error.code], ['Retryable', 'NotAsWanted']);
  tgt.growFile(volume, LARGER);
  await scene.ensure(scene.config({ luns, clients: [letting(ME, luns)] }));
  assert.is(sizeOf(way()), LARGER);
});

test.run();
