/** One operation of the REST contract, declared once: the server, the document and the client all read it. */
import type { Role } from '@blockledger/domain';
import * as t from 'io-ts';
import { ActionPlan } from './bodies/plan.ts';
import { closed } from './closed.ts';
import { nullable } from './fields.ts';
import { flag, type Given, type Parameters } from './parameters.ts';
import { TaskBody } from './bodies/task.ts';

/** The method of an operation. */
export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Bodies by status. */
export type Replies = Readonly<Record<number, t.Any>>;

/** What every operation says of itself. */
export interface Described<P extends string = string> {
  readonly method: Method;
  /** Below the API's root; `{volume}` is a reference, with a verb after a colon where there is one. */
  readonly path: P;
  /** The kind of resource, for the document. */
  readonly tag: string;
  readonly role: Role;
  /** One line, imperative. */
  readonly summary: string;
  /** More, in Markdown. */
  readonly description?: string;
  /** Longest body, in bytes, where it is another than the service's own limit. */
  readonly bodyBytes?: number;
  /** How names in the path are read that are not references to a resource. */
  readonly params?: Parameters;
  /** An example of the body, for the document. */
  readonly example?: object;
}

/**
 * - `read`: looks; a `tagged` one can be cached by its ETag.
 * - `change`: becomes one request to the control plane: can be repeated with its key, planned, waited for.
 * - `immediate`: changes something, too, and is done when it is answered: can be repeated with its key, and planned.
 * - `stream`: server-sent events. `call`: anything else.
 */
export type OperationKind = 'read' | 'change' | 'immediate' | 'call' | 'stream';

/** One operation, as the server, the document and the client read it. */
export interface Operation<P extends string = string, Q extends Parameters = Parameters, B = unknown, R extends Replies = Replies, K extends OperationKind = OperationKind> extends Described<P> {
  readonly kind: K;
  readonly query: Q;
  /** Undefined: the operation takes no body. */
  readonly body: t.Type<B, unknown> | undefined;
  readonly replies: R;
  /** `If-Match` is looked at: the path names the resource that changes, and reading it is `tagged`. Everywhere else that header is refused. */
  readonly matchable: boolean;
  /** Answers with an ETag, which `If-None-Match` can hold it to, and `If-Match` a change. */
  readonly tagged: boolean;
  /** The envelope of the part of the resource that a change is about; null in the answer where it is not there, or not any more. */
  readonly part?: string;
}

interface Taking<Q extends Parameters, B> {
  readonly query?: Q;
  readonly body?: t.Type<B, unknown>;
}

/** An operation without parameters, or without a part. */
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- no parameters are an empty object
export type NoParameters = Readonly<Record<never, never>>;

/** An operation that looks: 200 with a body. */
export const read = <const P extends string, A, Q extends Parameters = NoParameters>(
  spec: Omit<Described<P>, 'method' | 'role'> & { readonly role?: Role; readonly query?: Q; readonly reply: t.Type<A, unknown>; readonly tagged?: boolean },
): Operation<P, Q, undefined, { readonly 200: t.Type<A, unknown> }, 'read'> => {
  const { reply, query, role, tagged = false, ...rest } = spec;
  return { ...rest, method: 'GET', role: role ?? 'reader', kind: 'read', query: query ?? ({} as Q), body: undefined, replies: { 200: reply }, matchable: false, tagged };
};

/** What a change takes besides its own parameters. */
const planParameter = { plan: flag('Only tells what would happen: the events that would be stored and the steps on the backend. Nothing is changed.') } as const;

/** Resources by the name of their envelope. */
export type Envelopes = Readonly<Record<string, t.Any>>;
/** True for one name, false for a choice of several. */
export type IsOne<K, All = K> = K extends All ? ([All] extends [K] ? true : false) : never;
/** Resources in their envelopes. */
export type Enveloped<E extends Envelopes> = { readonly [K in keyof E]: t.TypeOf<E[K]> };

/** The part of the resource that a change is about, in its envelope; null where it is not there, or not any more. */
export type EnvelopedPart<P extends Envelopes> = { readonly [K in keyof P]: t.TypeOf<P[K]> | null };

/** Accepted: the resource in its envelope, the part of it that the change is about, and the task that does the rest (null where nothing is left to do). */
export type AcceptedBody<E extends Envelopes, P extends Envelopes = NoParameters> = (IsOne<keyof E> extends true ? Enveloped<E> : Partial<Enveloped<E>>) &
  EnvelopedPart<P> & { readonly task: TaskBody | null };
/** The answer to `?plan=true`: what would happen. */
export interface PlanReply {
  readonly plan: ActionPlan;
}

/** What a change answers with: 202 and a task, or 200 where nothing was left to do. */
export type ChangeReplies<A> = { readonly 200: t.Type<A | PlanReply, unknown>; readonly 202: t.Type<A, unknown> };

const planReply = closed({ plan: ActionPlan }, {});

