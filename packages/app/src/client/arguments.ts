/** What each operation is called with, derived from its declaration. */
import type { BodyOf, OperationKind, PathOf, QueryOf } from '../api/operation.ts';

interface Common {
  /** Ends the call; a change may have been made nevertheless. */
  readonly signal?: AbortSignal;
}

interface OfChange {
  /** Default: a fresh one for each call, so that tries of one call are one request (I-16). */
  readonly idempotencyKey?: string;
  /** The ETag that the resource must still have. */
  readonly ifMatch?: string;
  /** Waits for the task's end, at most so many seconds. */
  readonly waitSeconds?: number;
}

type Named<K extends string, A> = keyof A extends never ? { readonly [Key in K]?: A } : { readonly [Key in K]: A };
type Body<B> = B extends undefined ? { readonly body?: undefined } : { readonly body: B };

/** The arguments of an operation. */
export type ArgumentsOf<O extends { readonly kind: OperationKind }> = Named<'path', PathOf<O>> & { readonly query?: QueryOf<O> } & Body<BodyOf<O>> & Common & (O['kind'] extends 'change' ? OfChange : unknown);

/** An operation that can be called with nothing is. */
export type CallOf<O extends { readonly kind: OperationKind }, R> = object extends ArgumentsOf<O> ? (given?: ArgumentsOf<O>) => R : (given: ArgumentsOf<O>) => R;

/** All arguments, as the client looks at them. */
export interface AnyArguments extends Common, OfChange {
  readonly path?: Readonly<Record<string, number | string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}
