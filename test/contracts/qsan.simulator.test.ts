/** The simulated array beyond the source's examples: what it refuses, how tokens end, and what goes wrong when it is told to. */
import { QSAN_ASSUMPTIONS, seededQsanFaults, startQsanArray, type QsanFault } from '@blockledger/adapters-qsan/simulator';
import { connect } from 'node:tls';
import * as assert from 'uvu/assert';
import { requestLog } from '../../packages/adapters-qsan/src/simulator/requestLog.ts';
import { ask, logIn, onArray, type Fields, type OnArray, type Said } from '../support/qsan.ts';
import { suite } from '../support/suite.ts';

const test = suite('simulated QSAN array');

const GIB = 2 ** 30;
const VOLUME = 'volume-0b9c1c1e-7a0e-4f1e-9b43-1f6a0c5d7e21';
const OTHER = 'volume-6f2d3c8a-50c2-4f7b-8a86-3d0b7c9e4f10';
const INITIATOR = 'iqn.1993-08.org.debian:01:604af6a341';

const make = ({ array }: OnArray, name = VOLUME, size = GIB, thin = true): void =>
  assert.is(array.operate('POST', '/api/volumes', { pool: 'Pool-1', name, size, thin_provision: thin }).status, 200);

/** A target with one volume as LUN 0. */
const show = (stage: OnArray): void => {
  make(stage);
  assert.is(stage.array.operate('POST', '/api/iscsi/targets', { name: 'target-1' }).status, 200);
  assert.is(stage.array.operate('POST', '/api/iscsi/targets/target-001/luns', { volume: VOLUME }).status, 200);
};

/** Refused with this status and these words, in the body of errors, and nothing has changed. */
const refuses = async ({ array, say }: OnArray, [method, path, body]: readonly [string, string, unknown?], [code, error]: readonly [number, string]): Promise<Fields> => {
  const before = array.state();
  const said = await say(method, path, body);
  const given = said.body as Fields;
  assert.equal([said.status, given['code'], given['error']], [code, code, error], `${method} ${path}: ${JSON.stringify(said)}`);
  assert.equal(Object.keys(given).filter((field) => !['error', 'code', 'details'].includes(field)), []);
  assert.is(array.state(), before, `${method} ${path} changed something`);
  return given;
};

const errorOf = ({ body }: Said): unknown => (body as Fields)['error'];

const cut = async (asked: Promise<Said>): Promise<void> => {
  const outcome = await asked.then(
    ({ status }) => `it was answered with ${status}`,
    (error: NodeJS.ErrnoException) => error.code,
  );
  assert.is(outcome, 'ECONNRESET');
};

test('nothing but a login is answered without a token, and a wrong one is none [S1-1, S1-2]', () =>
  onArray({}, async ({ array, ask: asking }) => {
    for (const [method, path] of [['GET', '/api/system'], ['POST', '/api/volumes'], ['POST', '/api/logout'], ['GET', '/api/nothing']] as const) {
      assert.is((await asking(method, path)).status, 401);
      assert.is((await asking(method, path, { token: 'wrong' })).status, 401);
    }
    assert.is((await asking('POST', '/api/login', { body: { username: array.username } })).status, 400);
    assert.is((await asking('POST', '/api/login', { body: { username: 'root', password: array.password } })).status, 401);
    assert.is(array.logins(), 1);
  }));

test('a token is over when its time is, however much it was used, and another one beside it is not [S1-2]', () =>
  onArray({ tokenSeconds: 60 }, async ({ array, say, relogin, ask: asking }) => {
    array.advance(59_000);
    assert.is((await say('GET', '/api/system')).status, 200);
    const later = await relogin();
    array.advance(1000);
    assert.is((await say('GET', '/api/system')).status, 401);
    assert.is((await asking('GET', '/api/system', { token: later })).status, 200);
    array.endSessions();
    assert.is((await asking('GET', '/api/system', { token: later })).status, 401);
  }));

