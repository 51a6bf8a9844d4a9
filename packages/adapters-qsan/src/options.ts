/** How an array is reached. */
import type { BackendIdentity, Secret } from '@blockledger/domain';

/** A password, or how to read it: it is read anew at each login, so that one that was changed is taken up. */
export type PasswordSource = Secret | (() => Promise<Secret>);

/** Options of `qsanArray`. Times are in milliseconds. */
export interface QsanOptions {
  /** Where the array's REST interface is: `https://10.252.1.50`, port 443 unless said otherwise (S1-1). Only `https`. */
  readonly url: string;
  /** Who logs in. */
  readonly username: string;
  /** With what. See `passwordFromEnvironment` and `passwordFromFile`. */
  readonly password: PasswordSource;
  /** Who has signed the array's certificate, in PEM: arrays come with certificates that nobody else knows. Default: those that Node trusts. */
  readonly ca?: string;
  /** Whether the certificate is checked. Default true; false gives the password to whoever answers. */
  readonly verify?: boolean;
  /** The array as a host of access paths. Default `qsan`. */
  readonly host?: string;
  /** Whether new volumes are thin. Default true (S1-6). */
  readonly thin?: boolean;
  /** The port of the array's portals, of which it tells only the addresses (S1-20). Default 3260. */
  readonly portalPort?: number;
  /** How long a connection may take to stand. Default 10 000. */
  readonly connectTimeoutMs?: number;
  /** How long an answer may take. Default 30 000. */
  readonly timeoutMs?: number;
  /** How many connections at once. Default 8. */
  readonly maxConnections?: number;
  /** How often a request that may be repeated is sent again when its answer was lost or the array had a fault. Default 2. */
  readonly repeats?: number;
  /** A token is renewed so long before its end, or a tenth of its life where that is less. Default 60 000. */
  readonly renewBeforeMs?: number;
  /** How long it stays proved that this is the right array and pool. Default 60 000. */
  readonly proofMs?: number;
  /** For so long after this process died, or an answer was lost, a request may still take effect. Default: `timeoutMs`. */
  readonly lateEffectsMs?: number;
  /** What each pool must be; any other array or pool id stops destructive work. Default: what the pool was when first seen. */
  readonly expected?: Readonly<Record<string, BackendIdentity>>;
  /** Milliseconds since 1970, for the ages of tokens and proofs. */
  readonly nowMs?: () => number;
}

/** Options with nothing left open. */
export type Settings = Required<Omit<QsanOptions, 'ca' | 'url'>> & {
  readonly ca: string | undefined;
  /** `https://10.252.1.50/api`, or undefined where the URL is none that will do. */
  readonly base: string | undefined;
  /** For messages: `10.252.1.50`. */
  readonly shown: string;
};

const parsed = (url: string): URL | undefined => {
  try {
    const made = new URL(url);
    return made.protocol === 'https:' && made.username === '' && made.password === '' ? made : undefined;
  } catch {
    return undefined;
  }
};

const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;
const MINUTE_MS = 60_000;
const ISCSI_PORT = 3260;

/** Fills in the defaults. */
export const settle = (options: QsanOptions): Settings => {
  const url = parsed(options.url);
  const timeoutMs = options.timeoutMs ?? ANSWER_MS;
  return {
    base: url === undefined ? undefined : `${url.origin}${url.pathname.replace(/\/(?:api\/?)?$/, '')}/api`,
    shown: url === undefined ? 'the array' : url.host,
    username: options.username,
    password: options.password,
    ca: options.ca,
    verify: options.verify ?? true,
    host: options.host ?? 'qsan',
    thin: options.thin ?? true,
    portalPort: options.portalPort ?? ISCSI_PORT,
    connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_MS,
    timeoutMs,
    maxConnections: options.maxConnections ?? 8,
    repeats: options.repeats ?? 2,
    renewBeforeMs: options.renewBeforeMs ?? MINUTE_MS,
    proofMs: options.proofMs ?? MINUTE_MS,
    lateEffectsMs: options.lateEffectsMs ?? timeoutMs,
    expected: options.expected ?? {},
    nowMs: options.nowMs ?? Date.now,
  };
};
