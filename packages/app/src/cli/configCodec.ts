/** What a configuration must look like; a mistake is told by its field. */
import { AddressRole, NetworkInterface, type BlockBackend, type TargetBackend, type VipBackend } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closed, firstFault } from '../api/closed.ts';
import { isRecord } from '../api/record.ts';
import type { ServiceConfig } from './config.ts';
import { isTokenName, Listen, LOCAL_TOKEN, Port, RequestLimits, SecretText, ShutdownGrace, Token } from './configAccess.ts';

/** What all backends have, of whatever kind. */
const isBackend = (input: unknown): input is object =>
  typeof input === 'object' && input !== null && 'kind' in input && typeof input.kind === 'string' && 'perform' in input && typeof input.perform === 'function';

/** Backends of targets and of virtual IPs know their hosts; those of blocks know none. */
const hasHosts = (input: object): boolean => 'hosts' in input && typeof input.hosts === 'function';

const Filled = t.refinement(t.string, (text) => text.length > 0, 'a text that is not empty');
const just = <B extends object>(name: string, is: (input: unknown) => input is B): t.Type<B, unknown> =>
  new t.Type<B, unknown>(
    name,
    is,
    (input, context) => (is(input) ? t.success(input) : t.failure(input, context)),
    (made) => made,
  );
const Backend = just('a backend, such as rbdBackend({ … })', (input): input is BlockBackend => isBackend(input) && !hasHosts(input));
const Targets = just('a backend of targets, such as tgtTargets({ … })', (input): input is TargetBackend => isBackend(input) && hasHosts(input) && 'see' in input);
const Vips = just('a backend of virtual IPs, such as keepalivedVips({ … })', (input): input is VipBackend => isBackend(input) && hasHosts(input) && !('see' in input));
const Close = just('a function', (input): input is () => unknown => typeof input === 'function');

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

const PREFIX_BITS = 32;
const Prefix = t.refinement(t.number, (n) => Number.isInteger(n) && n >= 1 && n <= PREFIX_BITS, 'a length of a prefix, from 1 to 32');
const Device = new t.Type<NetworkInterface, unknown>('the name of a network device', NetworkInterface.is, NetworkInterface.validate, (name) => name);
const Address = closed({ ip: Filled, interface: Device }, { prefix: Prefix, segment: Filled, role: AddressRole });
const GatewayHost = closed({ addresses: t.readonlyArray(Address) }, { targets: Filled, vips: Filled });

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
  { store: SecretText, backends: named(Backend) },
  {
    targets: named(Targets),
    vips: named(Vips),
    hosts: named(GatewayHost),
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
    close: Close,
    logLevel: t.keyof({ debug: null, info: null, warn: null, error: null, silent: null }, 'debug, info, warn, error or silent'),
  },
);

/** A backend that is named and not there, as a sentence. */
const unknownName = ({ backends, targets = {}, vips = {}, hosts = {}, pools = {} }: ServiceConfig): string | undefined => {
  const named = [
    ...Object.entries(pools).map(([name, pool]) => ({ field: `pools.${name}.backend`, names: pool.backend, among: backends, what: 'the backends' })),
    ...Object.entries(hosts).map(([name, host]) => ({ field: `hosts.${name}.targets`, names: host.targets, among: targets, what: 'the targets' })),
    ...Object.entries(hosts).map(([name, host]) => ({ field: `hosts.${name}.vips`, names: host.vips, among: vips, what: 'the vips' })),
  ];
  const lost = named.find(({ names, among }) => names !== undefined && !Object.hasOwn(among, names));
  return lost === undefined ? undefined : `${lost.field} names ${lost.names}, which is not among ${lost.what}`;
};

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
  const lost = unknownName(config);
  return lost === undefined ? E.right(config) : E.left(lost);
};
