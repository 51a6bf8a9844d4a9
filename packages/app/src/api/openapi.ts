/** The OpenAPI 3.1 document, made from the operations. */
import { API_ROOT, AT_LEAST_HEADER, AT_LEAST_WAIT_MS, MAX_KEY_LENGTH, MAX_WAIT_S, POSITION_HEADER } from './limits.ts';
import { isKeyed, pathNames, type Operation } from './operation.ts';
import { everyOperation } from './operations/index.ts';
import { refParameter } from './parameters.ts';
import { ProblemBody, PROBLEM_TYPE } from './problem.ts';
import { schemaOf, type Components, type JsonSchema } from './schema.ts';

/** What each tag is about, in the order of the document. */
const TAGS: Readonly<Record<string, string>> = {
  volumes: 'Volumes and clones.',
  snapshots: 'Snapshots of volumes.',
  pools: 'Where volumes live.',
  backends: 'What pools live on, and what serves targets and virtual IPs.',
  hosts: 'Gateways, and their network addresses.',
  'client-groups': 'Initiators that see the same volumes.',
  'access-paths': 'Targets on hosts, by which initiators reach volumes.',
  'mapping-groups': 'Which volumes a client group sees by an access path.',
  'vip-groups': 'Virtual IPs that move between the hosts of an access path.',
  tasks: 'What is being done, and what to do about it.',
  tokens: 'Who may ask.',
  events: 'What happens, as it happens: server-sent events.',
  webhooks: 'Where events are sent.',
  inspection: 'Who did what, what differs from the backends, what to know.',
};

/** Refusals that any request can meet, and what else each kind of operation can. */
const ALWAYS = [400, 401, 403, 404, 408, 417, 429, 431, 500, 503] as const;
const BESIDES: Readonly<Record<Operation['kind'], readonly number[]>> = { read: [409, 422], call: [409, 413, 415, 422], immediate: [409, 413, 415, 422], change: [409, 412, 413, 415, 422, 504], stream: [409, 422] };

const MEANING: Readonly<Record<number, string>> = {
  200: 'Done, nothing is left to do; or, with `plan=true`, what would happen.',
  201: 'Made.',
  202: 'Accepted: the task does the rest.',
  304: 'Nothing has changed.',
  400: 'Not well formed.',
  401: 'No valid token.',
  403: 'The token may not do this.',
  404: 'What is named is not there.',
  408: 'The request did not arrive in time.',
  409: 'The present state is in the way; the same request may be accepted later.',
  412: 'The resource has changed since it was looked at.',
  413: 'The body is too large.',
  415: 'The body is not said to be JSON.',
  417: 'The header Expect asks for what is not known.',
  422: 'Well formed, but never possible.',
  429: 'Too many requests.',
  431: 'The headers are too large.',
  500: 'A fault of the service.',
  503: 'Nothing was decided: send it again.',
  504: 'Not ended in time; the task goes on.',
};

const header = (name: string, description: string, schema: JsonSchema): JsonSchema => ({ name, in: 'header', description, required: false, schema });

const KEY = header('Idempotency-Key', 'Names the request: a repeat is answered as the first was (I-16).', { type: 'string', minLength: 1, maxLength: MAX_KEY_LENGTH });
const PREFER = header('Prefer', `\`wait=N\`: answer when the task has ended, or after N seconds (at most ${MAX_WAIT_S}).`, { type: 'string' });
const IF_MATCH = header('If-Match', 'The ETag that the resource must still have.', { type: 'string' });
const IF_NONE_MATCH = header('If-None-Match', 'The ETag of what the caller has: 304 if nothing has changed.', { type: 'string' });

