/** What protects a service of which nobody said anything, and one whose configuration file has other numbers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { httpService, type HttpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import { SERVICE_ROUNDS } from '../../packages/app/src/cli/watching.ts';
import { DEFAULT_STREAM_LIMITS } from '../../packages/app/src/http/streams/limits.ts';
import { repositoryRoot } from '../support/files.ts';
import { SERVICE_TOKEN, startService } from '../support/serviceProcess.ts';
import { suite } from '../support/suite.ts';

const test = suite('defaults');
const TOKEN = 'a-token-for-tests';

interface Scene {
  readonly plane: ControlPlane;
  readonly service: HttpService;
  readonly ask: (token: string, more?: { readonly method?: 'POST'; readonly path?: string; readonly payload?: string }) => Promise<{ readonly status: number; readonly text: string; readonly headers: Readonly<Record<string, unknown>> }>;
}

const scene = async (play: (scene: Scene) => Promise<void>): Promise<void> => {
  const plane = await controlPlane({ store: memoryStore(), backends: {}, exclusive: true });
  const service = httpService(plane, { tokens: { tester: TOKEN } });
  const ask: Scene['ask'] = async (token, { method = 'GET', path = '/pools', payload } = {}) => {
    const response = await service.fastify.inject({ method: method as 'GET', url: `/api/v1${path}`, headers: { 'xms-auth-token': token, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) }, ...(payload === undefined ? {} : { payload }) });
    return { status: response.statusCode, text: response.body, headers: response.headers };
  };
  await play({ plane, service, ask });
  await service.close();
  await plane.close();
};

test('without a word of it one principal may ask 6 000 times a minute, one address 12 000 times [S0-1]', () =>
  scene(async ({ ask }) => {
    const { headers } = await ask(TOKEN);
    assert.equal([headers['ratelimit-limit'], headers['ratelimit-remaining']], ['6000', '5999']);
    const nobody = await ask('wrong');
    assert.equal([nobody.status, nobody.headers['ratelimit-limit'], nobody.headers['ratelimit-remaining']], [401, '12000', '11998']);
    assert.ok(Number(headers['ratelimit-reset']) > 50 && Number(headers['ratelimit-reset']) <= 60);
  }));

test('without a word of it the 31st wrong token of an address in a minute closes the door [S0-16]', () =>
  scene(async ({ ask }) => {
    for (let n = 0; n < 30; n += 1) assert.is((await ask(`guess ${n}`)).status, 401);
    assert.is((await ask(TOKEN)).status, 200);
    assert.is((await ask('one more')).status, 401);
    assert.is((await ask(TOKEN)).status, 429);
  }));

test('without a word of it a body has at most 64 KiB, and a request that takes none 1 KiB [S0-16]', () =>
  scene(async ({ ask }) => {
    const sized = async (path: string, bytes: number): Promise<string> => /refusal:(\w+)/.exec((await ask(TOKEN, { method: 'POST', path, payload: JSON.stringify({ x: 'y'.repeat(bytes - 8) }) })).text)?.[1] ?? '';
    assert.equal([await sized('/block-volumes', 65_536), await sized('/block-volumes', 65_537)], ['FieldIsInvalid', 'BodyIsTooLarge']);
    assert.equal([await sized('/tokens', 4_096), await sized('/tokens', 4_097)], ['FieldIsInvalid', 'BodyIsTooLarge']);
    assert.equal([await sized('/rebuild', 1_024) === 'BodyIsTooLarge', await sized('/rebuild', 1_025)], [false, 'BodyIsTooLarge']);
  }));

const opened = async (url: string, token: string): Promise<{ readonly status: number; readonly text: string; readonly cut: () => void }> => {
  const enough = new AbortController();
  const response = await fetch(`${url}/api/v1/events`, { headers: { 'xms-auth-token': token }, signal: enough.signal });
  return { status: response.status, text: response.ok ? '' : await response.text(), cut: () => enough.abort() };
};

test('without a word of it one principal has 16 streams, and a service 1 000 [S0-1]', () =>
  scene(async ({ service }) => {
    assert.equal(DEFAULT_STREAM_LIMITS, { perPrincipal: 16, total: 1_000, heartbeatMs: 15_000, slowMs: 30_000, farewellMs: 5_000, retryMs: 1_000 });
    const listening = await service.listen({ port: 0 });
    assert.ok(E.isRight(listening));
    const streams = [];
    for (let n = 0; n < 17; n += 1) streams.push(await opened(listening.right, TOKEN));
    assert.equal(streams.map(({ status }) => status), [...Array.from({ length: 16 }, () => 200), 429]);
    assert.match(streams[16]?.text ?? '', /"limit":16\b/);
    for (const { cut } of streams) cut();
  }));

test('a request that does not arrive is answered with 408 after its time, 30 s, and its connection is closed [S0-1]', () =>
  scene(async ({ service }) => {
    const server = service.fastify.server as Server & { connectionsCheckingInterval: number };
    await service.fastify.ready();
    assert.equal([server.requestTimeout, server.headersTimeout > 0 && server.headersTimeout <= 60_000], [30_000, true]);
    // Node looks at its connections every 30 s; nobody waits for that here.
    server.connectionsCheckingInterval = 20;
    server.requestTimeout = 100;
    server.headersTimeout = 100;
    const listening = await service.listen({ port: 0 });
    assert.ok(E.isRight(listening));
    const said = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(new URL(listening.right).port), '127.0.0.1', () => socket.write(`POST /api/v1/block-volumes HTTP/1.1\r\nhost: x\r\nxms-auth-token: ${TOKEN}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"bl`));
      socket.on('data', (bytes: Buffer) => (text += bytes.toString())).on('close', () => resolve(text));
    });
    assert.match(said, /^HTTP\/1\.1 408 Request Timeout\r\n/);
    assert.match(said, /application\/problem\+json[\s\S]*"type":"urn:blockledger:refusal:RequestTimedOut"/);
  }));

test('a service asks its backends every 15 s and compares them with the log every 15 minutes, from its start on [S0-53]', async () => {
  assert.equal(SERVICE_ROUNDS, { backendCheckEveryMs: 15_000, auditEveryMs: 900_000 });
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-defaults-'));
  const start = () => startService({ config: 'examples/quickstart/blockledger.config.js', store: join(folder, 'log.db') });
  // The first start registers its pools after the first look.
  await (await start()).stop();
  const service = await start();
  const looked = async (): Promise<string> => await (await fetch(`${service.url}/readyz?verbose`, { headers: { 'xms-auth-token': SERVICE_TOKEN } })).text();
  for (let tries = 0; tries < 400 && !/"state":"up"/.test(await looked()); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  assert.match(await looked(), /"state":"up","checkedSecondsAgo":\d/);
  await service.stop();
  rmSync(folder, { recursive: true });
});

test('the limits of a configuration file hold: requests, wrong tokens, bodies, streams [S0-1, S0-16]', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-limits-'));
  const config = join(folder, 'limits.config.mjs');
  const domain = JSON.stringify(join(repositoryRoot, 'packages/app/src/index.ts'));
  writeFileSync(
    config,
    `import { defineConfig } from ${domain};
export default defineConfig({ store: ':memory:', backends: {}, tokens: { other: 'o' }, streams: { perPrincipal: 1 },
  requestLimits: { perAddress: null, perPrincipal: { max: 5, windowMs: 60000 }, wrongTokens: { max: 1, windowMs: 60000 }, bodyBytes: 2048 } });`,
  );
  const service = await startService({ config, store: ':memory:' });
  const post = (body: string) => fetch(`${service.url}/api/v1/block-volumes`, { method: 'POST', headers: { 'xms-auth-token': SERVICE_TOKEN, 'content-type': 'application/json' }, body });
  const said = [await post(JSON.stringify({ x: 'y'.repeat(1_000) })), await post(JSON.stringify({ x: 'y'.repeat(2_500) }))];
  assert.equal(said.map(({ status, headers }) => [status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')]), [[400, '5', '4'], [413, '5', '3']]);
  const streams = [await opened(service.url, SERVICE_TOKEN), await opened(service.url, SERVICE_TOKEN)];
  assert.equal(streams.map(({ status }) => status), [200, 429]);
  assert.match(streams[1]?.text ?? '', /TooManyStreams/);
  assert.is((await post('{}')).status, 400);
  const beyond = await post('{}');
  assert.equal([beyond.status, /TooManyRequests/.test(await beyond.text())], [429, true]);
  const asked = async (token: string): Promise<number> => (await fetch(`${service.url}/api/v1/whoami`, { headers: { 'xms-auth-token': token } })).status;
  assert.equal([await asked('o'), await asked('wrong'), await asked('worse'), await asked('o')], [200, 401, 401, 429]);
  for (const { cut } of streams) cut();
  await service.stop();
  rmSync(folder, { recursive: true });
});

test.run();