/** Where a task is retried its resource may be of any kind: the envelope tells which. */
const acceptedCodec = <E extends Envelopes, W extends Envelopes>(envelopes: E, part: W): t.Type<AcceptedBody<E, W>, unknown> => {
  const always = { ...Object.fromEntries(Object.entries(part).map(([name, codec]) => [name, nullable(codec)])), task: nullable(TaskBody) };
  const codec: unknown = Object.keys(envelopes).length === 1 ? closed({ ...envelopes, ...always }, {}) : closed(always, envelopes);
  return codec as t.Type<AcceptedBody<E, W>, unknown>;
};

/** An operation that changes a resource; the reply holds it in its envelope, with its task, and the part of it that the change is about. */
export const change = <const P extends string, const E extends Envelopes, Q extends Parameters = NoParameters, B = undefined, const W extends Envelopes = NoParameters>(
  spec: Described<P> & Taking<Q, B> & { readonly replies: E; readonly part?: W; readonly matchable?: boolean },
): Operation<P, Q & typeof planParameter, B, ChangeReplies<AcceptedBody<E, W>>, 'change'> => {
  const { replies, part, query, body, matchable, ...rest } = spec;
  const accepted = acceptedCodec(replies, part ?? ({} as W));
  const [partName] = Object.keys(part ?? {});
  return {
    ...rest,
    ...(partName === undefined ? {} : { part: partName }),
    kind: 'change',
    query: { ...(query ?? ({} as Q)), ...planParameter },
    body,
    replies: { 200: t.union([accepted, planReply]), 202: accepted },
    matchable: matchable ?? false,
    tagged: false,
  };
};

/** The replies of an operation that can be planned, too. */
export type PlannableReplies<R extends Replies> = Omit<R, 200> & { readonly 200: t.Type<(R extends { readonly 200: t.Type<infer A, unknown> } ? A : never) | PlanReply, unknown> };

const plannable = <R extends Replies>(replies: R): PlannableReplies<R> => {
  const done = replies[200];
  const codec: unknown = { ...replies, 200: done === undefined ? planReply : t.union([done, planReply]) };
  return codec as PlannableReplies<R>;
};

/** An operation that changes something and is done when it is answered. */
export const immediate = <const P extends string, const R extends Replies, Q extends Parameters = NoParameters, B = undefined>(
  spec: Described<P> & Taking<Q, B> & { readonly replies: R },
): Operation<P, Q & typeof planParameter, B, PlannableReplies<R>, 'immediate'> => {
  const { query, body, replies, ...rest } = spec;
  return { ...rest, kind: 'immediate', query: { ...(query ?? ({} as Q)), ...planParameter }, body, replies: plannable(replies), matchable: false, tagged: false };
};

/** True for what can be named by a key, so that a repeat is the same request. */
export const isKeyed = ({ kind }: { readonly kind: OperationKind }): boolean => kind === 'change' || kind === 'immediate';

/** Any other operation. */
export const call = <const P extends string, const R extends Replies, Q extends Parameters = NoParameters, B = undefined>(
  spec: Described<P> & Taking<Q, B> & { readonly replies: R },
): Operation<P, Q, B, R, 'call'> => {
  const { query, body, ...rest } = spec;
  return { ...rest, kind: 'call', query: query ?? ({} as Q), body, matchable: false, tagged: false };
};

/** An operation that answers with server-sent events; `event` is the data of each. */
export const stream = <const P extends string, A, Q extends Parameters = NoParameters>(
  spec: Omit<Described<P>, 'method' | 'role'> & { readonly role?: Role; readonly query?: Q; readonly event: t.Type<A, unknown> },
): Operation<P, Q, undefined, { readonly 200: t.Type<A, unknown> }, 'stream'> => {
  const { event, query, role, ...rest } = spec;
  return { ...rest, method: 'GET', role: role ?? 'reader', kind: 'stream', query: query ?? ({} as Q), body: undefined, replies: { 200: event }, matchable: false, tagged: false };
};

/** The names in a path: `volume` in `/block-volumes/{volume}:undelete`. */
export type PathNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | PathNames<Rest> : never;

/** What a caller gives for an operation. */
export type PathOf<O> = O extends { readonly path: infer P extends string } ? { readonly [Name in PathNames<P>]: number | string } : never;
/** The parameters after the question mark. */
export type QueryOf<O> = O extends { readonly query: infer Q extends Parameters } ? Given<Q> : never;
/** The body that it takes. */
export type BodyOf<O> = O extends { readonly body: infer C } ? (NonNullable<C> extends t.Type<infer B, unknown> ? B : never) : never;
/** What it answers with: a status and its body. */
export type ReplyOf<O> = O extends { readonly replies: infer R } ? { [S in keyof R]: R[S] extends t.Type<infer A, unknown> ? { readonly status: S; readonly body: A } : never }[keyof R] : never;

/** What each event of a stream holds. */
export type StreamedOf<O> = O extends { readonly kind: 'stream'; readonly replies: { readonly 200: t.Type<infer A, unknown> } } ? A : never;

/** The names in a path, as values. */
export const pathNames = (path: string): readonly string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