test('a token that was logged out is refused, and others go on [S1-3]', () =>
  onArray({}, async ({ say, relogin, ask: asking }) => {
    const other = await relogin();
    assert.is((await say('POST', '/api/logout')).status, 200);
    assert.is((await say('POST', '/api/logout')).status, 401);
    assert.is((await asking('GET', '/api/system', { token: other })).status, 200);
  }));

test('nobody is answered who does not trust the certificate, and whoever does needs no exception [S1-1]', () =>
  onArray({}, async ({ array }) => {
    const reached = (ca: string | undefined): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({ host: array.host, port: array.port, ...(ca === undefined ? {} : { ca }) }, () => {
          socket.destroy();
          resolve('trusted');
        });
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      });
    assert.is(await reached(array.ca), 'trusted');
    assert.is(await reached(undefined), 'DEPTH_ZERO_SELF_SIGNED_CERT');
  }));

test('a body that cannot be read is a 400 that names the field, and never repeats what was sent [S1-4]', () =>
  onArray({}, async (stage) => {
    show(stage);
    const volume = { pool: 'Pool-1', name: OTHER, size: GIB };
    const wrong: readonly (readonly [string, string, unknown, string])[] = [
      ['POST', '/api/volumes', { ...volume, size: 1.5 }, 'size'],
      ['POST', '/api/volumes', { ...volume, size: 0 }, 'size'],
      ['POST', '/api/volumes', { ...volume, size: '1073741824' }, 'size'],
      ['POST', '/api/volumes', { ...volume, name: 'a/b' }, 'name'],
      ['POST', '/api/volumes', { name: OTHER, size: GIB }, 'pool'],
      ['POST', '/api/volumes', { ...volume, thin_provision: 'yes' }, 'thin_provision'],
      ['PUT', `/api/volumes/${VOLUME}`, {}, 'size'],
      ['POST', `/api/volumes/${VOLUME}/snapshots`, {}, 'name'],
      ['POST', `/api/volumes/${VOLUME}/clone`, { name: '' }, 'name'],
      ['POST', '/api/iscsi/targets', { name: 'target-2', iqn: 'target-2' }, 'iqn'],
      ['POST', '/api/iscsi/targets/target-001/luns', { volume: VOLUME, lun_id: -1 }, 'lun_id'],
      ['POST', '/api/iscsi/targets/target-001/acl', { initiator: 'planted-initiator' }, 'initiator'],
      ['PUT', '/api/iscsi/targets/target-001/chap', { username: 'planted-user' }, 'password'],
    ];
    for (const [method, path, body, field] of wrong) {
      const said = await refuses(stage, [method, path, body], [400, 'Invalid request']);
      assert.is(said['details'], `Field '${field}' is missing or invalid`);
      assert.not.match(JSON.stringify(said), /planted/);
    }
    const blanks = ' '.repeat(70_000);
    for (const text of ['{"pool"', '[]', '"text"', `${blanks}${JSON.stringify(volume)}`]) {
      assert.is((await stage.ask('POST', '/api/volumes', { token: stage.token, text })).status, 400);
    }
  }));

