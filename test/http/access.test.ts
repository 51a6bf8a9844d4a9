/** Who may ask: tokens of the log and of the configuration, roles, and how often. */
import { createHash } from 'node:crypto';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { httpService, type HttpService, type HttpServiceOptions } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import { secret, type Role } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { everyOperation } from '../../packages/app/src/api/operations/index.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('access');
const TOKEN = 'a-token-for-tests';
const NO_LIMITS = { perAddress: null, perPrincipal: null, wrongTokens: null } as const;

interface Scene {
  readonly plane: ControlPlane;
  readonly service: HttpService;
  /** Asks with a token; the status, the problem's type and the headers. */
  readonly ask: (token: string | undefined, method: string, path: string, more?: { readonly body?: object; readonly from?: string; readonly headers?: object }) => Promise<Said>;
}

interface Said {
  readonly status: number;
  readonly tag: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
}

const scene = async (options: Partial<HttpServiceOptions>, play: (scene: Scene) => Promise<void>): Promise<void> => {
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, exclusive: true });
  right(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' }));
  const service = httpService(plane, { tokens: { tester: TOKEN }, rateLimits: NO_LIMITS, ...options });
  const ask: Scene['ask'] = async (token, method, path, { body, from = '127.0.0.1', headers } = {}) => {
    const response = await service.fastify.inject({
      method: method as 'GET',
      url: path.startsWith('/api') || path === '/healthz' ? path : `/api/v1${path}`,
      remoteAddress: from,
      headers: { ...(token === undefined ? {} : { 'xms-auth-token': token }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const json: Said['json'] = response.body === '' ? {} : response.json();
    const type = json['type'];
    return { status: response.statusCode, tag: typeof type === 'string' ? type.replace('urn:blockledger:refusal:', '') : '', json, headers: response.headers };
  };
  await play({ plane, service, ask });
  await service.close();
  await plane.close();
};

const issue = async (plane: ControlPlane, role: Role, tenant: string | null = null, expiresAt: number | null = null) => right(await plane.tokens.issue({ name: role, role, tenant, expiresAt }));

test('a token of the log lets in, in both headers, until it is revoked a moment before the next request [S0-11, S0-16]', () =>
  scene({}, async ({ plane, ask }) => {
    const { token, view } = await issue(plane, 'operator');
    assert.is((await ask(token, 'GET', '/pools')).status, 200);
    assert.is((await ask(undefined, 'GET', '/pools', { headers: { authorization: `Bearer ${token}` } })).status, 200);
    assert.is((await ask(undefined, 'GET', `/pools?token=${token}`)).status, 401, 'a token in the query counts');
    right(await plane.tokens.revoke(view.id));
    const refused = await ask(token, 'GET', '/pools');
    assert.equal([refused.status, refused.tag, refused.headers['www-authenticate']], [401, 'Unauthorized', 'Bearer realm="blockledger"']);
  }));

test('a role may do what the one before it may, and is told which one it lacks [S0-16]', () =>
  scene({}, async ({ plane, ask }) => {
    const tokens = { reader: (await issue(plane, 'reader')).token, operator: (await issue(plane, 'operator')).token, admin: (await issue(plane, 'admin')).token };
    const roles = ['reader', 'operator', 'admin'] as const;
    for (const [id, { method, path, role: wanted, kind }] of everyOperation)
      for (const role of roles) {
        const said = await ask(tokens[role], method, `${path.replaceAll(/\{\w+\}/g, '999999')}${kind === 'stream' ? '?endless=no' : ''}`);
        const suffices = roles.indexOf(role) >= roles.indexOf(wanted);
        assert.is(said.status !== 403, suffices, `${id} as ${role}: ${said.status}`);
        if (!suffices) assert.equal([said.tag, said.json['value'], said.json['limit']], ['RoleIsInsufficient', role, wanted]);
      }
    const before = plane.volumes.list().totalCount;
    assert.is((await ask(tokens.reader, 'POST', '/block-volumes', { body: { block_volume: { name: 'v', pool_id: 1, size: 2 ** 30 } } })).status, 403);
    assert.is(plane.volumes.list().totalCount, before);
    assert.is((await ask(tokens.operator, 'POST', '/block-volumes', { body: { block_volume: { name: 'v', pool_id: 1, size: 2 ** 30 } } })).status, 202);
  }));

test('tokens of the configuration have a role, a tenant and an end, as text, as Secret or as hash [S0-11, S0-16]', () => {
  const hash = createHash('sha256').update('hashed').digest('hex');
  const tokens = {
    plain: 'plain-text',
    wrapped: secret('wrapped-text'),
    reader: { token: secret('reader-text'), role: 'reader' },
    hashed: { tokenSha256: hash, role: 'operator', tenant: 'acme', expiresAt: '2999-01-01T00:00:00Z' },
    over: { token: 'over-text', role: 'admin', expiresAt: '2001-01-01T00:00:00Z' },
    broken: { tokenSha256: 'abc', role: 'admin' },
  } as const;
  return scene({ tokens }, async ({ plane, ask }) => {
    const pause = (token: string) => ask(token, 'POST', '/pools/1:pause', { body: { pool: { reason: 'x' } } });
    assert.equal([(await pause('plain-text')).status, (await pause('wrapped-text')).status, (await pause('reader-text')).status, (await pause('hashed')).status], [200, 200, 403, 403]);
    for (const nobody of ['over-text', 'abc', hash, '', 'plain-text ', 'PLAIN-TEXT']) assert.is((await ask(nobody, 'GET', '/pools')).status, 401, nobody);
    assert.is((await ask('hashed', 'POST', '/block-volumes', { body: { block_volume: { name: 'v', pool_id: 1, size: 2 ** 30 } } })).status, 202);
    const [volume] = plane.volumes.list().items;
    const [action] = plane.actions.list({ action: 'createVolume' }).items;
    assert.equal([volume?.tenant, action?.issuedBy, action?.clientAddress], ['acme', 'token:hashed', '127.0.0.1']);
  });
});

test('tokens are issued, listed, looked at and revoked over REST, and each can ask who it is [S0-11, S0-16]', () =>
  scene({}, async ({ ask }) => {
    const issued = await ask(TOKEN, 'POST', '/tokens', { body: { token: { name: 'ci', role: 'operator', expires_at: '2999-01-01T00:00:00Z' } }, headers: { 'idempotency-key': 'once' } });
    assert.equal([issued.status, issued.tag], [422, 'ExpiryOutOfRange']);
    const asked = { body: { token: { name: 'ci', role: 'operator' } }, headers: { 'idempotency-key': 'twice' } };
    const made = await ask(TOKEN, 'POST', '/tokens', asked);
    const { token, secret: text } = made.json as { readonly token: { readonly uuid: string }; readonly secret: string };
    assert.equal([made.status, made.headers['location'], made.headers['cache-control']], [201, `/api/v1/tokens/${token.uuid}`, 'no-store']);
    const again = await ask(TOKEN, 'POST', '/tokens', asked);
    assert.equal([again.status, again.tag, again.json['value']], [409, 'TokenIsShownOnce', token.uuid]);
    assert.equal((await ask(text, 'GET', '/whoami')).json, { principal: { name: 'token:ci', role: 'operator', tenant: null, token: token.uuid } });
    assert.equal((await ask(TOKEN, 'GET', '/whoami')).json, { principal: { name: 'token:tester', role: 'admin', tenant: null, token: null } });
    const listed = await ask(TOKEN, 'GET', '/tokens?role=operator');
    assert.equal((listed.json['tokens'] as readonly { readonly uuid: string; readonly last_used_at: string | null }[]).map(({ uuid, last_used_at: used }) => [uuid, used === null]), [[token.uuid, false]]);
    assert.not.match(JSON.stringify([listed.json, (await ask(TOKEN, 'GET', `/tokens/${token.uuid}`)).json]), /[0-9a-f]{64}|blk_/);
    const revoked = await ask(TOKEN, 'DELETE', `/tokens/${token.uuid}?reason=leaked`);
    assert.equal([revoked.status, (revoked.json['token'] as { readonly revoked: { readonly reason: string } }).revoked.reason], [200, 'leaked']);
    assert.equal([(await ask(text, 'GET', '/whoami')).status, (await ask(TOKEN, 'GET', '/tokens')).json['tokens']], [401, []]);
    for (const nobody of ['7', '00000000-0000-4000-8000-000000000000']) {
      assert.equal([(await ask(TOKEN, 'GET', `/tokens/${nobody}`)).tag, (await ask(TOKEN, 'DELETE', `/tokens/${nobody}`)).tag], ['TokenNotFound', 'TokenNotFound']);
    }
  }));

test('a token expires at one moment, wherever the service stands: a text that leaves the zone or the day to be guessed is refused [S0-16, I-12]', () =>
  scene({}, async ({ ask }) => {
    const issue = (expires: string) => ask(TOKEN, 'POST', '/tokens', { body: { token: { name: 'ci', role: 'reader', expires_at: expires } } });
    const year = new Date().getUTCFullYear() + 1;
    for (const guessed of [`${year}`, `${year}-01-31`, `${year}-01-31T12:00:00`, `Jan 31, ${year}`, `${year}-02-30T12:00:00Z`, `${year}-01-31T12:00Z`]) {
      const { status, json } = await issue(guessed);
      assert.equal([status, json['rule'], json['value']], [400, 'bodyIsWellFormed', guessed], guessed);
    }
    const made = await issue(`${year}-01-31T12:00:00+02:00`);
    assert.equal([made.status, (made.json['token'] as { readonly expires_at: string }).expires_at], [201, `${year}-01-31T10:00:00.000Z`]);
  }));

test('an admin of one tenant gives and takes tokens of that tenant, and sees no others [S0-11, I-12]', () =>
  scene({}, async ({ plane, ask }) => {
    const boss = right(await plane.tokens.issue({ name: 'boss', role: 'admin', tenant: 'acme' })).token;
    const other = right(await plane.tokens.issue({ name: 'other', role: 'reader', tenant: 'globex' }));
    const issue = (token: object) => ask(boss, 'POST', '/tokens', { body: { token } });
    const own = await issue({ name: 'own', role: 'reader' });
    assert.equal([own.status, (own.json['token'] as { readonly tenant: string }).tenant], [201, 'acme']);
    for (const tenant of ['globex', null]) assert.equal([(await issue({ name: 'no', role: 'reader', tenant })).status, (await issue({ name: 'no', role: 'reader', tenant })).tag], [403, 'CallerIsConfined']);
    assert.equal(((await ask(boss, 'GET', '/tokens')).json['tokens'] as readonly { readonly name: string }[]).map(({ name }) => name), ['boss', 'own']);
    assert.equal([(await ask(boss, 'GET', `/tokens/${other.view.id}`)).status, (await ask(boss, 'DELETE', `/tokens/${other.view.id}`)).status], [404, 404]);
    assert.is(plane.tokens.verify(other.token)?.tenant, 'globex');
  }));

test('what a tenant makes, another tenant does not find, and who has none finds all of it [I-12]', () =>
  scene({}, async ({ plane, ask }) => {
    const [acme, globex] = [right(await plane.tokens.issue({ name: 'a', role: 'operator', tenant: 'acme' })).token, right(await plane.tokens.issue({ name: 'g', role: 'operator', tenant: 'globex' })).token];
    const made = await ask(acme, 'POST', '/block-volumes', { body: { block_volume: { name: 'v', pool_id: 1, size: 2 ** 30 } } });
    assert.is(made.status, 202);
    const volumes = async (token: string): Promise<number> => ((await ask(token, 'GET', '/block-volumes')).json['block_volumes'] as readonly unknown[]).length;
    assert.equal([await volumes(acme), await volumes(globex), await volumes(TOKEN)], [1, 0, 1]);
    assert.equal([(await ask(acme, 'GET', '/block-volumes/1')).status, (await ask(globex, 'GET', '/block-volumes/1')).status, (await ask(globex, 'DELETE', '/block-volumes/1')).status], [200, 404, 404]);
  }));

test('an address that tries many different tokens is slowed, the same wrong one again and again counts once [S0-16]', () =>
  scene({ rateLimits: { ...NO_LIMITS, wrongTokens: { max: 3, windowMs: 60_000 } } }, async ({ ask }) => {
    for (let again = 0; again < 20; again += 1) assert.is((await ask('stale', 'GET', '/pools')).status, 401);
    assert.is((await ask(TOKEN, 'GET', '/pools')).status, 200);
    for (const guess of ['b', 'c', 'd']) assert.is((await ask(guess, 'GET', '/pools')).status, 401, guess);
    for (const token of ['e', TOKEN]) {
      const slowed = await ask(token, 'GET', '/pools');
      assert.equal([slowed.status, slowed.tag, slowed.json['limit']], [429, 'TooManyWrongTokens', 3]);
      assert.ok(Number(slowed.headers['retry-after']) > 0 && Number(slowed.headers['retry-after']) <= 60);
    }
    assert.is((await ask(TOKEN, 'GET', '/block-volumes/%zz')).status, 429, 'a broken path is a way around');
    assert.is((await ask(undefined, 'GET', '/pools')).status, 401);
    assert.is((await ask(TOKEN, 'GET', '/pools', { from: '10.0.0.9' })).status, 200, 'another address pays for it');
    assert.is((await ask(undefined, 'GET', '/healthz')).status, 200);
  }));

test('one who asks too often is told when to come again, another one is not made to wait [S0-1]', () =>
  scene({ rateLimits: { ...NO_LIMITS, perPrincipal: { max: 3, windowMs: 60_000 } } }, async ({ plane, ask }) => {
    const other = (await issue(plane, 'reader')).token;
    const said = [];
    for (let n = 0; n < 5; n += 1) said.push(await ask(TOKEN, 'GET', '/pools'));
    assert.equal(said.map(({ status }) => status), [200, 200, 200, 429, 429]);
    assert.equal(said.map(({ headers }) => headers['ratelimit-remaining']), ['2', '1', '0', '0', '0']);
    assert.equal([said[0]?.headers['ratelimit-limit'], said[0]?.headers['retry-after'], said[3]?.tag], ['3', undefined, 'TooManyRequests']);
    assert.match(String(said[3]?.headers['content-type']), /problem\+json/);
    assert.ok(Number(said[3]?.headers['retry-after']) > 0 && Number(said[3]?.headers['ratelimit-reset']) <= 60);
    assert.is((await ask(other, 'GET', '/pools')).status, 200);
  }));

test('two tenants, and the configuration, may use one name, and none takes requests from another; two tokens of one name share [S0-1, I-12]', () =>
  scene({ tokens: { ci: 'c' }, rateLimits: { ...NO_LIMITS, perPrincipal: { max: 3, windowMs: 60_000 } } }, async ({ plane, ask }) => {
    const issueTo = async (tenant: string | null) => right(await plane.tokens.issue({ name: 'ci', role: 'reader', tenant })).token;
    const [acme, successor, globex, operators] = [await issueTo('acme'), await issueTo('acme'), await issueTo('globex'), await issueTo(null)];
    for (let n = 0; n < 3; n += 1) assert.is((await ask(acme, 'GET', '/pools')).status, 200);
    assert.equal([(await ask(acme, 'GET', '/pools')).status, (await ask(successor, 'GET', '/pools')).status], [429, 429]);
    for (const other of [globex, operators, 'c']) assert.is((await ask(other, 'GET', '/pools')).status, 200);
  }));

test('of two limits the tighter one is told [S0-1]', async () => {
  for (const [perAddress, perPrincipal, told] of [[9, 3, ['3', '2']], [3, 9, ['3', '2']]] as const) {
    await scene({ rateLimits: { ...NO_LIMITS, perAddress: { max: perAddress, windowMs: 60_000 }, perPrincipal: { max: perPrincipal, windowMs: 60_000 } } }, async ({ ask }) => {
      const { headers } = await ask(TOKEN, 'GET', '/pools');
      assert.equal([headers['ratelimit-limit'], headers['ratelimit-remaining']], told);
    });
  }
});

test('an address has its limit whatever it sends, and a network of IPv6 addresses is one [S0-1]', () =>
  scene({ rateLimits: { ...NO_LIMITS, perAddress: { max: 2, windowMs: 60_000 } } }, async ({ ask }) => {
    const from = (address: string) => ask(TOKEN, 'GET', '/pools', { from: address });
    assert.equal([(await from('10.0.0.1')).status, (await ask('wrong', 'GET', '/nothing', { from: '10.0.0.1' })).status, (await from('10.0.0.1')).status], [200, 401, 429]);
    assert.equal([(await from('2001:db8::1')).status, (await from('2001:db8::2')).status, (await from('2001:db8::3')).status], [200, 200, 429]);
    assert.is((await from('2001:db8:0:1::1')).status, 200);
  }));

test('what a proxy says of an address is believed only where the proxy is trusted [S0-136]', async () => {
  const forwarded = { headers: { 'x-forwarded-for': '203.0.113.7' }, body: { block_volume: { name: 'v', pool_id: 1, size: 2 ** 30 } } };
  const address = async (options: Partial<HttpServiceOptions>): Promise<string | null | undefined> => {
    let seen: string | null | undefined;
    await scene(options, async ({ plane, ask }) => {
      await ask(TOKEN, 'POST', '/block-volumes', forwarded);
      seen = plane.actions.list({ action: 'createVolume' }).items[0]?.clientAddress;
    });
    return seen;
  };
  assert.equal([await address({}), await address({ trustedProxies: ['10.0.0.0/8'] }), await address({ trustedProxies: ['127.0.0.1'] })], ['127.0.0.1', '127.0.0.1', '203.0.113.7']);
});

test('a body is as long as its operation needs it, and longer ones are not read [S0-16]', () =>
  scene({ bodyBytes: 2048 }, async ({ ask }) => {
    const described = (length: number) => ask(TOKEN, 'POST', '/block-volumes', { body: { block_volume: { name: 'v', pool_id: 1, size: 2 ** 30, description: 'x'.repeat(length) } } });
    assert.equal([(await described(1000)).status, (await described(3000)).tag], [202, 'BodyIsTooLarge']);
    assert.is((await ask(TOKEN, 'POST', '/block-snapshots/1:protect', { body: { x: 'y'.repeat(1500) } })).tag, 'BodyIsTooLarge');
  }));

test('an Idempotency-Key is 1 to 255 printable ASCII characters [I-32]', () =>
  scene({}, async ({ ask }) => {
    const keyed = (key: string) => ask(TOKEN, 'POST', '/block-snapshots/1:protect', { headers: { 'idempotency-key': key } });
    for (const key of ['k', ' ~!', 'k'.repeat(255)]) assert.is((await keyed(key)).tag, 'SnapshotNotFound', key);
    for (const key of ['', 'k'.repeat(256), 'k\u00e9y', 'k\u007fy', 'k\ty']) assert.equal([(await keyed(key)).status, (await keyed(key)).tag], [400, 'IdempotencyKeyIsInvalid'], JSON.stringify(key));
  }));

test.run();
