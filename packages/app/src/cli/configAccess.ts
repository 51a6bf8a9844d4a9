/** Who may ask, how often, and over what: how the configuration says it. */
import type { Secret } from '@blockledger/domain';
import { Role } from '@blockledger/domain';
import * as t from 'io-ts';
import { closed } from '../api/closed.ts';
import type { StaticToken } from '../http/access/staticTokens.ts';

const Filled = t.refinement(t.string, (text) => text.length > 0, 'a text that is not empty');
const isSecret = (input: unknown): input is Secret => typeof input === 'object' && input !== null && '_tag' in input && input._tag === 'Secret';

/** A codec that is told by its name alone: `… must be <name>`. */
const plain = <A>(name: string, is: (input: unknown) => input is A): t.Type<A, unknown> => new t.Type(name, is, (input, context) => (is(input) ? t.success(input) : t.failure(input, context)), (value) => value);

/** A text that may be wrapped, so that nobody sees it. */
export const SecretText = plain('a text that is not empty, or a Secret', (input): input is string | Secret => isSecret(input) || Filled.is(input));

const MOMENT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;
const Moment = t.refinement(t.string, (text) => MOMENT.test(text) && !Number.isNaN(Date.parse(text)), 'a moment such as 2030-01-31T00:00:00Z');
const Sha256 = t.refinement(t.string, (text) => /^[0-9a-f]{64}$/.test(text), 'the SHA-256 of a token as 64 hex digits in lower case');
const Tenant = plain('1 to 128 printable characters, or null', (input): input is string | null => input === null || (typeof input === 'string' && /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u.test(input)));
const KnownRole = plain('reader, operator or admin', Role.is);

const may = { tenant: Tenant, expiresAt: Moment };
const Given = closed({ token: SecretText, role: KnownRole }, may);
const Hashed = closed({ tokenSha256: Sha256, role: KnownRole }, may);
const codecOf = (input: unknown): t.Mixed => {
  if (typeof input !== 'object' || input === null || isSecret(input)) return SecretText;
  return 'tokenSha256' in input ? Hashed : Given;
};

/** A token: its text, or an object that says what it may. */
export const Token = new t.Type<StaticToken, unknown>(
  'a text that is not empty, a Secret, or an object with a role and token or tokenSha256',
  (input): input is StaticToken => codecOf(input).is(input),
  (input, context) => codecOf(input).validate(input, context) as t.Validation<StaticToken>,
  (token) => token,
);

const whole = (from: number, to: number): t.Type<number, unknown> =>
  plain(`a whole number from ${from} to ${to}`, (input): input is number => typeof input === 'number' && Number.isInteger(input) && input >= from && input <= to);

const SECOND_MS = 1000;
const HOUR_MS = 3_600 * SECOND_MS;
const MIB = 2 ** 20;
/** Null: no limit. */
const Rate = new t.Type<unknown, unknown>(
  'a rate limit',
  (input): input is unknown => input === null || RateFields.is(input),
  (input, context) => (input === null ? t.success(input) : RateFields.validate(input, context)),
  (rate) => rate,
);
const RateFields = closed({ max: whole(1, 1_000_000_000), windowMs: whole(SECOND_MS, HOUR_MS) }, {});

/** How often one may ask, and how long a body may be. */
export const RequestLimits = closed({}, { perAddress: Rate, perPrincipal: Rate, wrongTokens: Rate, bodyBytes: whole(1024, 16 * MIB) });

/** A port; 0 takes any free one. */
export const Port = whole(0, 65_535);
const Address = t.refinement(t.string, (text) => /^[0-9a-fA-F.:]+(?:\/\d{1,3})?$/.test(text), 'an address or a network, such as 10.0.0.0/8');

/** Where to listen, and with what certificates. */
export const Listen = closed(
  {},
  {
    host: Filled,
    port: Port,
    tls: closed({ cert: Filled, key: SecretText }, { ca: Filled, requestClientCert: t.boolean }),
    insecure: t.boolean,
    trustedProxies: t.readonlyArray(Address, 'a list of addresses'),
  },
);

/** How long running work may take to end, in ms. */
export const ShutdownGrace = whole(0, HOUR_MS);

/** Who asks for the commands on this machine that find the service by themselves: a token of this name is made at each start. */
export const LOCAL_TOKEN = 'local';

/** The name of a token stands in events and logs, behind `token:`. */
export const isTokenName = (name: string): boolean => /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u.test(name);
