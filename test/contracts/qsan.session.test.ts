/** One login for all, tokens that end, answers that are lost, and certificates, over real HTTPS to a simulated array. */
import { passwordFromEnvironment, passwordFromFile, qsanArray, volumeName } from '@blockledger/adapters-qsan';
import { startQsanArray } from '@blockledger/adapters-qsan/simulator';
import { secret } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { makeCertificate } from '../../packages/adapters-qsan/src/simulator/certificate.ts';
import { codeOf, context, freshVolume, makes, observes, optionsFor, perform, placement, qsanScene } from '../support/qsanScene.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';

const test = suite('sessions with a simulated QSAN array');

test('a hundred calls at once on a cold client make one login [S1-2]', async () => {
  const { array, volumes, end } = await qsanScene({ latencyMs: 5 });
  const answers = await Promise.all(Array.from({ length: 100 }, () => perform(volumes, observes(freshVolume()))));
  assert.equal([...new Set(answers.map(codeOf))], ['well']);
  assert.is(array.logins(), 1);
  await end();
});

test('many calls at once are no leak, and nobody is warned of one [I-25]', async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', note);
  const { volumes, end } = await qsanScene();
  await Promise.all(Array.from({ length: 30 }, () => perform(volumes, observes(freshVolume()))));
  // Warnings are told in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  assert.equal(warnings, []);
  await end();
});

test('a token that the array has forgotten costs one login more, whoever many meet it at once [S1-2, S1-4]', async () => {
  const { array, volumes, end } = await qsanScene({ latencyMs: 5 });
  await perform(volumes, observes(freshVolume()));
  array.endSessions();
  const answers = await Promise.all(Array.from({ length: 40 }, () => perform(volumes, observes(freshVolume()))));
  assert.equal([...new Set(answers.map(codeOf))], ['well']);
  assert.is(array.logins(), 2);
  await end();
});

test('who hears late that his token is forgotten takes the one that another call has fetched, and logs nobody in [S1-2, S1-4]', async () => {
  const { array, volumes, end } = await qsanScene();
  const [quick, late] = [freshVolume(), freshVolume()];
  await perform(volumes, observes(freshVolume()));
  array.endSessions();
  array.faults.add({ fault: { _tag: 'Slow', ms: 300 }, method: 'GET', path: new RegExp(volumeName(late.volumeId)) });
  const answers = await Promise.all([late, quick].map((volume) => perform(volumes, observes(volume))));
  assert.equal(answers.map(codeOf), ['well', 'well']);
  assert.is(array.requests().filter(({ status }) => status === 401).length, 2, 'both were refused');
  assert.is(array.logins(), 2);
  await end();
});

test('a token is renewed before it ends, and none is refused for its age [S1-2]', async () => {
  let nowMs = 1_000_000;
  const { array, volumes, end } = await qsanScene({ tokenSeconds: 3600 }, { nowMs: () => nowMs, proofMs: 1 });
  for (let minute = 0; minute < 180; minute += 30) {
    assert.is(codeOf(await perform(volumes, observes(freshVolume()))), 'well');
    nowMs += 30 * 60_000;
    array.advance(30 * 60_000);
  }
  assert.is(array.requests().filter(({ status }) => status === 401).length, 0);
  assert.is(array.logins(), 3);
  await end();
});

test('a token that is refused in the middle of a create costs no second create [S1-4, S1-6]', async () => {
  const { array, volumes, end } = await qsanScene();
  const volume = freshVolume();
  array.faults.add({ fault: { _tag: 'Expired401' }, method: 'POST', path: /\/volumes$/ });
  const made = await perform(volumes, makes(volume));
  assert.is(codeOf(made), 'well');
  assert.is(array.state().volumes.length, 1);
  assert.is(array.logins(), 2);
  await end();
});

