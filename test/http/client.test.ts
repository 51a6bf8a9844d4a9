/** The typed client, against a service that listens, and against networks that do not behave. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { apiClient, failureMessage, type ApiClient, type ClientFailure } from '@blockledger/app/client';
import { httpFixture, TOKEN } from '../support/httpFixture.ts';
import { suite } from '../support/suite.ts';

const test = suite('client');
const fixture = await httpFixture(['vols'], { latencyMs: 20 });
const listening = await fixture.service.listen({ port: 0 });
const url = E.isRight(listening) ? listening.right : '';
const client = apiClient({ url, token: TOKEN });

const right = <A>(answer: E.Either<ClientFailure, A>): A => {
  if (E.isLeft(answer)) throw new Error(failureMessage(answer.left));
  return answer.right;
};
const volume = (name: string) => ({ body: { block_volume: { name, pool_id: 1, size: 2 ** 30 } } });

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const end = async (server: Server): Promise<void> => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
};

test('a volume is made, looked at, changed, planned for and deleted [S0-12, S0-38]', async () => {
  const made = right(await client.createVolume({ ...volume('first'), waitSeconds: 30 }));
  assert.is(made.status, 200);
  assert.is('block_volume' in made.body && made.body.block_volume.status, 'active');
  assert.is('task' in made.body && made.body.task?.status, 'succeeded');
  assert.is(made.headers.get('preference-applied'), 'wait=30');

  const seen = right(await client.getVolume({ path: { volume: 1 } }));
  assert.is(seen.body.block_volume.name, 'first');
  const same = await fetch(`${url}/api/v1/block-volumes/1`, { headers: { 'xms-auth-token': TOKEN, 'if-none-match': seen.headers.get('etag') ?? '' } });
  assert.is(same.status, 304);
  assert.is(await same.text(), '');

  const plan = right(await client.updateVolume({ path: { volume: 1 }, query: { plan: true }, body: { block_volume: { size: 2 ** 31 } } }));
  assert.is('plan' in plan.body && plan.body.plan.events[0]?.type, 'VolumeUpdateRequested');
  assert.is(right(await client.getVolume({ path: { volume: 1 } })).headers.get('etag'), seen.headers.get('etag'));

  const ifMatch = seen.headers.get('etag') ?? '';
  right(await client.updateVolume({ path: { volume: 1 }, body: { block_volume: { name: 'renamed' } }, ifMatch, waitSeconds: 30 }));
  const late = await client.deleteVolume({ path: { volume: 1 }, ifMatch });
  assert.is(E.isLeft(late) && late.left._tag === 'Refused' && late.left.problem.type, 'urn:blockledger:refusal:ResourceHasChanged');
  assert.is(E.isLeft(late) && late.left._tag === 'Refused' && late.left.status, 412);

  const then = Date.now();
  assert.is(right(await client.deleteVolume({ path: { volume: 1 }, waitSeconds: 30 })).status, 200);
  assert.is(right(await client.getVolume({ path: { volume: 1 }, query: { at: then } })).body.block_volume.name, 'renamed');
  const history = right(await client.getVolumeHistory({ path: { volume: 1 } })).body.events;
  assert.ok(history.length > 4);
  assert.is(history[0]?.request, 'createVolume');
  const actions = right(await client.listActions({ query: { action: 'deleteVolume', status: 'refused' } })).body.actions;
  assert.is(actions[0]?.problem?.rule, 'revisionIsExpected');
});

test('a wait that is too short is answered with the running task, not with an error [S0-6]', async () => {
  const paused = right(await client.pausePool({ path: { pool: 1 }, body: { pool: { reason: 'a test' } } }));
  assert.is('pool' in paused.body && paused.body.pool.paused, 'a test');
  const made = right(await client.createVolume({ ...volume('waiting'), waitSeconds: 1 }));
  assert.is(made.status, 202);
  assert.is('task' in made.body && made.body.task?.status, 'waiting');
  right(await client.resumePool({ path: { pool: 1 } }));
});

test('a lost answer is asked for again with the same key, and the change is made once [I-16]', async () => {
  let tries = 0;
  const keys = new Set<unknown>();
  const proxy = createServer((request, response) => {
    const chunks: Buffer[] = [];
    keys.add(request.headers['idempotency-key']);
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      tries += 1;
      const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
      void fetch(`${url}${request.url ?? ''}`, { method: request.method ?? 'GET', headers: headers as Record<string, string>, body: Buffer.concat(chunks) }).then(async (answered) => {
        const text = await answered.text();
        // The first two answers never arrive, though the service gave them.
        if (tries < 3) return request.socket.destroy();
        return response.writeHead(answered.status, { 'content-type': 'application/json', 'idempotent-replayed': answered.headers.get('idempotent-replayed') ?? 'false' }).end(text);
      });
    });
  });
  const through = apiClient({ url: await listen(proxy), token: TOKEN });
  const made = right(await through.createVolume(volume('once')));
  assert.is(tries, 3);
  assert.is(keys.size, 1);
  assert.is(made.headers.get('idempotent-replayed'), 'true');
  assert.is(right(await client.listVolumes({ query: { name: 'once' } })).body.paging.total_count, 1);
  await end(proxy);
});

const failureOf = async (answer: (status: { readonly reply: (code: number, type: string, text: string) => void }) => void, ask: (to: ApiClient) => Promise<E.Either<ClientFailure, unknown>>): Promise<ClientFailure> => {
  const server = createServer((_request, response) => answer({ reply: (code, type, text) => void response.writeHead(code, { 'content-type': type }).end(text) }));
  const answered = await ask(apiClient({ url: await listen(server), token: 'any', retries: 0, timeoutMs: 300 }));
  await end(server);
  if (E.isRight(answered)) throw new Error('it was answered');
  return answered.left;
};

test('what is no Blockledger service is told apart from one that refuses, and from one that is silent [S0-1]', async () => {
  const ask = (to: ApiClient) => to.listPools();
  assert.is((await failureOf(({ reply }) => reply(200, 'text/html', '<html>'), ask))._tag, 'Unexpected');
  assert.is((await failureOf(({ reply }) => reply(418, 'application/json', '{}'), ask))._tag, 'Unexpected');
  assert.is((await failureOf(() => undefined, ask))._tag, 'Unreachable');
  const wrong = await apiClient({ url, token: 'wrong' }).listPools();
  assert.is(E.isLeft(wrong) && wrong.left._tag === 'Refused' && wrong.left.problem.rule, 'tokenIsValid');
  const gone = await apiClient({ url: 'http://127.0.0.1:9', token: 'any', retries: 0 }).listPools();
  assert.is(E.isLeft(gone) && gone.left._tag, 'Unreachable');
});

/** A service that asks to come again so often, and then answers. */
const busy = async (answers: readonly number[], ask: (to: ApiClient) => Promise<E.Either<ClientFailure, unknown>>) => {
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    const status = answers[keys.length - 1] ?? 200;
    if (status === 200) return void response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ type: 'urn:blockledger:refusal:Busy', status, detail: 'later' }));
  });
  const answered = await ask(apiClient({ url: await listen(server), token: 'any', retries: 2 }));
  await end(server);
  return { answered, keys };
};

