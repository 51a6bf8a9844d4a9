/** The way to one array: connections, the token, what is repeated, and the end of it all. Shared by all backends of the array. */
import { setMaxListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import { type CallContext, HOST_UNREACHABLE, permanent, type PortError, retryable, type Secret } from '@blockledger/domain';
import { LoginAnswer } from '../codecs.ts';
import { type Answer, portErrorOf, STATUS } from '../errors.ts';
import type { Settings } from '../options.ts';
import { type ArrayRequest, logIn, logOut } from '../requests.ts';
import { agentOf, anyOf, type NoAnswer, secretsIn, send } from './send.ts';
import { noTokens, type Token } from './tokens.ts';

/** What is heard of a request, and the texts that may stand in no message about it. */
export interface Heard {
  readonly answer: Answer;
  readonly hidden: readonly string[];
}

/** What a request is sent for. */
export type Asker = Pick<CallContext, 'signal' | 'onExternalCall'>;

/** The way to one array. */
export interface Link {
  /** Sends a request under the token, and again where that is safe. Any status is an answer, but a token that is refused twice. */
  readonly call: (request: ArrayRequest, asker: Asker) => Promise<E.Either<PortError, Heard>>;
  /** One more backend uses it. */
  readonly open: () => void;
  /** One backend less: with the last one, what runs is stopped, the token given back, and all connections ended. */
  readonly close: () => Promise<void>;
}

const MS = 1000;
/** A tenth of a token's life is its margin where that is less than the usual one. */
const TENTH = 10;
const FIRST_PAUSE_MS = 100;
const LOGOUT_MS = 2_000;

const closed: PortError = { _tag: 'Cancelled', code: 'Closed', message: 'The backend was closed.' };

/** The error of a request without an answer. */
const silence = ({ shown }: Settings, { summary, method }: ArrayRequest, { _tag, code }: NoAnswer): PortError => {
  switch (_tag) {
    case 'Cancelled':
      return { _tag: 'Cancelled', code: 'Cancelled', message: `${summary}: stopped` };
    case 'Untrusted':
      return permanent('CertificateRefused', `${summary}: the certificate of ${shown} is not trusted (${code}); say with \`ca\` who has signed it`);
    case 'NotSent':
      return retryable(HOST_UNREACHABLE, `${summary}: ${shown} cannot be reached (${code})`);
    case 'Lost':
      return retryable(HOST_UNREACHABLE, `${summary}: ${shown} did not answer (${code})`, method !== 'GET');
  }
};

/** A login that failed says of the request that waited for it only this: it was never sent, whatever became of the login. */
const unsent = (error: PortError): PortError => (error._tag === 'Retryable' ? { ...error, outcomeUnknown: false } : error);

/** Faults that may be gone at the next try. Nothing is known of what the array had done before. */
const isFault = ({ status }: Answer): boolean => status >= STATUS.fault || status === STATUS.tooMany;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });

/** The error that a whole array has, whatever is asked of it. */
const settingsTrouble = ({ base }: Settings): PortError | undefined =>
  base === undefined ? permanent('BadUrl', 'the url of the array must begin with https:// and hold no user and no password') : undefined;

/** Settles with the promise, or with `Cancelled` as soon as the signal is given: nobody waits for a login that others want, too. */
const unlessStopped = async <A>(work: Promise<E.Either<PortError, A>>, signal: AbortSignal, stopped: PortError): Promise<E.Either<PortError, A>> => {
  if (signal.aborted) return E.left(stopped);
  let stop = (): void => undefined;
  const stops = new Promise<E.Either<PortError, A>>((resolve) => {
    stop = () => resolve(E.left(stopped));
    signal.addEventListener('abort', stop, { once: true });
  });
  const answer = await Promise.race([work, stops]);
  signal.removeEventListener('abort', stop);
  return answer;
};

