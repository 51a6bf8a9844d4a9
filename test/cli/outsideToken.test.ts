/** The token that stands in the environment of `serve`, beside those of the file. */
import * as assert from 'uvu/assert';
import { createHash } from 'node:crypto';
import { secret } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { banner } from '../../packages/app/src/cli/banner.ts';
import type { ServiceConfig } from '../../packages/app/src/cli/config.ts';
import { outsideOf, settle, type Settings } from '../../packages/app/src/cli/settings.ts';
import { mintToken } from '../../packages/app/src/engine/tokens/tokenText.ts';
import { suite } from '../support/suite.ts';

const test = suite('outsideToken');
type Tokens = NonNullable<ServiceConfig['tokens']>;

const settled = (tokens: Tokens, { flag, variable }: { readonly flag?: string; readonly variable?: string }): ReturnType<typeof settle> => {
  const outside = outsideOf({ config: 'x', ...(flag === undefined ? {} : { token: flag }) }, variable === undefined ? {} : { BLOCKLEDGER_TOKEN: variable });
  if (E.isLeft(outside)) throw new Error(outside.left.message);
  return settle(outside.right, { store: ':memory:', backends: {}, tokens }, () => 'made');
};
const accepted = (answer: ReturnType<typeof settle>): Settings => {
  if (E.isLeft(answer)) throw new Error(answer.left.message);
  return answer.right;
};
const refused = (answer: ReturnType<typeof settle>): string => {
  if (E.isRight(answer)) throw new Error('it starts');
  assert.is(answer.left.code, 78);
  assert.ok((answer.left.remedy ?? '').length > 0);
  return answer.left.message;
};
const tokenLine = (settings: Settings): string => /^ {2}token {2}(.*)$/m.exec(banner(settings, 'http://127.0.0.1:1', { pools: [], hosts: [] }))?.[1] ?? '';

test('a token from outside is admin, and those of the file stay; the screen tells whose both are [S0-16]', () => {
  const ci = { token: 'of-ci', role: 'operator', tenant: 'acme' } as const;
  const both = accepted(settled({ ci }, { variable: 'everything' }));
  assert.equal(both.tokens, { ci, operator: 'everything' });
  assert.is(tokenLine(both), 'that of BLOCKLEDGER_TOKEN (token:operator: admin, all tenants), and those of the configuration (token:ci)');
  const flagged = accepted(settled({}, { flag: 'flagged', variable: 'everything' }));
  assert.equal(flagged.tokens, { operator: 'flagged' });
  assert.is(tokenLine(flagged), 'that of --token (token:operator: admin, all tenants)');
  const ofFile = accepted(settled({ ci }, { variable: '' }));
  assert.equal([ofFile.tokens, tokenLine(ofFile)], [{ ci }, 'those of the configuration (token:ci)']);
  assert.equal(accepted(settled({}, {})).tokens, { operator: 'made' });
});

test('a text that is worth less elsewhere is not worth everything at the service: it does not start [S0-11, S0-16]', () => {
  const hash = createHash('sha256').update('same').digest('hex');
  const lesser: readonly Tokens[string][] = [
    { token: 'same', role: 'reader' },
    { tokenSha256: hash, role: 'operator' },
    { token: secret('same'), role: 'admin', tenant: 'acme' },
    { token: 'same', role: 'admin', expiresAt: '2030-01-31' },
    { token: 'same', role: 'reader', expiresAt: '2001-01-31' },
  ];
  for (const token of lesser) assert.match(refused(settled({ other: 'x', ci: token }, { variable: 'same' })), /^BLOCKLEDGER_TOKEN is tokens\.ci of the configuration \(/);
  const issued = mintToken();
  const message = refused(settled({}, { variable: issued }));
  assert.match(message, /a service issued/);
  assert.not.ok(message.includes(issued));
  assert.match(refused(settled({}, { flag: issued })), /^--token/);
});

test('the same token said twice is one, and another one of its name is refused [S0-16]', () => {
  for (const ops of ['same', secret('same'), { token: 'same', role: 'admin' }] as const) {
    const settings = accepted(settled({ operator: ops }, { variable: 'same' }));
    assert.equal(Object.keys(settings.tokens), ['operator']);
    assert.is(settings.tokens['operator'], ops);
  }
  assert.match(refused(settled({ operator: 'one' }, { variable: 'another' })), /tokens\.operator of the configuration is another one/);
});

test.run();