test('who is refused twice is denied, and does not ask for ever [S1-4]', async () => {
  const { array, volumes, end } = await qsanScene();
  array.faults.add({ fault: { _tag: 'Expired401' }, path: /\/volumes\//, times: Number.POSITIVE_INFINITY });
  const answer = await perform(volumes, observes(freshVolume()));
  assert.is(codeOf(answer), 'Denied');
  assert.is(array.logins(), 2);
  await end();
});

test('calls that an array refuses twice, for it forgot the next token too, are tried again and are not lost [S1-2, S1-4]', async () => {
  const { array, volumes, end } = await qsanScene();
  array.faults.add({ fault: { _tag: 'Expired401' }, path: /\/volumes\//, times: 2 });
  const refused = await perform(volumes, observes(freshVolume()));
  assert.equal(E.isLeft(refused) && [refused.left._tag, refused.left._tag === 'Retryable' && refused.left.outcomeUnknown], ['Retryable', false]);
  assert.is(codeOf(await perform(volumes, observes(freshVolume()))), 'well');
  await end();
});

test('a wrong password is refused once for all who wait, and the next call tries again [S1-2]', async () => {
  const array = await startQsanArray();
  let password = 'wrong horse';
  const { volumes, targets } = qsanArray({ ...optionsFor(array), password: () => Promise.resolve(secret(password)) });
  const answers = await Promise.all(Array.from({ length: 10 }, () => perform(volumes, observes(freshVolume()))));
  assert.equal([...new Set(answers.map(codeOf))], ['LoginRefused']);
  assert.is(array.requests().length, 1);
  password = array.password;
  assert.is(codeOf(await perform(volumes, observes(freshVolume()))), 'well');
  await Promise.all([volumes.close(), targets.close()]);
  await array.stop();
});

test('a password comes from the environment or from a file, and who cannot read it says where he looked [S1-2, I-24]', async () => {
  const array = await startQsanArray();
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'password');
  writeFileSync(path, `${array.password}\n`);
  process.env['BLOCKLEDGER_TEST_ARRAY'] = array.password;
  for (const password of [passwordFromFile(path), passwordFromEnvironment('BLOCKLEDGER_TEST_ARRAY')]) {
    const { volumes } = qsanArray({ ...optionsFor(array), password });
    assert.is(codeOf(await perform(volumes, observes(freshVolume()))), 'well');
    await volumes.close();
  }
  delete process.env['BLOCKLEDGER_TEST_ARRAY'];
  const { volumes } = qsanArray({ ...optionsFor(array), password: passwordFromEnvironment('BLOCKLEDGER_TEST_ARRAY') });
  const answer = await perform(volumes, observes(freshVolume()));
  assert.ok(E.isLeft(answer) && answer.left.code === 'PasswordMissing' && answer.left.message.includes('BLOCKLEDGER_TEST_ARRAY'));
  await volumes.close();
  await array.stop();
  remove();
});

test('the last backend of an array that is closed logs out, and what comes after is not sent [S1-3]', async () => {
  const { array, volumes, targets, end } = await qsanScene();
  await perform(volumes, observes(freshVolume()));
  await volumes.close();
  await volumes.close();
  assert.is(array.state().sessions.length, 1);
  await targets.close();
  assert.is(array.state().sessions.length, 0);
  assert.is(array.requests().at(-1)?.path, '/api/logout');
  assert.is(codeOf(await perform(volumes, observes(freshVolume()))), 'Closed');
  assert.is(array.requests().at(-1)?.path, '/api/logout');
  await end();
});

test('an array whose certificate nobody has signed is not told the password [S1-1, I-24]', async () => {
  const { array, end } = await qsanScene();
  const { ca: _, ...options } = optionsFor(array);
  const strict = qsanArray(options).volumes;
  const answer = await perform(strict, observes(freshVolume()));
  assert.ok(E.isLeft(answer) && answer.left._tag === 'Permanent' && answer.left.code === 'CertificateRefused' && answer.left.message.includes('`ca`'));
  assert.is(array.requests().length, 0);
  const lax = qsanArray({ ...options, verify: false }).volumes;
  assert.is(codeOf(await perform(lax, observes(freshVolume()))), 'well');
  const findings = (await lax.diagnose?.([placement], context())()) ?? [];
  assert.ok(findings.some(({ check, level }) => check === 'certificate' && level === 'warning'));
  await Promise.all([strict.close(), lax.close()]);
  await end();
});

test('nothing is sent over plain http, nor to a url with a password in it [S1-1]', async () => {
  for (const url of ['http://10.252.1.50', 'https://admin:geheim@10.252.1.50', 'array']) {
    const { volumes } = qsanArray({ url, username: 'admin', password: secret('geheim') });
    const answer = await perform(volumes, observes(freshVolume()));
    assert.ok(E.isLeft(answer) && answer.left.code === 'BadUrl' && !answer.left.message.includes('geheim'), url);
    await volumes.close();
  }
});

test('an array that cannot be reached is told apart from everything that it answers [I-20]', async () => {
  const { array, volumes, targets, end } = await qsanScene({}, { connectTimeoutMs: 500 });
  await array.stop();
  const answer = await perform(volumes, observes(freshVolume()));
  assert.equal(E.isLeft(answer) && [answer.left._tag, answer.left.code], ['Retryable', 'Unreachable']);
  const target = { place: { backend: 'array', host: 'array1' }, accessPathId: freshVolume().volumeId as never, number: 1, iqn: 'iqn.2004-08.com.qsan:target', type: 'iscsi' as const, volumeId: freshVolume().volumeId };
  const seen = await targets.see(target, context())();
  assert.equal(E.isLeft(seen) && [seen.left._tag, seen.left.code], ['Retryable', 'HostUnreachable']);
  await end();
});

test('what only looks is asked again when an answer is lost or the array has a fault, and what makes something is not [S1-4, S1-6]', async () => {
  const { array, volumes, end } = await qsanScene({}, { lateEffectsMs: 1 });
  for (const fault of [{ _tag: 'Reset' }, { _tag: 'LostReply' }, { _tag: 'Error500' }] as const) {
    array.faults.add({ fault, method: 'GET', times: 2 });
    assert.is(codeOf(await perform(volumes, observes(freshVolume()))), 'well', fault._tag);
  }
  array.faults.add({ fault: { _tag: 'Error500', isDone: false }, method: 'POST', path: /\/volumes$/, times: Number.POSITIVE_INFINITY });
  const before = array.requests().filter(({ method, path }) => method === 'POST' && path === '/api/volumes').length;
  assert.is(codeOf(await perform(volumes, makes(freshVolume()))), 'ArrayFault');
  assert.is(array.requests().filter(({ method, path }) => method === 'POST' && path === '/api/volumes').length, before + 1);
  await end();
});

test('an answer that never comes ends with the time that was given for it, and a call that is stopped ends at once [I-15]', async () => {
  const { array, volumes, end } = await qsanScene({}, { timeoutMs: 300, repeats: 0 });
  await perform(volumes, observes(freshVolume()));
  array.faults.add({ fault: { _tag: 'Slow', ms: 60_000 }, method: 'GET', times: 2 });
  assert.is(codeOf(await perform(volumes, observes(freshVolume()))), 'Unreachable');
  const stop = new AbortController();
  const stopped = perform(volumes, observes(freshVolume()), context({ signal: stop.signal, onExternalCall: () => (setTimeout(() => stop.abort(), 50), () => undefined) }));
  assert.is(codeOf(await stopped), 'Cancelled');
  await end();
});

test('an answer that comes drop by drop, and would never end, ends with the time that was given for it [I-15]', async () => {
  const { cert, key } = await makeCertificate([]);
  const drops = new Set<NodeJS.Timeout>();
  const server = createServer({ cert, key }, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    drops.add(timer);
    response.on('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { volumes, targets } = qsanArray({ url: `https://127.0.0.1:${port}`, username: 'admin', password: secret('geheim'), ca: cert, timeoutMs: 300, repeats: 0 });
  assert.is(codeOf(await perform(volumes, observes(freshVolume()))), 'Unreachable');
  await Promise.all([volumes.close(), targets.close()]);
  for (const timer of drops) clearInterval(timer);
  server.closeAllConnections();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
});

test('a login that fails leaves no doubt about the request that waited for it: that was never sent [S1-2, I-7]', async () => {
  for (const fault of [{ _tag: 'LostReply' }, { _tag: 'Error500' }] as const) {
    const { array, volumes, end } = await qsanScene({}, { repeats: 0 });
    const volume = freshVolume();
    await perform(volumes, observes(freshVolume()));
    array.endSessions();
    array.faults.add({ fault, method: 'POST', path: /\/login$/ });
    // The look before the create is the first that meets the token that is no more.
    array.faults.add({ fault: { _tag: 'Expired401' }, method: 'POST', path: /\/volumes$/ });
    const looked = await perform(volumes, observes(volume));
    assert.ok(E.isLeft(looked) && looked.left._tag === 'Retryable' && !looked.left.outcomeUnknown, fault._tag);
    array.faults.add({ fault, method: 'POST', path: /\/login$/, after: 1 });
    const made = await perform(volumes, makes(volume));
    assert.ok(E.isLeft(made) && made.left._tag === 'Retryable' && !made.left.outcomeUnknown, fault._tag);
    assert.equal([array.state().volumes.length, codeOf(await perform(volumes, observes(volume)))], [0, 'well'], 'that it is not there proves that it is not there');
    await end();
  }
});

test('figures are told each request by a word that has no name and no id in it, and how it ended [I-25]', async () => {
  const { volumes, end } = await qsanScene();
  const volume = freshVolume();
  const told: string[] = [];
  await perform(volumes, makes(volume), context({ onExternalCall: ({ program, command }) => (exit) => void told.push(`${program} ${command} ${exit}`) }));
  assert.equal(told, ['qsan POST login 200', 'qsan GET volumes/:volume 404', 'qsan POST volumes 200', 'qsan GET volumes/:volume 200']);
  assert.not.ok(told.join(' ').includes(volumeName(volume.volumeId)));
  await end();
});

test.run();