test('whoever is asked to come again is asked again: as the same request, so often as was said, and no more [I-16]', async () => {
  const read = await busy([503, 429], (to) => to.listPools());
  assert.equal([E.isRight(read.answered), read.keys.length], [true, 3]);
  const changed = await busy([429, 503], (to) => to.createVolume(volume('busy')));
  assert.equal([E.isRight(changed.answered), changed.keys.length, new Set(changed.keys).size], [true, 3, 1]);
  assert.match(String(changed.keys[0]), /^[0-9a-f-]{36}$/);
  const never = await busy([503, 503, 503, 503], (to) => to.listPools());
  assert.equal([E.isLeft(never.answered) && never.answered.left._tag, never.keys.length], ['Refused', 3]);
});

test('what is refused for good is not asked again, nor is what has no key [I-16]', async () => {
  for (const status of [400, 404, 409, 412, 500, 504]) {
    const { answered, keys } = await busy([status], (to) => to.createVolume(volume('no')));
    assert.equal([E.isLeft(answered) && answered.left._tag, keys.length], ['Refused', 1], String(status));
  }
  // A message that is sent twice arrives twice.
  const tested = await busy([503], (to) => to.testWebhook({ path: { webhook: 'w' } }));
  assert.equal([E.isLeft(tested.answered) && tested.answered.left._tag, tested.keys], ['Refused', [undefined]]);
});

test('a call is given up when its signal says so, without another try [S0-6]', async () => {
  const enough = new AbortController();
  let tries = 0;
  const server = createServer(() => enough.abort());
  const counting: typeof fetch = (...given) => {
    tries += 1;
    return fetch(...given);
  };
  const answered = await apiClient({ url: await listen(server), token: 'any', fetch: counting }).listPools({ signal: enough.signal });
  assert.is(E.isLeft(answered) && answered.left._tag, 'Unreachable');
  assert.is(tries, 1);
  await end(server);
});

test('what an address drops is no reference: with it a detachment would be the deletion of the volume, and nothing is sent [I-28]', async () => {
  const before = right(await client.listActions({ query: { limit: 1 } })).body.paging.total_count;
  const made = right(await client.createVolume({ ...volume('stays'), waitSeconds: 30 })).body;
  const number = 'block_volume' in made ? (made.block_volume.id ?? 0) : 0;
  for (const attachment of ['..', '.', '']) {
    const refused = await client.deleteAttachment({ path: { volume: number, attachment } });
    assert.ok(E.isLeft(refused) && refused.left._tag === 'NotSent', JSON.stringify(refused));
    assert.is(refused.left.message, `"${attachment}" cannot stand for attachment in /block-volumes/{volume}/attachments/{attachment}: nothing was sent`);
  }
  for (const one of ['..', '.', '']) assert.is(E.isLeft(await client.getVolume({ path: { volume: one } })), true);
  assert.is(right(await client.getVolume({ path: { volume: number } })).body.block_volume.status, 'active');
  assert.is(right(await client.listActions({ query: { limit: 1 } })).body.paging.total_count, before + 1);
});

test('the page to browse the contract and its files come from the service itself, without a token [S0-1]', async () => {
  const page = await fetch(`${url}/docs`);
  const text = await page.text();
  assert.is(page.status, 200);
  const linked = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
  assert.is(linked.length, 4);
  for (const link of linked) {
    assert.match(link, /^\/docs\//);
    assert.is((await fetch(`${url}${link}`)).status, 200, link);
  }
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'self'/);
  assert.is(((await (await fetch(`${url}/openapi.json`)).json()) as { readonly openapi: string }).openapi, '3.1.0');
  assert.is((await fetch(`${url}/docs/../package.json`)).status, 401);
});

test.after(fixture.close);
test.run();
