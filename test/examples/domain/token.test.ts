import { accessToken, isGood, MAX_REASON_LENGTH, MAX_TOKEN_LIFETIME_MS, MAX_TOKEN_NAME_LENGTH, noToken } from '@blockledger/domain';
import type { TokenCommand, TokenEvent } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import { metaOf, moment, NOON, tokenHashOf, tokenIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('access tokens');
const tokenId = tokenIdOf(1);
const issue = (changes: Partial<Extract<TokenCommand, { type: 'IssueAccessToken' }>> = {}): TokenCommand => ({
  type: 'IssueAccessToken',
  tokenId,
  name: 'ci',
  hash: tokenHashOf(1),
  role: 'operator',
  tenant: null,
  expiresAt: null,
  ...changes,
});
const revoke = (reason = 'lost'): TokenCommand => ({ type: 'RevokeAccessToken', tokenId, reason });
const issued: TokenEvent = { type: 'AccessTokenIssued', tokenId, name: 'ci', hash: tokenHashOf(1), role: 'operator', tenant: null, expiresAt: null, issuedBy: 'token:root', at: NOON };
const revoked: TokenEvent = { type: 'AccessTokenRevoked', reason: 'lost', revokedBy: 'token:root', at: moment(NOON + 5) };

test('a token is issued once, with who issued it and when, and owes nothing [S0-11, S0-16]', () => {
  const answer = given(accessToken).when(issue(), null, metaOf(1)).then('AccessTokenIssued').owes();
  assert.equal(answer.events, [{ ...issued, issuedBy: 'test' }]);
  assert.is(accessToken.answer(answer.state, metaOf(1).commandId), 'accepted');
  given(accessToken, issued).when(issue({ name: 'other' }), null).refused('TokenAlreadyExists', { value: tokenId });
});

test('a token lets in until it is revoked, and until the moment at which it expires [S0-16]', () => {
  const end = moment(NOON + 1000);
  const expiring = given(accessToken, { ...issued, expiresAt: end }).state;
  assert.equal([isGood(noToken, NOON), isGood(expiring, end - 1), isGood(expiring, end)], [false, true, false]);
  assert.equal([isGood(given(accessToken, issued).state, Number.MAX_SAFE_INTEGER), isGood(given(accessToken, issued, revoked).state, NOON)], [true, false]);
  assert.not.ok(isGood(given(accessToken, issued, revoked, issued).state, NOON), 'brought back');
});

test('a token is revoked once: the first reason stays, and an expired one can be revoked too [S0-16, I-16]', () => {
  const answer = given(accessToken, { ...issued, expiresAt: moment(NOON + 1) }).when(revoke(), null, metaOf(2, NOON + 5)).then('AccessTokenRevoked');
  assert.equal(answer.state.revoked, { at: NOON + 5, by: 'test', reason: 'lost' });
  given(accessToken, issued, revoked).when(revoke('another reason'), null).then();
  given(accessToken).when(revoke(), null).refused('TokenNotFound', { value: tokenId });
  given(accessToken, issued).when(revoke('x'.repeat(MAX_REASON_LENGTH)), null).then('AccessTokenRevoked');
  given(accessToken, issued).when(revoke('x'.repeat(MAX_REASON_LENGTH + 1)), null).refused('ReasonIsTooLong', { value: 256, limit: 255 });
});

test('the name of a token can stand in a log and on a command line [S0-11]', () => {
  assert.is(MAX_TOKEN_NAME_LENGTH, 64);
  for (const name of ['a', '7', 'ci.prod_2-eu', 'x'.repeat(64)]) given(accessToken).when(issue({ name }), null).then('AccessTokenIssued');
  for (const name of ['', ' ', 'a b', '-a', 'a-', '.', 'a\nb', 'a:b', 'é', 'x/y']) given(accessToken).when(issue({ name }), null).refused('TokenNameIsNotAllowed', { value: name });
  given(accessToken).when(issue({ name: 'x'.repeat(65) }), null).refused('TokenNameIsNotAllowed', { value: 65, limit: 64 });
});

test('a token is for one tenant that can be named, or for all [S0-11]', () => {
  for (const tenant of [null, 'default', 'Кафедра 3', '4f1c2b1e9a']) assert.is(given(accessToken).when(issue({ tenant }), null).then('AccessTokenIssued').state.token?.tenant, tenant);
  for (const tenant of ['', 'a\nb', 'a\u0000', 'a\u202eb', '\ud800', 'x'.repeat(129)]) given(accessToken).when(issue({ tenant }), null).refused('TenantIsNotAllowed', { value: tenant.slice(0, 128), limit: 128 });
  given(accessToken).when(issue({ tenant: 'x'.repeat(128) }), null).then('AccessTokenIssued');
});

test('a token that expires does so in time to come, within ten years [S0-16]', () => {
  assert.is(MAX_TOKEN_LIFETIME_MS, 315_619_200_000);
  const at = (ms: number) => given(accessToken).when(issue({ expiresAt: moment(NOON + ms) }), null, metaOf(1, NOON));
  for (const ms of [1, MAX_TOKEN_LIFETIME_MS]) assert.is(at(ms).then('AccessTokenIssued').state.token?.expiresAt, NOON + ms);
  at(0).refused('ExpiryOutOfRange', { value: NOON, limit: NOON });
  at(-1).refused('ExpiryOutOfRange', { value: NOON - 1, limit: NOON });
  at(MAX_TOKEN_LIFETIME_MS + 1).refused('ExpiryOutOfRange', { value: NOON + MAX_TOKEN_LIFETIME_MS + 1, limit: NOON + MAX_TOKEN_LIFETIME_MS });
});

test('a role that nobody knows and a hash that is none do not come as far as a decision [S0-16]', () => {
  for (const role of ['reader', 'operator', 'admin']) assert.is(accessToken.command.decode({ ...issue(), role })._tag, 'Right', role);
  for (const wrong of [{ role: 'root' }, { role: 'Admin' }, { role: null }, { hash: 'blk_secret' }, { hash: 'A'.repeat(64) }, { tenant: undefined }]) {
    assert.is(accessToken.command.decode({ ...issue(), ...wrong })._tag, 'Left', JSON.stringify(wrong));
  }
});

test.run();
