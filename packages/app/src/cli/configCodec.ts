/** What a configuration must look like; a mistake is told by its field. */
import type { BlockBackend } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closed, firstFault } from '../api/closed.ts';
import { isRecord } from '../api/record.ts';
import type { ServiceConfig } from './config.ts';
import { isTokenName, Listen, LOCAL_TOKEN, Port, RequestLimits, ShutdownGrace, Token } from './configAccess.ts';

const isBackend = (input: unknown): input is BlockBackend =>
  typeof input === 'object' && input !== null && 'kind' in input && typeof input.kind === 'string' && 'perform' in input && typeof input.perform === 'function';

const Filled = t.refinement(t.string, (text) => text.length > 0, 'a text that is not empty');
const Backend = new t.Type<BlockBackend, unknown>(
  'a backend, such as rbdBackend({ … })',
  isBackend,
  (input, context) => (isBackend(input) ? t.success(input) : t.failure(input, context)),
  (backend) => backend,
);

/** An object from names to values of one kind. */
const named = <A>(values: t.Type<A, unknown>): t.Type<Readonly<Record<string, A>>, unknown> =>
  new t.Type(
    'an object',
    (input): input is Readonly<Record<string, A>> => isRecord(input) && Object.values(input).every((value) => values.is(value)),
    (input, context) => {
      if (!isRecord(input)) return t.failure(input, context);
      const faults = Object.entries(input).flatMap(([name, value]) => {
        const decoded = values.validate(value, t.appendContext(context, name, values, value));
        return E.isLeft(decoded) ? decoded.left : [];
      });
      return faults.length > 0 ? t.failures(faults) : t.success(input as Readonly<Record<string, A>>);
    },
    (output) => output,
  );

const Pool = closed(
  { backend: Filled, pool: Filled },
  { dataPool: Filled, poolType: t.keyof({ replicated: null, erasure: null }, 'replicated or erasure'), overSubscriptionRatio: t.number },
);

const Metrics = new t.Type<unknown, unknown>(
  'true, false or an object with a port',
  (input): input is unknown => typeof input === 'boolean' || MetricsPort.is(input),
  (input, context) => (typeof input === 'object' && input !== null ? MetricsPort.validate(input, context) : t.boolean.validate(input, context)),
  (metrics) => metrics,
);
const MetricsPort = closed({ port: Port }, { host: Filled });

/** How the service is watched. */
const ObservabilityCodec = closed({}, { metrics: Metrics, tracing: t.boolean });
const Count = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 1, 'a whole number from 1');

const Config = closed(
  { store: Filled, backends: named(Backend) },
  {
    pools: named(Pool),
    listen: Listen,
    tokens: named(Token),
    requestLimits: RequestLimits,
    secrets: closed({}, { path: Filled, keyFile: Filled }),
    webhooks: closed({}, { plainHttp: t.boolean, linkLocal: t.boolean, timeoutMs: Count }),
    streams: closed({}, { perPrincipal: Count, total: Count }),
    shutdownGraceMs: ShutdownGrace,
    observability: ObservabilityCodec,
    limits: t.UnknownRecord,
    notice: t.string,
    logLevel: t.keyof({ debug: null, info: null, warn: null, error: null, silent: null }, 'debug, info, warn, error or silent'),
  },
);

/** A configuration, or the sentence about its first mistake. */
export const decodeConfig = (input: unknown): E.Either<string, ServiceConfig> => {
  const decoded = Config.decode(input);
  if (E.isLeft(decoded)) {
    const { path, reason } = firstFault(decoded.left);
    return E.left(`${path === '' ? 'the configuration' : path} ${reason}`);
  }
  const config = decoded.right as ServiceConfig;
  const unnamed = Object.keys(config.tokens ?? {}).find((name) => !isTokenName(name));
  if (unnamed !== undefined) return E.left('tokens has a name that is not 1 to 100 printable characters');
  if (Object.hasOwn(config.tokens ?? {}, LOCAL_TOKEN)) return E.left(`tokens.${LOCAL_TOKEN} is the name of the token that commands on this machine use: give it another name`);
  const lost = Object.entries(config.pools ?? {}).find(([, pool]) => !Object.hasOwn(config.backends, pool.backend));
  return lost === undefined ? E.right(config) : E.left(`pools.${lost[0]}.backend names ${lost[1].backend}, which is not among the backends`);
};
