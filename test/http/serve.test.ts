/** The service as a process of its own: how it starts, ends, and says why not. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { startProgram } from '../support/program.ts';
import { call, serveProgram, SERVICE_TOKEN, sleep, startService, taskEnd, type Body } from '../support/serviceProcess.ts';
import { suite } from '../support/suite.ts';

const test = suite('serve');
const folder = mkdtempSync(join(tmpdir(), 'blockledger-serve-'));
const config = 'examples/quickstart/blockledger.config.js';
const at = (name: string): string => join(folder, name);
const noStack = (text: string): void => assert.not.match(text, /\n\s+at /);

test('a volume outlives the service, its integer and UUID too [S0-3, S0-6]', async () => {
  const store = at('log.db');
  const first = await startService({ config, store });
  assert.match(first.output(), /SIMULATED/);
  const reply = await call(first.url, 'POST', '/block-volumes', { body: { block_volume: { name: 'kept', pool_id: 1, size: 2 ** 30 } }, key: 'one' });
  assert.is(reply.status, 202, JSON.stringify(reply.json));
  assert.is((await taskEnd(first.url, reply.location ?? '')).status, 'succeeded');
  const before = (await call(first.url, 'GET', '/block-volumes/1')).json['block_volume'] as Body;
  assert.is(await first.stop('SIGTERM'), 0, first.errors());

  const second = await startService({ config, store });
  assert.equal((await call(second.url, 'GET', '/block-volumes/1')).json['block_volume'], before);
  const repeated = await call(second.url, 'POST', '/block-volumes', { body: { block_volume: { name: 'kept', pool_id: 1, size: 2 ** 30 } }, key: 'one' });
  assert.is((repeated.json['block_volume'] as Body).uuid, before.uuid);
  assert.is(((await call(second.url, 'GET', '/pools')).json['pools'] as readonly Body[]).length, 3);
  const snapshot = await call(second.url, 'POST', '/block-snapshots', { body: { block_snapshot: { block_volume_id: 1, name: 's' } } });
  assert.is((await taskEnd(second.url, snapshot.location ?? '')).status, 'succeeded');
  assert.is(await second.stop('SIGINT'), 0, second.errors());
});

/** A request to paste, taken apart: `curl -sS -X POST <url> -H … -d '…'`. */
const pasted = (text: string): readonly { readonly method: string; readonly path: string; readonly token: string; readonly body: unknown }[] =>
  [...text.matchAll(/curl -sS(?:[^\n]*\\\n)*[^\n]*/g)].map(([command]) => ({
    method: /-X (\w+)/.exec(command)?.[1] ?? 'GET',
    path: /http:\/\/127\.0\.0\.1:\d+\/api\/v1([^\s']+)/.exec(command)?.[1] ?? '',
    token: /Xms-Auth-Token: ([^'"]+)/.exec(command)?.[1] ?? '',
    body: JSON.parse(/-d '([^']+)'/.exec(command)?.[1] ?? 'null') as unknown,
  }));

/** A service with the pools of an array and no other. */
const arrayAlone = at('array.config.mjs');
writeFileSync(arrayAlone, `import whole from ${JSON.stringify(join(repositoryRoot, config))};\nexport default async (place) => {\n  const { pools: { gold }, ...rest } = await whole(place);\n  return { ...rest, pools: { gold } };\n};\n`);

const screen = (text: string): string => text;
for (const [where, textOf, expected, served] of [
  ['screen', screen, [202, 202, 200], config],
  ['screen of an array, which has neither limits nor formats,', screen, [202, 202, 200], arrayAlone],
  ['README', () => readFileSync(join(repositoryRoot, 'README.md'), 'utf8'), [202, 200], config],
] as const) {
  test(`the requests of the ${where} do what they say, in their order`, async () => {
    const service = await startService({ config: served, store: at(`${where.split(' ').join('-')}.db`), env: { BLOCKLEDGER_TOKEN: where === 'README' ? 'secret' : '', BLOCKLEDGER_LOG_LEVEL: 'info' } });
    const requests = pasted(textOf((await service.says(/Ctrl-C stops it/)).input));
    assert.is(requests.length, expected.length);
    const statuses: number[] = [];
    for (const { method, path, token, body } of requests) {
      const json = body === null ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${service.url}/api/v1${path}`, { method, headers: { 'xms-auth-token': token, 'content-type': 'application/json' }, ...json });
      statuses.push(response.status);
      assert.not.ok(service.errors().includes(token), 'the token is in the log');
      await sleep(300);
    }
    assert.equal(statuses, expected);
    await service.stop();
  });
}

test('what a file has started ends with whatever command has loaded it: service, doctor, store, and where the file is not valid [S0-98]', async () => {
  const file = (rest: string): string => {
    const path = at(`started ${rest.length}.config.mjs`);
    // A server that nobody ends would keep the process alive for ever.
    writeFileSync(path, `import { createServer } from 'node:net';\nexport default () => {\n  const server = createServer().listen(0, '127.0.0.1');\n  return { store: ${JSON.stringify(at('started.db'))}, backends: {}, ${rest} close: () => new Promise((end) => server.close(() => (console.log('it has ended'), end()))) };\n};\n`);
    return path;
  };
  const good = file('');
  const service = await startService({ config: good, store: at('started.db') });
  assert.not.match(service.output(), /it has ended/);
  assert.is(await service.stop(), 0, service.errors());
  const ended = async (code: number, ...args: readonly string[]): Promise<void> => {
    const program = startProgram(['packages/app/src/cli/main.ts', ...args]);
    assert.is(await program.ended, code, `${args.join(' ')}: ${program.output()}${program.errors()}`);
    assert.is(program.output().split('it has ended').length, 2, program.output());
  };
  await ended(0, 'doctor', '--config', good, '--port', '0');
  await ended(0, 'store', 'verify', '--config', good);
  await ended(78, 'serve', '--config', file("pools: { vols: { backend: 'ceph', pool: 'vols' } },"));
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  await ended(75, 'serve', '--config', good, '--port', String((taken.address() as { readonly port: number }).port));
  taken.close();
});

test('a second process on one store is refused, and told who owns it', async () => {
  const store = at('owned.db');
  const owner = await startService({ config, store });
  const other = serveProgram({ config, store });
  assert.is(await other.ended, 75);
  assert.match(other.errors(), new RegExp(`is in use by process ${owner.pid} on `));
  noStack(other.errors());
  await owner.stop();
});

test('a port in use is said to be in use, and the store is free again', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { readonly port: number };
  const store = at('port.db');
  const refused = serveProgram({ config, store, port });
  assert.is(await refused.ended, 75);
  assert.match(refused.errors(), new RegExp(`port ${port} on 127.0.0.1 is in use`));
  noStack(refused.errors());
  taken.close();
  const service = await startService({ config, store, port });
  assert.ok(service.url.endsWith(`:${port}`));
  await service.stop();
});

test('a configuration that is absent or not valid is told by its field', async () => {
  const domain = join(repositoryRoot, 'packages/app/src/index.ts');
  const cases = [
    [undefined, /is not there/],
    ['export const other = {};', /has neither a default export nor one named config/],
    ['export default {', /cannot be loaded/],
    ['export default { backends: {} };', /store is missing/],
    ['export default { store: "x", backends: { ceph: {} } };', /backends\.ceph must be a backend/],
    ['export default { store: "x", backends: {}, pools: { vols: { backend: "ceph", pool: "vols" } } };', /pools\.vols\.backend names ceph/],
    ['export default { store: "x", backends: {}, listen: { port: "8056" } };', /listen\.port must be a whole number from 0/],
    ['export default { store: "x", backends: {}, tokenz: {} };', /tokenz is not a known field/],
    [`import { defineConfig } from ${JSON.stringify(domain)}; export default defineConfig(() => { throw new Error("no cluster here"); });`, /no cluster here/],
  ] as const;
  await Promise.all(
    cases.map(async ([text, expected], index) => {
      const file = at(`config-${index}.mjs`);
      if (text !== undefined) writeFileSync(file, text);
      const program = serveProgram({ config: file, store: at(`config-${index}.db`) });
      assert.is(await program.ended, 78, program.errors());
      assert.match(program.errors(), expected);
      noStack(program.errors());
    }),
  );
});

test('tokens of the file stay beside that of the environment, and an issued one makes nobody an admin at the next start [S0-11, S0-16]', async () => {
  const file = at('tokens.config.mjs');
  const domain = join(repositoryRoot, 'packages/app/src/index.ts');
  writeFileSync(file, `import { defineConfig } from ${JSON.stringify(domain)}; export default defineConfig({ store: 'x', backends: {}, tokens: { ci: { token: 'of-ci', role: 'operator' } } });`);
  const service = await startService({ config: file, store: at('tokens.db') });
  const whoami = async (token: string): Promise<unknown> => ((await (await fetch(`${service.url}/api/v1/whoami`, { headers: { 'xms-auth-token': token } })).json()) as { readonly principal?: unknown }).principal;
  assert.match(JSON.stringify(await whoami('of-ci')), /"token:ci".*"operator"/);
  assert.match(JSON.stringify(await whoami(SERVICE_TOKEN)), /"token:operator".*"admin"/);
  const issued = await call(service.url, 'POST', '/tokens', { body: { token: { name: 'looker', role: 'reader', tenant: null } } });
  const secret = String(issued.json['secret']);
  assert.match(JSON.stringify(await whoami(secret)), /"reader"/);
  await service.stop();
  const next = serveProgram({ config: file, store: at('tokens.db'), env: { BLOCKLEDGER_TOKEN: secret } });
  assert.is(await next.ended, 78);
  assert.match(next.errors(), /BLOCKLEDGER_TOKEN is an access token that a service issued/);
  assert.not.ok(next.errors().includes(secret));
});

test('flags go before the environment, and that before the file', async () => {
  const program = serveProgram({ config, store: at('flags.db'), env: { BLOCKLEDGER_STORE: at('environment.db'), BLOCKLEDGER_PORT: '99999' } });
  await program.says(/listening on/);
  assert.match(program.output(), /store {2}\S+flags\.db/);
  await program.stop();
});

test.after(() => rmSync(folder, { recursive: true, force: true }));
test.run();