const AT_LEAST = header(AT_LEAST_HEADER, `A position that an answer carried as \`${POSITION_HEADER}\`: the request waits, at most ${AT_LEAST_WAIT_MS / 1000} seconds, until everything up to it is known to the process that answers.`, { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const LAST_EVENT_ID = header('Last-Event-ID', 'The `id` of the last event that arrived: the stream goes on behind it. Goes before `from`.', { type: 'string' });

const parametersOf = (operation: Operation): readonly JsonSchema[] => {
  const inPath = pathNames(operation.path).map((name) => {
    const { schema, description } = operation.params?.[name] ?? refParameter(`The integer or the UUID of the ${name.replaceAll('_', ' ')}.`);
    return { name, in: 'path', required: true, description, schema };
  });
  const inQuery = Object.entries(operation.query).map(([name, { schema, description }]) => ({ name, in: 'query', required: false, description, schema }));
  const headers = [AT_LEAST, ...(isKeyed(operation) ? [KEY] : []), ...(operation.kind === 'change' ? [PREFER] : []), ...(operation.matchable ? [IF_MATCH] : [])];
  const resuming = operation.kind === 'stream' ? [LAST_EVENT_ID] : [];
  return [...inPath, ...inQuery, ...headers, ...resuming, ...(operation.tagged ? [IF_NONE_MATCH] : [])];
};

const replyHeaders = (status: number, operation: Operation): JsonSchema => {
  if (operation.kind === 'stream') return {};
  return {
    headers: {
      [POSITION_HEADER]: { description: `Whoever knows the log up to this position sees what is answered: for ${AT_LEAST_HEADER}.`, schema: { type: 'integer', minimum: 0 } },
      ...(operation.tagged ? { ETag: { description: 'For If-Match and If-None-Match.', schema: { type: 'string' } } } : {}),
      ...(status === 202 ? { Location: { description: 'The task.', schema: { type: 'string' } } } : {}),
    },
  };
};

const responsesOf = (operation: Operation, components: Components): JsonSchema => {
  const type = operation.kind === 'stream' ? 'text/event-stream' : 'application/json';
  const good = Object.entries(operation.replies).map(([status, codec]) => [
    status,
    { description: (operation.kind === 'stream' ? 'Events until either side ends it. The schema is that of the data of each.' : MEANING[Number(status)]) ?? 'An answer.', ...replyHeaders(Number(status), operation), content: { [type]: { schema: schemaOf(codec, components) } } },
  ]);
  const bad = [...ALWAYS, ...BESIDES[operation.kind]].toSorted((a, b) => a - b).map((status) => [String(status), { $ref: `#/components/responses/Refused${status}` }]);
  const same = operation.tagged ? [['304', { description: MEANING[304] }]] : [];
  return Object.fromEntries([...good, ...same, ...bad]) as JsonSchema;
};

/** Every way to refuse, once. */
const refusals = (components: Components): JsonSchema => {
  const content = { [PROBLEM_TYPE]: { schema: schemaOf(ProblemBody, components) } };
  const statuses = [...new Set([...ALWAYS, ...Object.values(BESIDES).flat()])].toSorted((a, b) => a - b);
  return Object.fromEntries(statuses.map((status) => [`Refused${status}`, { description: MEANING[status], content }]));
};

const ROLES = { reader: 'Any token may ask.', operator: 'Needs a token of the role operator or admin.', admin: 'Needs a token of the role admin.' } as const;

const operationOf = (id: string, operation: Operation, components: Components): JsonSchema => ({
  operationId: id,
  tags: [operation.tag],
  summary: operation.summary,
  description: [operation.description, ROLES[operation.role]].filter((text) => text !== undefined).join('\n\n'),
  'x-role': operation.role,
  parameters: parametersOf(operation),
  ...(operation.body === undefined
    ? {}
    : {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: schemaOf(operation.body, components), ...(operation.example === undefined ? {} : { example: operation.example }) } },
        },
      }),
  responses: responsesOf(operation, components),
});

/** What the document says of the whole. */
const INFO = {
  title: 'Blockledger',
  version: '1',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  description:
    'Block storage as a ledger: every change is a request that is accepted or refused with its rule, and a task that can be watched, repeated and explained. Sizes are bytes, bandwidth bytes/s, moments ISO 8601 in UTC. Refusals are `application/problem+json` with `rule`, `spec`, `value`, `limit` and `remedy`.',
};

/**
 * The document, as plain JSON.
 *
 * @example
 * import { openApiDocument } from '@blockledger/app/http';
 * openApiDocument()['openapi']; // => '3.1.0'
 */
export const openApiDocument = (): JsonSchema => {
  const components: Components = new Map();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [id, operation] of everyOperation) {
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = operationOf(id, operation, components);
  }
  const responses = refusals(components);
  const used = [...new Set(everyOperation.map(([, { tag }]) => tag))];
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: API_ROOT }],
    security: [{ token: [] }, { bearer: [] }],
    tags: used.map((name) => ({ name, description: TAGS[name] ?? '' })),
    paths,
    components: {
      securitySchemes: { token: { type: 'apiKey', in: 'header', name: 'Xms-Auth-Token' }, bearer: { type: 'http', scheme: 'bearer' } },
      responses,
      schemas: Object.fromEntries([...components].toSorted(([a], [b]) => a.localeCompare(b))),
    },
  };
};
