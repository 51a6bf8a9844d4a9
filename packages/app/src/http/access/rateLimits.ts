/** How often one address and one principal may ask, and how many wrong tokens an address may try. Counted by @fastify/rate-limit, in memory. */
import { createHmac, randomBytes } from 'node:crypto';
import fastifyRateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Refusal } from '@blockledger/domain';
import { LRUCache } from 'lru-cache';
import { holderOf } from './holder.ts';
import { refuseService } from '../refusing/refusals.ts';

/** So many in so long; the count begins anew with each window. */
export interface RateLimit {
  readonly max: number;
  readonly windowMs: number;
}

/** Null: no limit. What is left out is as in `DEFAULT_RATE_LIMITS`. */
export interface RateLimits {
  /** Requests of one address, with whatever token; IPv6 addresses of one /64 count as one. */
  readonly perAddress?: RateLimit | null;
  /** Requests of one principal, from wherever. */
  readonly perPrincipal?: RateLimit | null;
  /** Different wrong tokens from one address. A client that sends the same wrong one again and again is not guessing, and counts once. */
  readonly wrongTokens?: RateLimit | null;
}

const MINUTE_MS = 60_000;

/** 200 requests a second of one address, 100 of one principal; 30 wrong tokens a minute. */
export const DEFAULT_RATE_LIMITS: Required<RateLimits> = {
  perAddress: { max: 12_000, windowMs: MINUTE_MS },
  perPrincipal: { max: 6_000, windowMs: MINUTE_MS },
  wrongTokens: { max: 30, windowMs: MINUTE_MS },
};

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;
type Counted = Extract<Awaited<ReturnType<Limiter>>, { readonly isAllowed: false }>;

/** Addresses and principals that are counted at a time; the one not seen for longest is forgotten. */
const COUNTED_AT_A_TIME = 20_000;
const KEY_BYTES = 32;

/** The fields of draft-ietf-httpapi-ratelimit-headers; the tighter of two limits is told. */
const tell = (reply: FastifyReply, { max, remaining, ttlInSeconds }: Counted): void => {
  const told = reply.getHeader('ratelimit-remaining');
  if (typeof told === 'string' && Number(told) <= remaining) return;
  void reply.headers({ 'ratelimit-limit': String(max), 'ratelimit-remaining': String(remaining), 'ratelimit-reset': String(ttlInSeconds) });
};

const refused = (reply: FastifyReply, counted: Counted, refusal: Refusal): Refusal => {
  void reply.headers({ 'ratelimit-limit': String(counted.max), 'ratelimit-remaining': '0', 'ratelimit-reset': String(counted.ttlInSeconds), 'retry-after': String(counted.ttlInSeconds) });
  return refusal;
};

const tooMany = (whose: string, { max, timeWindow }: Counted): Refusal =>
  refuseService('TooManyRequests', `${whose} has sent more than ${max} requests in ${timeWindow} ms`, { limit: max });

/** The limits at work. Each says the refusal, or nothing, and writes the headers of the answer. */
export interface Gates {
  /** Before the token is looked at. */
  readonly address: (request: FastifyRequest, reply: FastifyReply) => Promise<Refusal | undefined>;
  /** Before a token is looked at that was presented. */
  readonly guessing: (request: FastifyRequest, reply: FastifyReply) => Promise<Refusal | undefined>;
  /** A token was wrong. */
  readonly wrong: (request: FastifyRequest, presented: string) => Promise<void>;
  readonly principal: (request: FastifyRequest, reply: FastifyReply) => Promise<Refusal | undefined>;
}

const countWith = async (limiter: Limiter | undefined, request: FastifyRequest, increment = true): Promise<Counted | undefined> => {
  const counted = await limiter?.(request, { increment });
  return counted?.isAllowed === false ? counted : undefined;
};

/** Gates of one service. They count from the first request on, when fastify is ready. */
export const makeGates = (app: FastifyInstance, limits: RateLimits = {}): Gates => {
  const { perAddress, perPrincipal, wrongTokens } = { ...DEFAULT_RATE_LIMITS, ...limits };
  const limiters: { address?: Limiter; principal?: Limiter; guesses?: Limiter } = {};
  const options = ({ max, windowMs }: RateLimit) => ({ max, timeWindow: windowMs, cache: COUNTED_AT_A_TIME });
  void app.register(fastifyRateLimit, { global: false });
  app.after(() => {
    if (perAddress !== null) limiters.address = app.createRateLimit(options(perAddress));
    if (perPrincipal !== null) limiters.principal = app.createRateLimit({ ...options(perPrincipal), keyGenerator: ({ principal }) => (principal === undefined ? '' : holderOf(principal)) });
    if (wrongTokens !== null) limiters.guesses = app.createRateLimit(options(wrongTokens));
  });
  // What was tried is remembered under a key of this process: nobody can read a token out of it.
  const key = randomBytes(KEY_BYTES);
  const tried = new LRUCache<string, true>({ max: COUNTED_AT_A_TIME, ttl: wrongTokens?.windowMs ?? MINUTE_MS });

  return {
    address: async (request, reply) => {
      const counted = await countWith(limiters.address, request);
      if (counted === undefined) return undefined;
      if (counted.isExceeded) return refused(reply, counted, tooMany('this address', counted));
      tell(reply, counted);
      return undefined;
    },
    guessing: async (request, reply) => {
      const counted = await countWith(limiters.guesses, request, false);
      if (counted?.isExceeded !== true) return undefined;
      const { max, timeWindow } = counted;
      return refused(reply, counted, refuseService('TooManyWrongTokens', `more than ${max} different wrong tokens came from this address in ${timeWindow} ms`, { limit: max }));
    },
    wrong: async (request, presented) => {
      const guess = createHmac('sha256', key).update(`${request.ip} ${presented}`).digest('base64');
      if (tried.has(guess)) return;
      tried.set(guess, true);
      await countWith(limiters.guesses, request);
    },
    principal: async (request, reply) => {
      const counted = await countWith(limiters.principal, request);
      if (counted === undefined) return undefined;
      if (counted.isExceeded) return refused(reply, counted, tooMany('this principal', counted));
      tell(reply, counted);
      return undefined;
    },
  };
};