test('what is not there is a 404 in its own words, volumes by name and targets by id [S1-5, S1-10]', () =>
  onArray({}, async (stage) => {
    show(stage);
    for (const request of [['GET', '/api/volumes/nobody'], ['PUT', '/api/volumes/nobody', { size: 1 }], ['DELETE', '/api/volumes/nobody'], ['GET', '/api/volumes/vol-001'], ['POST', '/api/volumes/nobody/snapshots', { name: 's' }], ['POST', '/api/volumes/nobody/clone', { name: 'c' }], ['GET', '/api/volumes/nobody/mapping'], ['POST', '/api/iscsi/targets/target-001/luns', { volume: 'nobody' }]] as const) {
      await refuses(stage, request, [404, 'Volume not found']);
    }
    for (const request of [['GET', `/api/volumes/${VOLUME}/snapshots/s`], ['DELETE', `/api/volumes/${VOLUME}/snapshots/s`], ['POST', `/api/volumes/${VOLUME}/clone`, { name: 'c', snapshot: 's' }], ['POST', `/api/volumes/${VOLUME}/snapshots/s/clone`, { name: 'c' }]] as const) {
      await refuses(stage, request, [404, 'Snapshot not found']);
    }
    for (const request of [['GET', '/api/iscsi/targets/target-1'], ['DELETE', '/api/iscsi/targets/target-002'], ['GET', '/api/iscsi/targets/target-002/luns'], ['POST', '/api/iscsi/targets/target-002/acl', { initiator: INITIATOR }], ['PUT', '/api/iscsi/targets/target-002/chap', { username: 'u', password: 'p' }]] as const) {
      await refuses(stage, request, [404, 'Target not found']);
    }
    await refuses(stage, ['POST', '/api/volumes', { pool: 'Pool-2', name: OTHER, size: GIB }], [404, 'Pool not found']);
    await refuses(stage, ['GET', '/api/pools/Pool-2'], [404, 'Pool not found']);
    await refuses(stage, ['DELETE', '/api/iscsi/targets/target-001/luns/1'], [404, 'LUN not found']);
    await refuses(stage, ['DELETE', `/api/iscsi/targets/target-001/acl/${encodeURIComponent(INITIATOR)}`], [404, 'Initiator not found']);
  }));

test('what the API does not have is not there: lists, renaming, rolling back, flattening, limits, groups, progress, turning CHAP off [S1-14, S1-9, S1-24]', () =>
  onArray({}, async (stage) => {
    show(stage);
    const absent = [['GET', '/api/volumes'], ['GET', `/api/volumes/${VOLUME}/snapshots`], ['GET', '/api/pools'], ['PATCH', `/api/volumes/${VOLUME}`], ['POST', `/api/volumes/${VOLUME}/rollback`], ['POST', `/api/volumes/${VOLUME}/flatten`], ['PUT', `/api/volumes/${VOLUME}/qos`], ['POST', '/api/groups'], ['GET', '/api/tasks/1'], ['DELETE', '/api/iscsi/targets/target-001/chap'], ['GET', '/api/iscsi/targets/target-001/chap'], ['GET', '/api/volumes/%zz']] as const;
    for (const request of absent) await refuses(stage, request, [404, 'Not found']);
    await refuses(stage, ['GET', '/api/iscsi/targets'], [400, 'Invalid request']);
  }));

test('what is there already is a 409, and so is what is in use; both leave everything as it is [S1-5, S1-6, S1-17]', () =>
  onArray({}, async (stage) => {
    const { array } = stage;
    show(stage);
    array.operate('POST', `/api/volumes/${VOLUME}/snapshots`, { name: 's' });
    array.operate('POST', '/api/iscsi/targets/target-001/acl', { initiator: INITIATOR });
    make(stage, OTHER);
    await refuses(stage, ['POST', '/api/volumes', { pool: 'Pool-1', name: VOLUME, size: GIB }], [409, 'Volume already exists']);
    await refuses(stage, ['POST', `/api/volumes/${OTHER}/clone`, { name: VOLUME }], [409, 'Volume already exists']);
    await refuses(stage, ['POST', `/api/volumes/${VOLUME}/snapshots`, { name: 's' }], [409, 'Snapshot already exists']);
    await refuses(stage, ['POST', '/api/iscsi/targets', { name: 'target-1' }], [409, 'Target already exists']);
    await refuses(stage, ['POST', '/api/iscsi/targets', { name: 'target-2', iqn: 'iqn.2004-08.com.qsan:target-1' }], [409, 'Target already exists']);
    await refuses(stage, ['POST', '/api/iscsi/targets/target-001/luns', { volume: VOLUME, lun_id: 3 }], [409, 'Volume is in use']);
    await refuses(stage, ['POST', '/api/iscsi/targets/target-001/luns', { volume: OTHER, lun_id: 0 }], [409, 'LUN ID already in use']);
    await refuses(stage, ['POST', '/api/iscsi/targets/target-001/acl', { initiator: INITIATOR }], [409, 'Initiator already exists']);
    await refuses(stage, ['DELETE', '/api/iscsi/targets/target-001'], [409, 'Target is in use']);
    await refuses(stage, ['DELETE', `/api/volumes/${VOLUME}`], [409, 'Volume is in use']);
    array.operate('DELETE', '/api/iscsi/targets/target-001/luns/0');
    const said = await refuses(stage, ['DELETE', `/api/volumes/${VOLUME}`], [409, 'Volume is in use']);
    assert.match(String(said['details']), /snapshots/);
  }));

