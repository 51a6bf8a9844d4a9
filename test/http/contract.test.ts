/** The OpenAPI document is valid, and the service keeps what it says: every operation is driven from the document alone. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { openApiDocument } from '@blockledger/app/http';
import { firstFault } from '../../packages/app/src/api/closed.ts';
import { operations, type OperationId } from '../../packages/app/src/api/operations/index.ts';
import { ProblemBody } from '../../packages/app/src/api/problem.ts';
import type { Operation } from '../../packages/app/src/api/operation.ts';
import { stageFor, type Named } from '../support/contractStage.ts';
import { schemaArbitrary, type Schema } from '../support/schemaArbitrary.ts';
import { suite } from '../support/suite.ts';

const test = suite('contract');
/** So many requests meet one service: what they leave behind is looked at before and after each of them. */
const RUNS = 500;
const SERVICES = process.env['BLOCKLEDGER_SOAK'] === '1' ? 20 : 1;
const seed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`BLOCKLEDGER_SEED=${seed}`);

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}
interface Declared {
  readonly operationId: OperationId;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema; readonly example?: unknown } } };
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

const document = openApiDocument() as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Declared>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
const declared = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));
const resolve = (ref: string): Schema => document.components.schemas[ref.replace('#/components/schemas/', '')] ?? {};

test('the document is valid OpenAPI 3.1 and holds every operation [S0-1]', async () => {
  const result = await new Validator().validate(structuredClone(openApiDocument()));
  assert.equal(result.errors, undefined);
  assert.ok(result.valid);
  assert.equal(declared.map(({ operation }) => operation.operationId).toSorted(), Object.keys(operations).toSorted());
});

test('everything that changes something can be planned, and has a key by which a repeat is the same request [I-16, S0-16]', () => {
  // It changes nothing: it sends a message about nothing.
  const sends = new Set<string>(['testWebhook']);
  for (const { method, operation } of declared) {
    const given = new Set(operation.parameters.map((one) => `${one.in} ${one.name}`));
    const changes = method !== 'GET' && !sends.has(operation.operationId);
    for (const name of ['query plan', 'header Idempotency-Key']) assert.is(given.has(name), changes, `${name} of ${operation.operationId}`);
  }
});

test('the examples of the document are what its schemas allow [S0-12]', () => {
  const ajv = new Ajv2020({ strict: false });
  const schemas = JSON.parse(JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/')) as object;
  const withExample = declared.filter(({ operation }) => operation.requestBody?.content['application/json'].example !== undefined);
  assert.ok(withExample.length >= 4);
  for (const { operation } of withExample) {
    const content = operation.requestBody?.content['application/json'];
    const schema = JSON.parse(JSON.stringify(content?.schema).replaceAll('#/components/schemas/', '#/$defs/')) as object;
    assert.ok(ajv.validate({ ...schema, $defs: schemas }, content?.example), `${operation.operationId}: ${ajv.errorsText()}`);
  }
});

/** `encodeURIComponent` throws at half a surrogate pair. */
const encoded = (value: unknown): string => encodeURIComponent(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value ?? null)).toString());

/** How a path names what is there, or that it names something else. */
type Reference = { readonly by: keyof Named } | { readonly value: unknown };

interface Drawn {
  readonly refs: Readonly<Record<string, Reference>>;
  readonly query: string;
  readonly body: unknown;
}

