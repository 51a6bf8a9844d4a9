/** What every route is: a method, a path, and what it answers. No framework in sight. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Accepted, Answer, ControlPlane } from '../../engine/controlPlane.ts';
import type { RequestOptions } from '../../engine/requests.ts';
import type { ResourceView } from '../../queries/views.ts';
import { parseRef } from '../bodies/fields.ts';
import { API_ROOT } from '../limits.ts';
import { refuseService, type ServiceRefusal } from '../refusals.ts';
import { taskBody } from '../views/others.ts';

/** A request whose sender is known. */
export interface Asked {
  /** What stands in place of `:ref` in the path, decoded. */
  readonly ref: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** Principal and idempotency, for the control plane. */
  readonly options: RequestOptions;
}

export interface Reply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handled = Promise<E.Either<Refusal, Reply>>;
export type Handler = (plane: ControlPlane, asked: Asked) => Handled;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Under the API's root; `:ref` is the resource, with a verb after a colon where the method is POST. */
  readonly path: string;
  readonly handle: Handler;
}

/** 200 with a body. */
export const ok = (body: object): E.Either<Refusal, Reply> => E.right({ status: 200, body });

/** The resource of a path: an integer or a UUID. */
export const refIn = (text: string): E.Either<ServiceRefusal, number | string> =>
  E.fromNullable(refuseService('ParameterIsInvalid', 'the id in the path must be an integer from 1, or a UUID', { value: text.slice(0, 100) }))(parseRef(text));

/**
 * Accepted: the resource and its task, both in their envelopes, and where to look at the task (S0-6). 200 where nothing is left to do.
 * A repeat of an earlier request says so in a header, and is the same otherwise (I-16).
 */
export const accepted =
  <V extends ResourceView>(key: string, body: (resource: V) => object) =>
  (answer: E.Either<Refusal, Accepted<V>>): E.Either<Refusal, Reply> =>
    E.map(({ resource, task, repeated }: Accepted<V>): Reply => ({
      status: task === null ? 200 : 202,
      body: { [key]: body(resource), task: task === null ? null : taskBody(task) },
      headers: {
        ...(task === null ? {} : { location: `${API_ROOT}/tasks/${task.number}` }),
        ...(repeated ? { 'idempotent-replayed': 'true' } : {}),
      },
    }))(answer);

/** Decodes first, then asks the control plane; the first refusal is the answer. */
export const asking = async <I, A>(input: E.Either<Refusal, I>, ask: (input: I) => Answer<A>): Answer<A> => (E.isLeft(input) ? input : ask(input.right));

/** A verb: what it does with the resource before the colon. */
export type Verbs = Readonly<Record<string, (plane: ControlPlane, ref: number | string, asked: Asked) => Handled>>;

/** `POST /things/{id}:verb`. */
export const verbRoute = (path: string, verbs: Verbs): Route => ({
  method: 'POST',
  path: `${path}/:ref`,
  handle: async (plane, asked) => {
    const colon = asked.ref.lastIndexOf(':');
    const name = colon < 0 ? '' : asked.ref.slice(colon + 1);
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (verb === undefined) {
      return E.left(refuseService('RouteNotFound', `POST here takes a verb after a colon: ${Object.keys(verbs).join(', ')}`, { value: name.slice(0, 100) }));
    }
    const ref = refIn(asked.ref.slice(0, colon));
    return E.isLeft(ref) ? ref : verb(plane, ref.right, asked);
  },
});