test('a volume only grows, and a clone of a snapshot is never smaller than that [S1-8, S1-13]', () =>
  onArray({}, async (stage) => {
    make(stage);
    stage.array.operate('POST', `/api/volumes/${VOLUME}/snapshots`, { name: 's' });
    for (const size of [GIB, GIB - 1, 1]) await refuses(stage, ['PUT', `/api/volumes/${VOLUME}`, { size }], [400, 'Invalid size']);
    await refuses(stage, ['POST', `/api/volumes/${VOLUME}/snapshots/s/clone`, { name: 'c', size: GIB - 1 }], [400, 'Invalid size']);
    for (const [name, size] of [['c', undefined], ['d', GIB]] as const) {
      const { body } = await stage.say('POST', `/api/volumes/${VOLUME}/snapshots/s/clone`, { name, size });
      assert.is((body as Fields)['size'], GIB);
    }
  }));

test('a volume that is mapped is in use, grows all the same, and is available when it is not [S1-9, S1-8, S1-22]', () =>
  onArray({}, async (stage) => {
    const { say } = stage;
    show(stage);
    const statusAfter = async (method: string, path: string, body?: unknown): Promise<unknown> => ((await say(method, path, body)).body as Fields)['status'];
    assert.is(await statusAfter('GET', `/api/volumes/${VOLUME}`), 'in-use');
    assert.is(await statusAfter('PUT', `/api/volumes/${VOLUME}`, { size: 2 * GIB }), 'in-use');
    await say('DELETE', '/api/iscsi/targets/target-001/luns/0');
    assert.is(await statusAfter('GET', `/api/volumes/${VOLUME}`), 'available');
    assert.is(errorOf(await say('GET', `/api/volumes/${VOLUME}/mapping`)), 'Volume is not mapped to any target');
  }));

test('snapshots of two volumes may have one name, and are two [S1-11]', () =>
  onArray({}, async (stage) => {
    const { array, say } = stage;
    make(stage, VOLUME, GIB);
    make(stage, OTHER, 2 * GIB);
    for (const volume of [VOLUME, OTHER]) assert.is((await say('POST', `/api/volumes/${volume}/snapshots`, { name: 's' })).status, 200);
    assert.is(((await say('GET', `/api/volumes/${OTHER}/snapshots/s`)).body as Fields)['size'], 2 * GIB);
    await say('DELETE', `/api/volumes/${OTHER}/snapshots/s`);
    assert.equal(array.state().snapshots.map(({ volume }) => volume), [VOLUME]);
  }));

test('a clone straight from a volume has no snapshot, and outlives what it was made of [S1-12]', () =>
  onArray({}, async (stage) => {
    make(stage);
    const { body } = await stage.say('POST', `/api/volumes/${VOLUME}/clone`, { name: 'volume-clone' });
    assert.equal([(body as Fields)['source_volume'], 'source_snapshot' in (body as Fields)], [VOLUME, false]);
    assert.is((await stage.say('DELETE', `/api/volumes/${VOLUME}`)).status, 200);
    assert.is((await stage.say('GET', '/api/volumes/volume-clone')).status, 200);
  }));

test('a target without an IQN gets the prefix of the array and its own name, and one that is not there is an empty list [S1-17, S1-19, S1-16]', () =>
  onArray({}, async ({ say }) => {
    assert.is(((await say('POST', '/api/iscsi/targets', { name: 'target-x' })).body as Fields)['iqn'], 'iqn.2004-08.com.qsan:target-x');
    assert.equal((await say('GET', '/api/iscsi/targets?name=target-y')).body, []);
  }));

