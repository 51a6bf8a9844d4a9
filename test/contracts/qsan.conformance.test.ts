/** The simulated array says what the source's examples say: every request and every answer of them, over real HTTPS, field by field. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { onArray, type Fields, type OnArray } from '../support/qsan.ts';
import { suite } from '../support/suite.ts';

const test = suite('examples of QSAN');

/** What must be there before an example makes sense. */
type Given =
  | { readonly method: string; readonly path: string; readonly body?: unknown }
  | { readonly write: { readonly volume: string; readonly bytes: number } }
  | { readonly advanceMs: number };

interface Example {
  readonly title: string;
  readonly given?: readonly Given[];
  readonly pool?: { readonly totalBytes: number; readonly takenBytes: number };
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly response: { readonly status: number; readonly body: unknown };
}

/** The examples as the source has them, by the item of the specification that they belong to. */
const examples = JSON.parse(readFileSync(join(repositoryRoot, 'test/golden/qsan-examples.json'), 'utf8')) as Readonly<Record<string, readonly Example[]>>;
const replayed = new Set<string>();

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Fields that cannot be the same twice are compared by their shape; the rest must be equal. */
const sameField = (field: string, given: unknown, wanted: unknown): boolean => {
  if (field === 'created_at') return TIME.test(String(given)) && TIME.test(String(wanted));
  if (field === 'token') return typeof given === 'string' && given.length >= 20;
  if (field === 'id' || field === 'target_id') {
    const [given_, wanted_] = [given, wanted].map((id) => /^([a-z]+)-\d{3,}$/.exec(String(id))?.[1]);
    return given_ !== undefined && given_ === wanted_;
  }
  return JSON.stringify(given) === JSON.stringify(wanted);
};

/** The fields that differ. `details` is optional (S1-4): an error may have it where the example has none. */
const differences = (given: unknown, wanted: unknown): readonly string[] => {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(given) || given.length !== wanted.length) return ['another number of entries'];
    return wanted.flatMap((entry, at) => differences(given[at], entry).map((field) => `[${at}].${field}`));
  }
  const [has, wants] = [given as Fields, wanted as Fields];
  const isError = 'error' in wants && !('details' in wants);
  const names = [...new Set([...Object.keys(has), ...Object.keys(wants)])].filter((name) => !(isError && name === 'details'));
  return names.filter((name) => !(name in has) || !(name in wants) || !sameField(name, has[name], wants[name]));
};

const prepare = ({ array }: OnArray, given: Given): void => {
  if ('write' in given) assert.ok(array.write(given.write.volume, given.write.bytes));
  else if ('advanceMs' in given) array.advance(given.advanceMs);
  else assert.is(array.operate(given.method, given.path, given.body).status, 200, `${given.method} ${given.path}`);
};

const replay = async (id: string): Promise<void> => {
  const list = examples[id] ?? [];
  assert.ok(list.length > 0);
  replayed.add(id);
  for (const { title, given = [], pool, request, response } of list) {
    await onArray({ password: 'password123', pools: [{ name: 'Pool-1', ...pool }], tokenSeconds: 3600 }, async (stage) => {
      for (const step of given) prepare(stage, step);
      const token = given.some((step) => 'advanceMs' in step) ? await stage.relogin() : stage.token;
      const said = await stage.ask(request.method, request.path, { body: request.body, token });
      assert.is(said.status, response.status, `${title}: ${JSON.stringify(said.body)}`);
      assert.equal(differences(said.body, response.body), [], `${title}: ${JSON.stringify(said.body)}`);
    });
  }
};

test('whoever logs in gets a token for an hour, and who is wrong a 401 [S1-1, S1-2]', () => replay('S1-2'));
test('whoever logs out is told so [S1-3]', () => replay('S1-3'));
test('an error says what, its code and details [S1-4]', () => replay('S1-4'));
test('a pool without room is a 400 in its own words, a volume in use a 409 [S1-5]', () => replay('S1-5'));
test('a volume is made by pool, name and size in bytes [S1-1, S1-6]', () => replay('S1-6'));
test('a volume is deleted by its name, and one that is not there is a 404 [S1-7, S1-10]', () => replay('S1-7'));
test('a volume is extended to a new size [S1-8]', () => replay('S1-8'));
test('a volume is shown with what is used of it [S1-9, S1-10]', () => replay('S1-9'));
test('a snapshot is made, shown and deleted by its name within its volume [S1-11]', () => replay('S1-11'));
test('a volume is cloned by way of a snapshot [S1-12]', () => replay('S1-12'));
test('a larger volume is made of a snapshot [S1-13]', () => replay('S1-13'));
test('a pool is shown with all of its space [S1-15]', () => replay('S1-15'));
test('the array says which one it is [S1-16]', () => replay('S1-16'));
test('a target is made with the name that is asked for [S1-17]', () => replay('S1-17'));
test('a target is shown with its LUNs and initiators, and deleted, by its id [S1-18, S1-10]', () => replay('S1-18'));
test('a target is found by its name in a list of one [S1-19]', () => replay('S1-19'));
test('portals are addresses without a port [S1-20]', () => replay('S1-20'));
test('a volume becomes a LUN, is listed as one, and is one no more [S1-21]', () => replay('S1-21'));
test('a volume says where it is mapped, or that it is not [S1-22]', () => replay('S1-22'));
test('an initiator is added and, with its name encoded, removed [S1-23]', () => replay('S1-23'));
test('CHAP is set in one step, even with a password longer than the advice [S1-24]', () => replay('S1-24'));

test('every example of the source was replayed [S1-1]', () => {
  assert.equal(Object.keys(examples).filter((id) => !replayed.has(id)), []);
  const endpoints = Object.values(examples).flat().map(({ request: { method, path } }) => `${method} ${path.replaceAll(/(?:volume|snapshot|target)-[^/?]+|iqn\.[^/]+|\/\d+$/g, '*')}`);
  assert.is(new Set(endpoints).size, 25, 'the source has so many endpoints');
});

test('a comparison notices what differs', () => {
  assert.equal(differences({ id: 'vol-1', name: 'a' }, { id: 'vol-001', name: 'a' }), ['id']);
  assert.equal(differences({ id: 'vol-007', name: 'b', more: 1 }, { id: 'vol-001', name: 'a' }), ['name', 'more']);
  assert.equal(differences({ error: 'x', code: 404, details: 'y' }, { error: 'x', code: 404 }), []);
  assert.equal(differences([{ lun_id: 0 }], [{ lun_id: 1 }]), ['[0].lun_id']);
  assert.equal(differences([], [{ lun_id: 1 }]), ['another number of entries']);
});

test.run();
