/** A driver over HTTP: who is let in, what is answered, and where it listens. */
import { existsSync, linkSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { cinderBridge, type BridgeCall, type CinderDriver } from '@blockledger/app/cinder-driver';
import { cinderError } from '../../packages/app/src/cinder/errors.ts';
import { cinderSnapshot, cinderVolume } from '../support/cinder/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('bridge for Cinder');
const TOKEN = 'a-token-of-the-bridge';
const volume = cinderVolume(1);
const CONNECTOR = { initiator: 'iqn.1993-08.org.debian:01:604af6a341' };

/** A driver that says what it was asked, and does nothing. */
const asked: (readonly unknown[])[] = [];
const answers = new Map<string, E.Either<ReturnType<typeof cinderError>, unknown>>();
const driver = new Proxy({} as CinderDriver, {
  get: (_target, name: string) => async (...given: readonly unknown[]) => {
    asked.push([name, ...given]);
    return answers.get(name) ?? E.right(null);
  },
});
const calls: BridgeCall[] = [];
const bridge = cinderBridge({ driver, token: TOKEN, onCall: (call) => void calls.push(call) });
const listening = await bridge.listen({ port: 0 });
const url = E.isRight(listening) ? listening.right : '';
const folder = mkdtempSync(join(tmpdir(), 'blockledger-bridge-'));

const post = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<readonly [number, unknown]> => {
  const response = await fetch(`${url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}`, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return [response.status, await response.json()];
};
const nameOf = ([status, body]: readonly [number, unknown]): readonly unknown[] => [status, (body as { error?: { name: string; code: string } }).error?.name, (body as { error?: { code: string } }).error?.code];

test('every method of the contract can be called by its name with the arguments of the source [S1-28, S1-30, S1-31, S1-32, S1-33, S1-34, S1-35, S1-36, S1-37, S1-38, S1-39]', async () => {
  const snapshot = cinderSnapshot(2, volume);
  const other = cinderVolume(3);
  const host = { host: 'controller@QSAN_iSCSI#Pool-1' };
  const given: Readonly<Record<keyof CinderDriver, readonly [object, readonly unknown[]]>> = {
    do_setup: [{}, [null]],
    check_for_setup_error: [{}, []],
    get_volume_stats: [{ refresh: true }, [true]],
    create_volume: [{ volume }, [volume]],
    delete_volume: [{ volume }, [volume]],
    extend_volume: [{ volume, new_size: 20 }, [volume, 20]],
    create_export: [{ volume, connector: CONNECTOR }, [null, volume, CONNECTOR]],
    remove_export: [{ volume }, [null, volume]],
    ensure_export: [{ volume }, [null, volume]],
    validate_connector: [{ connector: CONNECTOR }, [CONNECTOR]],
    initialize_connection: [{ volume, connector: CONNECTOR }, [volume, CONNECTOR]],
    terminate_connection: [{ volume, connector: null, force: true }, [volume, null, { force: true }]],
    create_snapshot: [{ snapshot }, [snapshot]],
    delete_snapshot: [{ snapshot }, [snapshot]],
    create_volume_from_snapshot: [{ volume: other, snapshot }, [other, snapshot]],
    create_cloned_volume: [{ volume: other, src_vref: volume }, [other, volume]],
    migrate_volume: [{ volume, host }, [null, volume, host]],
  };
  for (const [name, [body, expected]] of Object.entries(given)) {
    asked.length = 0;
    answers.set(name, E.right({ of: name }));
    assert.equal(await post(`/v1/${name}`, body), [200, { result: { of: name } }]);
    assert.equal(asked, [[name, ...expected]]);
  }
  answers.clear();
});

test('an exception is told by its name, its code and our words [S1-28]', async () => {
  answers.set('delete_volume', E.left(cinderError('VolumeIsBusy', 'VolumeHasSnapshots', 'it has 1 snapshot; delete it first')));
  assert.equal(await post('/v1/delete_volume', { volume }), [422, { error: { name: 'VolumeIsBusy', code: 'VolumeHasSnapshots', message: 'it has 1 snapshot; delete it first' } }]);
  assert.equal(calls.at(-1), { method: 'delete_volume', status: 422, elapsedMs: calls.at(-1)?.elapsedMs, error: 'VolumeIsBusy VolumeHasSnapshots' });
  answers.clear();
});

test('nothing is looked at without the token, and a token that is nearly right is wrong [S0-16]', async () => {
  asked.length = 0;
  for (const authorization of ['', 'Bearer ', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN]) assert.equal(nameOf(await post('/v1/create_volume', 'no JSON', { authorization })), [401, 'VolumeBackendAPIException', 'Unauthorized']);
  assert.equal(asked, []);
});

test('what is no call is refused: another method, no JSON, arguments of another shape, a body that is too long [I-12]', async () => {
  asked.length = 0;
  for (const path of ['/v1/constructor', '/v1/toString', '/v1/', '/', '/v2/do_setup', '/v1/do_setup?x=1']) assert.is((await post(path, {}))[0], 404, path);
  assert.equal(nameOf(await post('/v1/create_volume', '{"volume":')), [400, 'VolumeBackendAPIException', 'BodyIsNotJson']);
  for (const body of [[], 7, null, {}, { volume: { ...volume, size: 'planted-secret' } }]) {
    const refused = await post('/v1/create_volume', body);
    assert.equal(nameOf(refused), [422, 'InvalidInput', 'ArgumentsAreInvalid']);
    assert.not.match(JSON.stringify(refused), /planted/);
  }
  assert.equal(nameOf(await post('/v1/create_volume', 'x'.repeat(70_000))), [413, 'VolumeBackendAPIException', 'BodyIsTooLarge']);
  assert.is((await fetch(`${url}/v1/do_setup`, { headers: { authorization: `Bearer ${TOKEN}` } })).status, 405);
  assert.equal(asked, []);
});

test('a log of calls has neither arguments nor what was returned: both may hold an account [I-24]', async () => {
  answers.set('create_export', E.right({ provider_location: 'x', provider_auth: 'CHAP user planted-secret' }));
  await post('/v1/create_export', { volume: { ...volume, provider_auth: 'CHAP user planted-secret' }, connector: CONNECTOR });
  assert.is(calls.at(-1)?.method, 'create_export');
  assert.not.match(JSON.stringify(calls), /planted|iqn\./);
});

test('a bridge listens on loopback alone [S0-1]', async () => {
  const other = cinderBridge({ driver, token: TOKEN });
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
    const refused = await other.listen({ host, port: 0 });
    assert.is(E.isLeft(refused) && refused.left._tag, 'NotLoopback', host);
  }
  const taken = await other.listen({ port: Number(new URL(url).port) });
  assert.is(E.isLeft(taken) && taken.left._tag, 'AddressInUse');
  await other.close();
});

const overSocket = (path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request({ agent: false, socketPath: path, path: '/v1/do_setup', method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.end('{}');
  });

test('a socket file is its owner’s alone, is not taken from a bridge that runs, and is from one that was killed [S0-1]', async () => {
  const path = join(folder, 'cinder.sock');
  const [first, second] = [cinderBridge({ driver, token: TOKEN }), cinderBridge({ driver, token: TOKEN })];
  assert.equal(await first.listen({ socket: path }), E.right(`unix:${path}`));
  assert.is(statSync(path).mode & 0o777, 0o600);
  const taken = await second.listen({ socket: path });
  assert.is(E.isLeft(taken) && taken.left._tag, 'AddressInUse');
  assert.is(await overSocket(path), 200);
  await first.close();
  // What a killed process leaves: a file that nobody answers at.
  const left = createServer();
  await new Promise<void>((resolve) => void left.listen(path, resolve));
  const kept = `${path}.kept`;
  linkSync(path, kept);
  await new Promise((resolve) => left.close(resolve));
  linkSync(kept, path);
  assert.ok(existsSync(path));
  assert.equal(await second.listen({ socket: path }), E.right(`unix:${path}`));
  assert.is(await overSocket(path), 200);
  await second.close();
});

test('a bridge that closes answers what was asked before [S0-6]', async () => {
  let finish = (): void => undefined;
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => void (begin = resolve));
  const slow = {
    do_setup: () => {
      begin();
      return new Promise((resolve) => void (finish = () => resolve(E.right(null))));
    },
  } as unknown as CinderDriver;
  const closing = cinderBridge({ driver: slow, token: TOKEN });
  const path = join(folder, 'closing.sock');
  assert.ok(E.isRight(await closing.listen({ socket: path })));
  const answered = overSocket(path);
  await begun;
  const closed = closing.close();
  finish();
  assert.is(await answered, 200);
  await closed;
});

test.after(async () => {
  await bridge.close();
  rmSync(folder, { recursive: true, force: true });
});
test.run();