test('a LUN without a number gets the lowest that is free, up to 255, and then none [S1-21]', () =>
  onArray({}, async (stage) => {
    const { array, say } = stage;
    array.operate('POST', '/api/iscsi/targets', { name: 'target-1' });
    for (let at = 0; at < 256; at += 1) {
      make(stage, `volume-${at}`);
      assert.is((array.operate('POST', '/api/iscsi/targets/target-001/luns', { volume: `volume-${at}` }).body as Fields)['lun_id'], at);
    }
    make(stage, OTHER);
    await refuses(stage, ['POST', '/api/iscsi/targets/target-001/luns', { volume: OTHER }], [409, 'No LUN ID available']);
    await refuses(stage, ['POST', '/api/iscsi/targets/target-001/luns', { volume: OTHER, lun_id: 256 }], [400, 'Invalid request']);
    await say('DELETE', '/api/iscsi/targets/target-001/luns/7');
    assert.is(((await say('POST', '/api/iscsi/targets/target-001/luns', { volume: OTHER })).body as Fields)['lun_id'], 7);
  }));

test('LUNs are listed by their numbers, in whatever order they came [S1-21, S1-18]', () =>
  onArray({}, async (stage) => {
    show(stage);
    make(stage, OTHER);
    await stage.say('DELETE', '/api/iscsi/targets/target-001/luns/0');
    for (const [volume, lun] of [[OTHER, 12], [VOLUME, 3]] as const) await stage.say('POST', '/api/iscsi/targets/target-001/luns', { volume, lun_id: lun });
    const numbers = (list: unknown): readonly unknown[] => (list as readonly Fields[]).map((one) => one['lun_id']);
    assert.equal(numbers((await stage.say('GET', '/api/iscsi/targets/target-001/luns')).body), [3, 12]);
    assert.equal(numbers(((await stage.say('GET', '/api/iscsi/targets/target-001')).body as Fields)['luns']), [3, 12]);
  }));

test('an account takes the place of the one before, is shown nowhere, and goes with its target [S1-24, S1-18]', () =>
  onArray({}, async ({ array, say }) => {
    await say('POST', '/api/iscsi/targets', { name: 'target-1' });
    await say('PUT', '/api/iscsi/targets/target-001/chap', { username: 'first', password: 'first-secret' });
    await say('PUT', '/api/iscsi/targets/target-001/chap', { username: 'second', password: 'second-secret' });
    assert.equal(array.state().targets[0]?.chap, { username: 'second', password: 'second-secret' });
    assert.not.match(JSON.stringify((await say('GET', '/api/iscsi/targets/target-001')).body), /second/);
    assert.not.match(JSON.stringify(array.requests()), /-secret/);
    await say('DELETE', '/api/iscsi/targets/target-001');
    await say('POST', '/api/iscsi/targets', { name: 'target-1' });
    assert.is(array.state().targets[0]?.chap, undefined);
  }));

test('what was made can be answered with 201, as the table of statuses has it [S1-4]', () =>
  onArray({ createdStatus: 201 }, async ({ say }) => {
    assert.is((await say('POST', '/api/volumes', { pool: 'Pool-1', name: VOLUME, size: GIB })).status, 201);
    assert.is((await say('PUT', `/api/volumes/${VOLUME}`, { size: 2 * GIB })).status, 200);
  }));

test('portals and pools are those that it was set up with, and several pools are told apart [S1-15, S1-20]', () =>
  onArray({ portals: ['10.0.0.1'], pools: [{ name: 'Fast', totalBytes: GIB }, { name: 'Slow', totalBytes: 2 * GIB, status: 'degraded' }] }, async ({ say }) => {
    assert.equal((await say('GET', '/api/iscsi/portals')).body, { portals: ['10.0.0.1'] });
    await say('POST', '/api/volumes', { pool: 'Fast', name: VOLUME, size: GIB, thin_provision: false });
    const slow = (await say('GET', '/api/pools/Slow')).body as Fields;
    assert.equal([slow['free_capacity'], slow['status']], [2 * GIB, 'degraded']);
    assert.is(((await say('GET', '/api/pools/Fast')).body as Fields)['free_capacity'], 0);
  }));