/** Opens the way to an array. Nothing is sent before the first call. */
export const linkTo = (settings: Settings): Link => {
  const dispatcher = agentOf(settings);
  const tokens = noTokens(settings.nowMs);
  const closing = new AbortController();
  // Every call listens to it, and there may be any number of them.
  setMaxListeners(0, closing.signal);
  const active = new Set<Promise<unknown>>();
  let users = 0;
  const { base = '' } = settings;

  /** Sends, and tells whoever counts such calls how it ended. */
  const sent = async (request: ArrayRequest, signal: AbortSignal, { asker, token }: { readonly asker: Pick<Asker, 'onExternalCall'>; readonly token?: string }): Promise<E.Either<NoAnswer, Answer>> => {
    const ended = asker.onExternalCall?.({ program: 'qsan', command: request.command });
    const answer = await send({ dispatcher, base, token, signal, timeoutMs: settings.timeoutMs }, request);
    ended?.(E.isLeft(answer) ? answer.left.code : String(answer.right.status));
    return answer;
  };

  const passwordNow = async (): Promise<E.Either<PortError, Secret>> => {
    const { password } = settings;
    if (typeof password !== 'function') return E.right(password);
    try {
      return E.right(await password());
    } catch (thrown) {
      return E.left(permanent('PasswordMissing', `the password of ${settings.shown} cannot be read: ${thrown instanceof Error ? thrown.message : 'unknown'}`));
    }
  };

  /** A login belongs to everybody who waits for it, so only the end of the link stops it. */
  const login = (asker: Pick<Asker, 'onExternalCall'>) => async (): Promise<E.Either<PortError, Token>> => {
    const password = await passwordNow();
    if (E.isLeft(password)) return password;
    const request = logIn(settings.username, password.right);
    const atMs = settings.nowMs();
    const answer = await sent(request, closing.signal, { asker });
    if (E.isLeft(answer)) return E.left(closing.signal.aborted ? closed : silence(settings, request, answer.left));
    const { status } = answer.right;
    if (status === STATUS.unauthorised) return E.left(permanent('LoginRefused', `${settings.shown} refuses the user or the password of ${settings.username}`));
    if (status !== STATUS.ok && status !== STATUS.created) return E.left(portErrorOf(request, answer.right, secretsIn(request.body)));
    const read = LoginAnswer.decode(answer.right.body);
    if (E.isLeft(read)) return E.left(permanent('Unreadable', `log in: the answer of ${settings.shown} has no token and expires_in`));
    const lifeMs = read.right.expires_in * MS;
    return E.right({ text: read.right.token, renewAtMs: atMs + lifeMs - Math.min(settings.renewBeforeMs, lifeMs / TENTH) });
  };

  /** One try: under a token, and under another one if the first is refused. A 401 says that nothing was done, so this is safe for any request. */
  const once = async (request: ArrayRequest, asker: Asker, signal: AbortSignal): Promise<E.Either<PortError, { readonly heard: E.Either<NoAnswer, Answer>; readonly token: Token }>> => {
    const stopped = silence(settings, request, { _tag: 'Cancelled', code: 'Aborted' });
    const token = await unlessStopped(tokens.get(login(asker)), signal, stopped);
    if (E.isLeft(token)) return E.left(unsent(token.left));
    const heard = await sent(request, signal, { asker, token: token.right.text });
    if (E.isLeft(heard) || heard.right.status !== STATUS.unauthorised) return E.right({ heard, token: token.right });
    const other = await unlessStopped(tokens.insteadOf(token.right, login(asker)), signal, stopped);
    return E.isLeft(other) ? E.left(unsent(other.left)) : E.right({ heard: await sent(request, signal, { asker, token: other.right.text }), token: other.right });
  };

  const attempts = async (request: ArrayRequest, asker: Asker, signal: AbortSignal): Promise<E.Either<PortError, Heard>> => {
    for (let attempt = 0; ; attempt += 1) {
      const tried = await once(request, asker, signal);
      if (E.isLeft(tried)) return tried;
      const { heard, token } = tried.right;
      const hidden = [token.text, ...secretsIn(request.body)];
      const mayHelp = E.isLeft(heard) ? heard.left._tag === 'Lost' : isFault(heard.right);
      if (!mayHelp || !request.isRepeatable || attempt >= settings.repeats) {
        return E.isLeft(heard) ? E.left(closing.signal.aborted ? closed : silence(settings, request, heard.left)) : E.right({ answer: heard.right, hidden });
      }
      await pause(FIRST_PAUSE_MS * 2 ** attempt, signal);
    }
  };

  const call: Link['call'] = async (request, asker) => {
    const trouble = settingsTrouble(settings) ?? (closing.signal.aborted ? closed : undefined);
    if (trouble !== undefined) return E.left(trouble);
    const { signal, done } = anyOf([asker.signal, closing.signal]);
    const work = attempts(request, asker, signal).finally(done);
    active.add(work);
    return work.finally(() => active.delete(work));
  };

  /** Gives the token back. An array that does not take it forgets it by itself. */
  const end = async (): Promise<void> => {
    closing.abort();
    await Promise.allSettled(active);
    const token = await tokens.take();
    if (token !== undefined) await send({ dispatcher, base, token: token.text, signal: AbortSignal.timeout(LOGOUT_MS), timeoutMs: LOGOUT_MS }, logOut);
    await dispatcher.destroy();
  };

  let ending: Promise<void> | undefined;
  return {
    call,
    open: () => {
      users += 1;
    },
    close: () => {
      users -= 1;
      if (users <= 0) ending ??= end();
      return ending ?? Promise.resolve();
    },
  };
};
