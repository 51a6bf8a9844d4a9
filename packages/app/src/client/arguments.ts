/** What each operation is called with, derived from its declaration. */
import type { ClientFailure } from './failure.ts';
import type { BodyOf, OperationKind, PathOf, QueryOf } from '../api/operation.ts';

/** What every call takes. */
export interface CallOptions {
  /** Ends the call; a change may have been made nevertheless. */
  readonly signal?: AbortSignal;
  /** The `blockledger-position` of an earlier answer, also of another process over the same log: waits until the service sees it (I-17). */
  readonly atLeast?: number;
}

/** What a call takes besides that a repeat finds again. */
export interface KeyOptions {
  /** Default: a fresh one for each call, so that tries of one call are one request (I-16). */
  readonly idempotencyKey?: string;
}

/** What a call that changes a resource takes besides. */
export interface ChangeOptions extends KeyOptions {
  /** The ETag that the resource must still have: of a volume, snapshot or pool. Refused elsewhere. */
  readonly ifMatch?: string;
  /** Waits for the task's end, at most so many seconds. */
  readonly waitSeconds?: number;
}

/** How a caller writes a parameter: lists of words as such or between commas, an order as the service reads it: `-size,name`. */
export type WrittenParameter<A> = A extends readonly (infer E)[] ? ([E] extends [string] ? A | string : string) : A;
/** The parameters of the query. */
export type QueryArgument<Q> = { readonly [K in keyof Q]: WrittenParameter<Q[K]> };

/** What every stream takes besides. */
export interface StreamOptions {
  /** The `id` of the last event that was seen, to go on behind it; the loop keeps it by itself afterwards. */
  readonly lastEventId?: string;
  /** Called whenever the stream was cut and before it is asked for again; undefined where the service ended it in order. */
  readonly onCut?: (failure: ClientFailure | undefined) => void;
}

/** The references in the path, by their names; nothing where the path has none. */
export type PathArgument<P> = keyof P extends never ? { readonly path?: P } : { readonly path: P };
/** The body; nothing where the operation takes none. */
export type BodyArgument<B> = B extends undefined ? { readonly body?: undefined } : { readonly body: B };

/** The arguments of an operation. */
export type ArgumentsOf<O extends { readonly kind: OperationKind }> = PathArgument<PathOf<O>> & { readonly query?: QueryArgument<QueryOf<O>> } & BodyArgument<BodyOf<O>> & CallOptions & (O['kind'] extends 'change' ? ChangeOptions : unknown) & (O['kind'] extends 'immediate' ? KeyOptions : unknown) & (O['kind'] extends 'stream' ? StreamOptions : unknown);

/** An operation that can be called with nothing is. */
export type CallOf<O extends { readonly kind: OperationKind }, R> = object extends ArgumentsOf<O> ? (given?: ArgumentsOf<O>) => R : (given: ArgumentsOf<O>) => R;

/** All arguments, as the client looks at them. */
export interface AnyArguments extends CallOptions, ChangeOptions, StreamOptions {
  readonly path?: Readonly<Record<string, number | string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}
