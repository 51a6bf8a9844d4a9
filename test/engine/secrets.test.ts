import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { fileSecretStore, memorySecretStore } from '@blockledger/app';
import { reveal, secret, SecretRef, type SecretError, type SecretStore } from '@blockledger/domain';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';

const test = suite('secret stores');
const owner = { kind: 'webhook', id: '00000000-0000-4000-8000-000000000001' };
const other = { ...owner, id: '00000000-0000-4000-8000-000000000002' };
const PLANTED = 'correct-horse-battery-staple';

const right = <A>(answer: E.Either<SecretError, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
  return answer.right;
};
const left = <A>(answer: E.Either<SecretError, A>): SecretError => {
  if (E.isRight(answer)) throw new Error(`opened: ${JSON.stringify(answer.right)}`);
  return answer.left;
};
const textOf = async (store: SecretStore, ref: SecretRef): Promise<string | undefined> => {
  const found = right(await store.get(ref)());
  return found === undefined ? undefined : reveal(found);
};
const { folder, remove } = temporaryFolder();
let files = 0;
const freshPath = (): string => join(folder, `${(files += 1)}.secrets`);
test.after(remove);
const freshKey = (): string => randomBytes(32).toString('base64');

for (const [name, make] of [['file', () => fileSecretStore({ path: freshPath() })], ['memory', memorySecretStore]] as const) {
  test(`what is kept is given back by its reference alone, and forgotten when it is removed (${name}) [I-24]`, async () => {
    const store = make();
    const ref = right(await store.put(owner, secret(PLANTED))());
    assert.ok(SecretRef.is(ref) && ref.startsWith(`webhook/${owner.id}/`));
    assert.not.ok(ref.includes(PLANTED));
    assert.is(await textOf(store, ref), PLANTED);
    assert.is(right(await store.put(owner, secret(PLANTED))()), ref, 'the same secret again');
    const refs = new Set([ref, right(await store.put(owner, secret('another'))()), right(await store.put(other, secret(PLANTED))())]);
    assert.is(refs.size, 3);
    assert.equal(new Set(right(await store.refs('webhook')())), refs);
    assert.equal(right(await store.refs('chap')()), []);
    right(await store.remove(ref)());
    right(await store.remove(ref)());
    assert.is(await textOf(store, ref), undefined);
    assert.is(right(await store.refs('webhook')()).length, 2);
    left(await store.put({ kind: 'Web/hook', id: 'x' }, secret(PLANTED))());
  });
}

test('the file and its key are made at the first use, for their owner only, and hold no secret in the clear [I-24]', async () => {
  const path = freshPath();
  const store = fileSecretStore({ path });
  assert.is(await textOf(store, `webhook/x/${'a'.repeat(43)}` as SecretRef), undefined);
  assert.not.ok(existsSync(path) || existsSync(`${path}.key`));
  const ref = right(await store.put(owner, secret(PLANTED))());
  for (const file of [path, `${path}.key`]) assert.is(statSync(file).mode & 0o777, 0o600);
  const key = readFileSync(`${path}.key`, 'utf8').trim();
  assert.is(Buffer.from(key, 'base64').length, 32);
  const text = readFileSync(path, 'utf8');
  for (const clear of [PLANTED, Buffer.from(PLANTED).toString('base64'), Buffer.from(PLANTED).toString('hex'), key]) assert.not.ok(text.includes(clear));
  assert.is(await textOf(fileSecretStore({ path }), ref), PLANTED, 'after a restart');
});

test('without its key, with another one, or changed by hand, nothing is opened, and no message tells a secret [I-24]', async () => {
  const path = freshPath();
  const key = freshKey();
  const ref = right(await fileSecretStore({ path, key }).put(owner, secret(PLANTED))());
  const second = right(await fileSecretStore({ path, key }).put(other, secret('another'))());
  const wrong = left(await fileSecretStore({ path, key: freshKey() }).get(ref)());
  assert.is(wrong._tag, 'Unreadable');
  assert.match(left(await fileSecretStore({ path }).get(ref)()).message, /key file .* is gone/);
  assert.not.ok(existsSync(`${path}.key`), 'no key is made that could open nothing');
  assert.match(left(await fileSecretStore({ path, key: 'short' }).get(ref)()).message, /32 bytes/);
  const whole = readFileSync(path, 'utf8');
  const file = JSON.parse(whole) as { secrets: Record<string, unknown> };
  writeFileSync(path, JSON.stringify({ ...file, secrets: { [ref]: file.secrets[second] } }));
  assert.match(left(await fileSecretStore({ path, key }).get(ref)()).message, /damaged/, 'one in the place of another');
  writeFileSync(path, whole.slice(0, -20));
  assert.match(left(await fileSecretStore({ path, key }).get(ref)()).message, /damaged/);
  writeFileSync(path, whole);
  assert.is(await textOf(fileSecretStore({ path, key }), ref), PLANTED);
});

test('a key file that others can read is refused [I-24]', async () => {
  const path = freshPath();
  const ref = right(await fileSecretStore({ path }).put(owner, secret(PLANTED))());
  chmodSync(`${path}.key`, 0o640);
  assert.match(left(await fileSecretStore({ path }).get(ref)()).message, /chmod 600/);
  chmodSync(`${path}.key`, 0o600);
  assert.is(await textOf(fileSecretStore({ path }), ref), PLANTED);
});

test('a new key takes the place of the old one: everything is sealed anew, references stay, and the old key can go [I-24]', async () => {
  const path = freshPath();
  const keyFile = `${path}.key`;
  const ref = right(await fileSecretStore({ path }).put(owner, secret(PLANTED))());
  const old = readFileSync(keyFile, 'utf8');
  const fresh = freshKey();
  writeFileSync(keyFile, `${fresh}\n${old}`);
  assert.is(await textOf(fileSecretStore({ path }), ref), PLANTED);
  writeFileSync(keyFile, fresh);
  const store = fileSecretStore({ path });
  assert.is(await textOf(store, ref), PLANTED);
  assert.is(right(await store.put(owner, secret(PLANTED))()), ref);
  writeFileSync(keyFile, old);
  assert.is(left(await fileSecretStore({ path }).get(ref)())._tag, 'Unreadable', 'the old key opens nothing any more');
  rmSync(keyFile);
  assert.is(await textOf(fileSecretStore({ path, key: `${freshKey()},${fresh}` }), ref), PLANTED, 'keys from the environment');
});

test('many at once are all kept [I-24]', async () => {
  const path = freshPath();
  const store = fileSecretStore({ path });
  const refs = await Promise.all(Array.from({ length: 40 }, async (_, n) => right(await store.put(owner, secret(`secret ${n}`))())));
  const again = fileSecretStore({ path });
  for (const [n, ref] of refs.entries()) assert.is(await textOf(again, ref), `secret ${n}`);
});

test.run();