test('a lost reply is done and a reset is not, and both look the same to whoever asked [S1-6]', () =>
  onArray({}, async ({ array, say }) => {
    array.faults.add({ fault: { _tag: 'LostReply' }, method: 'POST', path: /\/volumes$/ });
    await cut(say('POST', '/api/volumes', { pool: 'Pool-1', name: VOLUME, size: GIB }));
    array.faults.add({ fault: { _tag: 'Reset' }, method: 'POST', path: /\/volumes$/ });
    await cut(say('POST', '/api/volumes', { pool: 'Pool-1', name: OTHER, size: GIB }));
    assert.equal(array.state().volumes.map(({ name }) => name), [VOLUME]);
    assert.is(array.faults.pending(), 0);
    assert.equal(array.requests().map(({ status }) => status ?? 'cut'), [200, 'cut', 'cut']);
  }));

test('a 500 is done or not, a token that ends in the middle is a 401 until the next login, and any other answer can be had [S1-4, S1-2]', () =>
  onArray({}, async ({ array, say }) => {
    array.faults.add({ fault: { _tag: 'Error500' } });
    array.faults.add({ fault: { _tag: 'Error500', isDone: true } });
    for (const name of [VOLUME, OTHER]) assert.is((await say('POST', '/api/volumes', { pool: 'Pool-1', name, size: GIB })).status, 500);
    assert.equal(array.state().volumes.map(({ name }) => name), [OTHER]);
    array.faults.add({ fault: { _tag: 'Expired401' } });
    assert.is((await say('DELETE', `/api/volumes/${OTHER}`)).status, 401);
    assert.is((await say('GET', '/api/system')).status, 401);
    const token = await logIn(array);
    array.faults.add({ fault: { _tag: 'Says', status: 403, body: { error: 'Forbidden', code: 403 } } });
    assert.is((await ask(array, 'GET', '/api/system', { token })).status, 403);
    assert.is(array.state().volumes.length, 1);
  }));