const requests = ({ parameters, requestBody }: Declared): fc.Arbitrary<Drawn> => {
  const inPath = parameters.filter((one) => one.in === 'path');
  const refs = fc.record(
    Object.fromEntries(
      inPath.map(({ name, schema }) => [
        name,
        fc.oneof<fc.WeightedArbitrary<Reference>[]>(
          { weight: 3, arbitrary: fc.record({ by: fc.constantFrom<keyof Named>('number', 'id') }) },
          { weight: 1, arbitrary: fc.record({ value: fc.oneof(schemaArbitrary(schema, resolve), fc.constantFrom<unknown>(1, 2, 3)) }) },
        ),
      ]),
    ),
  );
  const inQuery = parameters.filter((one) => one.in === 'query');
  const drawnQuery = fc
    .tuple(...inQuery.map(({ name, schema }) => fc.option(schemaArbitrary(schema, resolve).map((value) => `${name}=${encoded(value)}`), { freq: 2, nil: undefined })))
    .map((pairs) => pairs.filter((pair) => pair !== undefined).join('&'));
  // Of many filters one is nearly always wrong: some requests have none.
  const query = fc.oneof({ weight: 9, arbitrary: drawnQuery }, { weight: 1, arbitrary: fc.constant('') });
  const content = requestBody?.content['application/json'];
  if (content === undefined) return fc.record({ refs, query, body: fc.constant(undefined) });
  const drawn = schemaArbitrary(content.schema, resolve);
  return fc.record({ refs, query, body: content.example === undefined ? drawn : fc.oneof({ weight: 7, arbitrary: drawn }, { weight: 1, arbitrary: fc.constant(content.example) }) });
};

for (const { path, method, operation } of declared) {
  const contract = operations[operation.operationId] as unknown as Operation;
  // A stream has no end to wait for: its own tests drive it.
  if (contract.kind === 'stream') continue;
  const driven = async (ofService: number): Promise<number> => {
    const stage = await stageFor(operation.operationId);
    const { ask, quiet, stateHash, head, since } = stage;
    let successes = 0;
    // What stood after the last request stands before the next one, unless something happened in between.
    let stood: { readonly hash: string; readonly head: number } | undefined;
    const standing = async (): Promise<{ readonly hash: string; readonly head: number }> => {
      const now = await head();
      return stood?.head === now ? stood : { hash: stateHash(), head: now };
    };
    const property = fc.asyncProperty(requests(operation), async ({ refs, query, body }) => {
      const texts = new Map<string, string>();
      // With nothing in the place of an id the path is that of the list: a slash at the end is ignored (S0-66). `fetch` itself drops dots.
      for (const [name, ref] of Object.entries(refs)) texts.set(name, encoded('by' in ref ? (await stage.named(name))[ref.by] : ref.value).replace(/^\.{0,2}$/, '%20'));
      const before = await standing();
      const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => texts.get(name) ?? '');
      const answered = await ask(method, `${filled}${query === '' ? '' : `?${query}`}`, body === undefined ? {} : { body });
      const said = `${method} ${filled}?${query} ${JSON.stringify(body)}: ${answered.status} ${answered.text}`;
      // Every pool that a request can name stands on the cluster, so that no answer of 500 and above is excused.
      assert.ok(answered.status < 500, said);
      assert.ok(Object.hasOwn(operation.responses, String(answered.status)), `undeclared status: ${said}`);
      const isGood = answered.status < 400;
      assert.match(answered.type, isGood ? /^application\/json/ : /^application\/problem\+json/);
      const codec = isGood ? contract.replies[answered.status] : ProblemBody;
      const decoded = codec?.decode(answered.json);
      if (decoded === undefined || E.isLeft(decoded)) assert.unreachable(`undeclared body: ${JSON.stringify(decoded === undefined ? '' : firstFault(decoded.left))} ${said}`);
      await quiet();
      if (isGood && !Object.hasOwn(answered.json, 'plan')) successes += 1;
      if (isGood && method !== 'GET' && !Object.hasOwn(answered.json, 'plan')) return;
      // Looking, planning and being refused change nothing.
      stood = { hash: stateHash(), head: await head() };
      assert.is(stood.hash, before.hash, said);
      const types = (await since(before.head)).map(({ type }) => type);
      // What a reservation refused had been written down, and so is its refusal.
      assert.ok(types.length === 0 || (!isGood && types.some((type) => type.endsWith('Refused'))), `${types.join()}: ${said}`);
    });
    try {
      await fc.assert(property, { numRuns: RUNS, seed: seed + ofService, includeErrorInReport: true });
    } finally {
      await stage.close();
    }
    return successes;
  };
  test(`${operation.operationId} answers as declared, succeeds, and refuses without effect`, async () => {
    let successes = 0;
    for (let ofService = 0; ofService < SERVICES; ofService += 1) successes += await driven(ofService);
    assert.ok(successes > 0, `not one of ${RUNS * SERVICES} requests succeeded`);
  });
}

test.run();
