/** One call of a backend on its way: what it may use, and how it asks the array. */
import * as E from 'fp-ts/lib/Either.js';
import { type CallContext, HOST_UNREACHABLE, permanent, type PortError } from '@blockledger/domain';
import type * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import { type Answer, portErrorOf, STATUS } from './errors.ts';
import type { Link } from './http/link.ts';
import type { Settings } from './options.ts';
import type { Proofs } from './proofs.ts';
import type { ArrayRequest } from './requests.ts';

/** Either an error or an answer, soon. Actions are written as plain async functions that return early. */
export type Eventually<A> = Promise<E.Either<PortError, A>>;

/** What an action works with. */
export interface Session {
  readonly link: Link;
  readonly settings: Settings;
  readonly proofs: Proofs;
  readonly context: CallContext;
}

const isFine = (status: number): boolean => status >= STATUS.ok && status < 300;

/** Sends a request. A status that is neither well nor in `fine` is an error. */
export async function say({ link, context }: Session, request: ArrayRequest, fine: readonly number[] = []): Eventually<Answer> {
  const heard = await link.call(request, context);
  if (E.isLeft(heard)) return heard;
  const { answer, hidden } = heard.right;
  return isFine(answer.status) || fine.includes(answer.status) ? E.right(answer) : E.left(portErrorOf(request, answer, hidden));
}

/**
 * Reads the body of an answer.
 *
 * @returns `Permanent` `Unreadable` when it is not of this shape: another firmware, most likely. The body itself is not shown.
 */
export function parse<A>(codec: t.Type<A, unknown>, { summary }: ArrayRequest, { body }: Answer): E.Either<PortError, A> {
  const decoded = codec.decode(body);
  if (E.isRight(decoded)) return decoded;
  const why = body === undefined ? 'it is not JSON' : PathReporter.report(decoded).map((line) => line.replace(/^Invalid value [\s\S]* supplied to /, 'wrong: ')).slice(0, 3).join('; ');
  return E.left(permanent('Unreadable', `${summary}: cannot read the answer: ${why}`.slice(0, 500)));
}

/** Asks a question; `undefined` when what it asks for does not exist. */
export async function ask<A>(session: Session, request: ArrayRequest, codec: t.Type<A, unknown>): Eventually<A | undefined> {
  const answer = await say(session, request, [STATUS.notFound]);
  if (E.isLeft(answer)) return answer;
  return answer.right.status === STATUS.notFound ? E.right(undefined) : parse(codec, request, answer.right);
}

/** The answer to a request was lost, so that it may have taken effect, or still will. */
export const isUnknown = (error: PortError): boolean => (error._tag === 'Retryable' && error.outcomeUnknown) || error._tag === 'Cancelled';

/** Volumes are not tried for ever while the array is away, as targets are: their users wait for an answer. */
export const asBlockError = (error: PortError): PortError => (error._tag === 'Retryable' && error.code === HOST_UNREACHABLE ? { ...error, code: 'Unreachable' } : error);
