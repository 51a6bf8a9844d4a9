/** A simulated array: what it holds, the server in front of it, and the hands of whoever tests. */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { secret } from '@blockledger/domain';
import type { QsanOptions } from '../options.ts';
import { isFit, makeCertificate } from './certificate.ts';
import { handFaults, type QsanFaults } from './faults.ts';
import { keptIn, type Face } from './keep.ts';
import { initialState, settingsOf, type QsanArrayOptions } from './options.ts';
import { requestLog, type QsanLogged } from './requestLog.ts';
import { answer, answerOperator, type Received } from './routes.ts';
import { startServer, type Outgoing } from './server.ts';
import { replaced, spaceOf, type QsanSimSpace, type QsanSimState } from './state.ts';

/** An answer to whoever sits at the array. */
export interface QsanAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A simulated array that runs. */
export interface QsanArray {
  /** `https://127.0.0.1:38713`: the API is below `/api` (S1-1). */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The certificate to trust, as PEM. */
  readonly ca: string;
  readonly username: string;
  /** In clear, as this is a simulator. */
  readonly password: string;
  /** How it is reached, for `qsanArray({ ...array.options })`. */
  readonly options: Required<Pick<QsanOptions, 'url' | 'ca' | 'username' | 'password'>>;
  /** All that it holds now. */
  readonly state: () => QsanSimState;
  /** How full a pool is; undefined when there is no such pool. */
  readonly space: (pool: string) => QsanSimSpace | undefined;
  /** The last 10,000 requests, in the order in which they came. */
  readonly requests: () => readonly QsanLogged[];
  /** How many logins succeeded. */
  readonly logins: () => number;
  /** Faults by hand. */
  readonly faults: QsanFaults;
  /**
   * Does something as whoever sits at the array: `operate('DELETE', '/api/volumes/volume-1')`. It needs no token, meets no fault and is not
   * in `requests`.
   */
  readonly operate: (method: string, url: string, body?: unknown) => QsanAnswer;
  /** A host writes so many new bytes to a volume. False where there is no such volume, or its pool or itself is full. */
  readonly write: (volume: string, bytes: number) => boolean;
  /** Its clock goes on by so much: tokens end. */
  readonly advance: (ms: number) => void;
  /** All tokens end, as when it restarts. */
  readonly endSessions: () => void;
  /** Ends it with every connection. */
  readonly stop: () => Promise<void>;
}

const PASSWORD_BYTES = 12;
const TOKEN_BYTES = 32;

const drawn = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** By what its clients know an array that is started: what they knew it by before, where that still fits. */
const faceOf = async ({ certificate, password }: Face, options: QsanArrayOptions, host: string): Promise<Required<Face>> => ({
  certificate: certificate !== undefined && isFit(certificate, [host]) ? certificate : await makeCertificate([host]),
  password: options.password ?? password ?? drawn(PASSWORD_BYTES),
});

/** What a host's writing makes of a state; undefined where it cannot. */
const written = (state: QsanSimState, name: string, bytes: number): QsanSimState | undefined => {
  const volume = state.volumes.find((one) => one.name === name);
  const pool = state.pools.find((one) => one.name === volume?.pool);
  if (volume === undefined || pool === undefined) return undefined;
  const { isThin, sizeBytes, writtenBytes } = volume;
  if (writtenBytes + bytes > sizeBytes || (isThin && bytes > spaceOf(state, pool).freeBytes)) return undefined;
  return { ...state, volumes: replaced(state.volumes, volume, { ...volume, writtenBytes: writtenBytes + bytes }) };
};

/**
 * Starts a simulated array on a port of this machine: a real HTTPS server with the whole API (S1-1 to S1-24). What the source does not say
 * it does as `QSAN_ASSUMPTIONS` tells. Nothing is kept when it stops, unless there is a `file`. Rejects where it cannot
 * listen, or not write its file.
 *
 * @example
 * import { startQsanArray } from '@blockledger/adapters-qsan/simulator';
 * const array = await startQsanArray({ pools: [{ name: 'Pool-1', totalBytes: 2 ** 40 }] });
 * array.operate('POST', '/api/volumes', { pool: 'Pool-1', name: 'volume-1', size: 2 ** 30, thin_provision: false }).status; // => 200
 * array.space('Pool-1')?.usedBytes; // => 1073741824
 * await array.stop();
 */
export const startQsanArray = async (options: QsanArrayOptions = {}): Promise<QsanArray> => {
  const { host = '127.0.0.1', latencyMs = 0 } = options;
  const held = keptIn(options.file, initialState(options));
  const { certificate, password } = await faceOf(held.face(), options, host);
  // A password that was given is given again by whoever starts it, and is nobody else's to keep.
  held.show({ ...held.face(), certificate, ...(options.password === undefined ? { password } : {}) });
  const settings = settingsOf(options, { password, startedAtMs: Date.now() });
  const faults = handFaults();
  const log = requestLog();
  let aheadMs = 0;
  const asked = (method: string, url: string, more: Partial<Received> = {}): Received => ({
    method,
    url,
    body: undefined,
    token: undefined,
    freshToken: drawn(TOKEN_BYTES),
    atMs: Date.now() + aheadMs,
    ...more,
  });
  const server = await startServer(certificate, { host, port: options.port ?? 0 }, {
    arrived: log.arrived,
    ended: log.ended,
    faultOf: (request) => faults.take(request) ?? options.faults?.(request),
    latencyOf: (request) => (typeof latencyMs === 'number' ? latencyMs : latencyMs(request)),
    perform: ({ request: { method }, url, body, token }): Outgoing => {
      const { state, ...outgoing } = answer(held.now(), asked(method, url, { body, token }), settings);
      held.next(state);
      return outgoing;
    },
    revoke: (token) => held.next({ ...held.now(), sessions: held.now().sessions.filter((session) => session.token !== token) }),
  });
  const url = `https://${isIP(host) === 6 ? `[${host}]` : host}:${server.port}`;
  return {
    url,
    host,
    port: server.port,
    ca: certificate.cert,
    username: settings.username,
    password: settings.password,
    options: { url, ca: certificate.cert, username: settings.username, password: secret(settings.password) },
    state: held.now,
    space: (name) => {
      const state = held.now();
      const pool = state.pools.find((one) => one.name === name);
      return pool === undefined ? undefined : spaceOf(state, pool);
    },
    requests: log.requests,
    logins: log.logins,
    faults: { add: faults.add, clear: faults.clear, pending: faults.pending },
    operate: (method, url, body) => {
      const { state, ...outgoing } = answerOperator(held.now(), asked(method, url, { body }), settings);
      held.next(state);
      return outgoing;
    },
    write: (volume, bytes) => {
      const next = written(held.now(), volume, bytes);
      if (next !== undefined) held.next(next);
      return next !== undefined;
    },
    advance: (ms) => void (aheadMs += ms),
    endSessions: () => held.next({ ...held.now(), sessions: [] }),
    stop: server.stop,
  };
};