test('a slow request is done in the end, though whoever asked has given up [S1-8]', () =>
  onArray({}, async (stage) => {
    const { array, token } = stage;
    make(stage);
    array.faults.add({ fault: { _tag: 'Slow', ms: 300 }, method: 'PUT' });
    const impatient = await fetchImpatiently(array, token);
    assert.is(impatient, 'gave up');
    assert.is(array.state().volumes[0]?.sizeBytes, GIB);
    while (array.requests().at(-1)?.status === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.is(array.state().volumes[0]?.sizeBytes, 2 * GIB);
  }));

/** Asks for a larger volume on a connection of its own, and hangs up as soon as the array has it. */
const fetchImpatiently = (array: OnArray['array'], token: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ size: 2 * GIB });
    const socket = connect({ host: array.host, port: array.port, ca: array.ca }, () => {
      socket.write(`PUT /api/volumes/${VOLUME} HTTP/1.1\r\nHost: array\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      const look = setInterval(() => {
        if (array.requests().at(-1)?.method !== 'PUT') return;
        clearInterval(look);
        socket.destroy();
        resolve('gave up');
      }, 5);
    });
    socket.once('data', () => reject(new Error('it was answered')));
    socket.on('error', reject);
  });

test('a fault by hand lets some pass, meets as many as it is told, and others not at all [S1-15]', () =>
  onArray({}, async ({ array, say }) => {
    array.faults.add({ fault: { _tag: 'Error500' }, path: /^\/api\/pools\//, after: 1, times: 2 });
    const statuses: number[] = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await say('GET', '/api/pools/Pool-1')).status, (await say('GET', '/api/system')).status);
    assert.equal(statuses, [200, 200, 500, 200, 500, 200, 200, 200]);
    array.faults.add({ fault: { _tag: 'Error500' }, times: Infinity });
    assert.is((await say('GET', '/api/system')).status, 500);
    array.faults.clear();
    assert.is((await say('GET', '/api/system')).status, 200);
  }));

/** What forty requests of a seeded array come to. */
const walk = async (seed: number, kinds?: readonly QsanFault[]): Promise<readonly (number | 'cut')[]> => {
  const array = await startQsanArray({ faults: seededQsanFaults({ seed, rate: 0.4, ...(kinds === undefined ? {} : { kinds }) }) });
  try {
    for (let at = 0; at < 40; at += 1) await ask(array, 'POST', '/api/login', { body: { username: array.username, password: array.password } }).catch(() => undefined);
    return array.requests().map(({ status }) => status ?? 'cut');
  } finally {
    await array.stop();
  }
};

test('the same seed gives the same faults, another one others, and each kind comes up [S1-2]', async () => {
  const kinds: readonly QsanFault[] = [{ _tag: 'LostReply' }, { _tag: 'Reset' }, { _tag: 'Error500' }, { _tag: 'Says', status: 503, body: {} }];
  const [once, again, other] = [await walk(7, kinds), await walk(7, kinds), await walk(8, kinds)];
  assert.equal(once, again);
  assert.not.equal(once, other);
  for (const outcome of [200, 'cut', 500, 503] as const) assert.ok(once.includes(outcome), String(outcome));
  const request = { method: 'GET', path: '/api/system', query: '', body: undefined };
  const drawn = Array.from({ length: 300 }, (_, at) => seededQsanFaults({ seed: 1, rate: 0.5 })({ ...request, count: at + 1 }));
  assert.is(new Set(drawn.map((fault) => JSON.stringify(fault) ?? 'none')).size, 7, 'six kinds, and none');
  const none = drawn.filter((fault) => fault === undefined).length;
  assert.ok(none > 100 && none < 200, String(none));
});

test('requests wait as long as they are told to, one beside the other [S1-16]', () =>
  onArray({ latencyMs: ({ path }) => (path === '/api/system' ? 150 : 0) }, async ({ array, say }) => {
    const order: string[] = [];
    const slow = say('GET', '/api/system').then(() => order.push('slow'));
    while (array.requests().at(-1)?.path !== '/api/system') await new Promise((resolve) => setTimeout(resolve, 5));
    await say('GET', '/api/pools/Pool-1').then(() => order.push('fast'));
    await slow;
    assert.equal(order, ['fast', 'slow']);
  }));

test('it cannot be started twice on one port, and is gone when it is stopped [S1-1]', async () => {
  const array = await startQsanArray();
  const second = await startQsanArray({ port: array.port }).catch((error: NodeJS.ErrnoException) => error.code);
  assert.is(second, 'EADDRINUSE');
  await array.stop();
  const refused = await logIn(array).catch((error: NodeJS.ErrnoException) => error.code);
  assert.ok(refused === 'ECONNREFUSED' || refused === 'ECONNRESET', String(refused));
});

test('of a long run the last ten thousand requests are kept, with their count, and every login is counted [S1-2]', () => {
  const log = requestLog();
  for (let at = 0; at < 10_002; at += 1) {
    const request = log.arrived({ method: 'POST', path: at < 2 ? '/api/login' : '/api/logout', query: '', body: undefined });
    log.ended(request, at === 1 ? 401 : 200);
  }
  const kept = log.requests();
  assert.equal([kept.length, kept[0]?.count, kept.at(-1)?.count, kept.at(-1)?.status, log.logins()], [10_000, 3, 10_002, 200, 1]);
});

test('what is assumed is told in sentences [S1-4]', () => {
  assert.ok(QSAN_ASSUMPTIONS.length > 10);
  assert.is(new Set(QSAN_ASSUMPTIONS).size, QSAN_ASSUMPTIONS.length);
});

test.run();
