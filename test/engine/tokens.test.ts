/** Access tokens over the engine: issued, recognised from memory, revoked, and nowhere written down. */
import { join } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import { controlPlane, isTokenText, TOKEN_PREFIX, type IssueTokenInput } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { barePlane, lasting, left, right, UUID } from '../support/plane.ts';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';

const test = suite('access tokens of a control plane');
const DAY_MS = 86_400_000;
const ci: IssueTokenInput = { name: 'ci', role: 'operator', tenant: 'acme' };
/** A clock that stands until it is told to move. */
const standing = () => virtualClock(1_700_000_000_000, { auto: false });

test('a token is shown once, and lets its holder in as what it says [S0-11, S0-16]', async () => {
  const { plane, store } = await barePlane({ clock: standing() });
  const { token, view } = right(await plane.tokens.issue(ci, { issuedBy: 'token:root' }));
  assert.equal(plane.tokens.verify(token), { name: 'token:ci', role: 'operator', tenant: 'acme', tokenId: view.id, expiresAt: view.expiresAt });
  assert.match(token, /^blk_[A-Za-z0-9_-]{48}$/);
  assert.ok(token.startsWith(TOKEN_PREFIX) && isTokenText(token));
  const { issuedAt } = view;
  assert.equal(view, { kind: 'token', id: view.id, name: 'ci', role: 'operator', tenant: 'acme', status: 'active', issuedAt, issuedBy: 'token:root', expiresAt: null, revoked: null, lastUsedAt: null });
  assert.is(plane.tokens.get(view.id)?.lastUsedAt, issuedAt, 'it was just used');
  const log = JSON.stringify(await store.readAll(0, 100)());
  const shown = JSON.stringify([plane.tokens.list(), plane.actions.list()]);
  assert.not.ok(log.includes(token) || shown.includes(token), 'the text is kept');
  assert.not.match(shown, /[0-9a-f]{64}/);
  assert.is(plane.actions.list({ action: 'issueToken' }).items[0]?.resource?.id, view.id);
  await plane.close();
});

test('two tokens never have the same text, and may have one name [S0-11]', async () => {
  const { plane } = await barePlane();
  const issued = await Promise.all(Array.from({ length: 200 }, async () => right(await plane.tokens.issue(ci))));
  assert.is(new Set(issued.map(({ token }) => token)).size, 200);
  assert.ok(issued.every(({ token, view }) => plane.tokens.verify(token)?.tokenId === view.id));
  await plane.close();
});

test('what differs from a token in anything is nobody, and is not one by its checksum [S0-11, S0-16]', async () => {
  const { plane } = await barePlane();
  const { token } = right(await plane.tokens.issue(ci));
  for (const wrong of ['', TOKEN_PREFIX, token.slice(0, -1), `${token}A`, ` ${token}`, `${token}\n`, token.slice(TOKEN_PREFIX.length), token.toUpperCase()]) {
    assert.is(plane.tokens.verify(wrong), undefined, wrong);
    assert.not.ok(isTokenText(wrong), wrong);
  }
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  fc.assert(
    fc.property(fc.integer({ min: TOKEN_PREFIX.length, max: token.length - 1 }), fc.constantFrom(...Array.from(alphabet)), (at, other) => {
      fc.pre(token[at] !== other);
      const wrong = token.slice(0, at) + other + token.slice(at + 1);
      assert.is(plane.tokens.verify(wrong), undefined);
      assert.not.ok(isTokenText(wrong), 'the checksum does not notice');
    }),
  );
  await plane.close();
});

test('a token that was revoked a millisecond ago is refused, also after a restart; revoking it again changes nothing [S0-16, I-16]', async () => {
  const { folder, remove } = temporaryFolder();
  const open = async () => controlPlane({ store: await openedStore(join(folder, 'log.db')), backends: {}, exclusive: true });
  const first = await open();
  const { token, view } = right(await first.tokens.issue(ci));
  const kept = right(await first.tokens.issue({ ...ci, name: 'kept' }));
  const revoked = right(await first.tokens.revoke(view.id, { reason: 'laptop lost' }, { issuedBy: 'token:root' }));
  assert.is(first.tokens.verify(token), undefined);
  assert.equal([revoked.status, revoked.revoked?.reason, revoked.revoked?.by], ['revoked', 'laptop lost', 'token:root']);
  assert.equal(right(await first.tokens.revoke(view.id, { reason: 'again' })), revoked);
  await first.close();
  const second = await open();
  assert.is(second.tokens.verify(token), undefined);
  assert.is(second.tokens.verify(kept.token)?.name, 'token:kept');
  assert.equal(second.tokens.get(view.id), revoked);
  assert.equal(second.tokens.list().items.map(({ name }) => name), ['kept']);
  await second.close();
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  assert.ok(files.some((bytes) => bytes.includes('AccessTokenIssued')));
  assert.not.ok(files.some((bytes) => bytes.includes(token) || bytes.includes(kept.token)), 'a text is in the store’s files');
  remove();
});

test('a token ends at the moment that it was given, without anybody doing anything [S0-16]', async () => {
  const clock = standing();
  const { plane } = await barePlane({ clock });
  const { token, view } = right(await plane.tokens.issue({ ...ci, expiresAt: clock.nowMs() + DAY_MS }));
  clock.advance(DAY_MS - 1);
  assert.is(plane.tokens.verify(token)?.tokenId, view.id);
  clock.advance(1);
  assert.is(plane.tokens.verify(token), undefined);
  assert.equal([plane.tokens.get(view.id)?.status, plane.tokens.list({ status: 'expired' }).totalCount, plane.tokens.list({ status: 'active' }).totalCount], ['expired', 1, 0]);
  assert.is(left(await plane.tokens.issue({ ...ci, expiresAt: clock.nowMs() }))._tag, 'ExpiryOutOfRange');
  await plane.close();
});

test('a repeated issue shows no second secret: it is refused and names the token of the first, over a restart too [I-16, S0-11]', async () => {
  const store = memoryStore();
  const options = { idempotencyKey: 'k', issuedBy: 'token:root' };
  const first = await barePlane({ store: lasting(store) });
  const [one, joined] = await Promise.all([first.plane.tokens.issue(ci, options), first.plane.tokens.issue(ci, options)]);
  const { view } = right(one);
  for (const repeat of [joined, await first.plane.tokens.issue(ci, options)]) assert.equal([left(repeat)._tag, left(repeat).value], ['TokenIsShownOnce', view.id]);
  assert.is(left(await first.plane.tokens.issue({ ...ci, role: 'admin' }, options))._tag, 'CommandIdReused');
  await first.plane.close();
  const second = await barePlane({ store: lasting(store) });
  assert.equal([left(await second.plane.tokens.issue(ci, options))._tag, second.plane.tokens.list().totalCount], ['TokenIsShownOnce', 1]);
  await second.plane.close();
});

test('tokens are listed in the order of their issue, by name, role, tenant and status [S0-4]', async () => {
  const { plane } = await barePlane();
  for (const [name, role, tenant] of [['a', 'reader', null], ['b', 'admin', 't1'], ['a', 'admin', 't2']] as const) right(await plane.tokens.issue({ name, role, tenant }));
  const names = (query: Parameters<typeof plane.tokens.list>[0]): string => plane.tokens.list(query).items.map(({ name, tenant }) => `${name} ${tenant}`).join(', ');
  assert.is(names({}), 'a null, b t1, a t2');
  assert.equal([names({ name: 'a' }), names({ role: 'admin' }), names({ tenant: 't1' }), names({ tenant: null })], ['a null, a t2', 'b t1, a t2', 'b t1', 'a null']);
  const page = plane.tokens.list({ limit: 2 });
  assert.is(names({ limit: 2, cursor: page.next ?? '' }), 'a t2');
  await plane.close();
});

test('a token that is not there, a name that is none and a control plane that is closed are refused [S0-16, I-12]', async () => {
  const { plane } = await barePlane();
  for (const id of [UUID(1), 'ci', '']) assert.is(left(await plane.tokens.revoke(id))._tag, 'TokenNotFound', id);
  assert.is(left(await plane.tokens.issue({ ...ci, name: 'a b' }))._tag, 'TokenNameIsNotAllowed');
  assert.is(left(await plane.tokens.issue({ ...ci, role: 'root' as 'admin' }))._tag, 'InvalidCommand');
  assert.is(left(await plane.tokens.issue(undefined as unknown as IssueTokenInput))._tag, 'InvalidCommand');
  await plane.close();
  assert.is(left(await plane.tokens.issue(ci))._tag, 'PlaneIsClosed');
  assert.is(left(await plane.tokens.revoke(UUID(1)))._tag, 'PlaneIsClosed');
});

test('subscribers see tokens come and go only where they ask for it, and never a hash [S0-136, S0-11]', async () => {
  const { plane } = await barePlane();
  const { view } = right(await plane.tokens.issue(ci));
  right(await plane.tokens.revoke(view.id));
  const seen: string[] = [];
  const kinds = ['token'] as const;
  for await (const entry of plane.events({ from: 'start', filter: { kinds } })) {
    seen.push(entry.type);
    assert.not.match(JSON.stringify(entry), /[0-9a-f]{64}/);
    assert.is(entry.resource.id, view.id);
    if (seen.length === 2) break;
  }
  assert.equal(seen, ['AccessTokenIssued', 'AccessTokenRevoked']);
  right(await plane.registerPool({ name: 'p', placement: { backend: 'fake', pool: 'p' } }));
  for await (const entry of plane.events({ from: 'start' })) {
    assert.is(entry.type, 'PoolRequested', 'the first that is not about tokens');
    break;
  }
  await plane.close();
});

test('what one process revokes, another one on the same store refuses too [I-17, S0-16]', async () => {
  const store = memoryStore();
  const [one, two] = await Promise.all([barePlane({ store: lasting(store) }), barePlane({ store: lasting(store) })]);
  const { token, view } = right(await one.plane.tokens.issue(ci));
  const seen = async (isIn: boolean): Promise<void> => {
    for (let turn = 0; turn < 1000 && (two.plane.tokens.verify(token) !== undefined) !== isIn; turn += 1) await new Promise(setImmediate);
    assert.is(two.plane.tokens.verify(token) !== undefined, isIn);
  };
  await seen(true);
  right(await one.plane.tokens.revoke(view.id));
  await seen(false);
  assert.ok(E.isRight(await two.plane.tokens.revoke(view.id)));
  await one.plane.close();
  await two.plane.close();
});

test.run();
