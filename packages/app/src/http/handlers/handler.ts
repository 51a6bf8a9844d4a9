/** What serves an operation: no framework in sight. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { BodyOf, PathOf, QueryOf } from '../../api/operation.ts';
import type { ControlPlane } from '../../engine/controlPlane.ts';
import type { AdminRequest, PlaneRequest, RequestOptions } from '../../engine/requests.ts';
import type { Principal } from '../../queries/views.ts';
import type { StreamSource } from '../streams/message.ts';
import type { Json } from '../views/json.ts';

/** A request whose sender is known and whose parts are decoded. */
export interface Asked<O> {
  readonly path: PathOf<O>;
  readonly query: QueryOf<O>;
  readonly body: BodyOf<O>;
  /** Who asks. */
  readonly principal: Principal;
  /** Given when the service is about to end: a stream ends then, its last event whole. */
  readonly ending: AbortSignal;
  /** Principal and idempotency, for the control plane. */
  readonly options: RequestOptions;
}

export interface Reply {
  readonly status: number;
  readonly body: object | Json;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handled = Promise<E.Either<Refusal, Reply>>;

/** A request for a stream. */
export interface StreamAsked<O> extends Asked<O> {
  /** The id of the last event that arrived before the stream was cut. */
  readonly lastEventId: string | undefined;
}

export type Streamed = Promise<E.Either<Refusal, StreamSource>>;

/** What is done at once: as a request that can be planned, and how it is done. */
export interface Immediate {
  readonly request: AdminRequest;
  readonly run: () => Handled;
}

/** A change is told as a request to the control plane; the service sends it, plans it, waits for it. A stream is told by its source; anything else answers by itself. */
export type Handler<O> = O extends { readonly kind: 'change' }
  ? (asked: Asked<O>) => E.Either<Refusal, PlaneRequest>
  : O extends { readonly kind: 'immediate' }
  ? (plane: ControlPlane, asked: Asked<O>) => E.Either<Refusal, Immediate>
  : O extends { readonly kind: 'stream' }
    ? (plane: ControlPlane, asked: StreamAsked<O>) => Streamed
    : (plane: ControlPlane, asked: Asked<O>) => Handled;

/** A handler for each of some operations: one that lacks does not compile. */
export type Handlers<Operations> = { readonly [Id in keyof Operations]: Handler<Operations[Id]> };

/** 200 with a body. */
export const ok = (body: object | Json, headers?: Readonly<Record<string, string>>): E.Either<Refusal, Reply> => E.right({ status: 200, body, ...(headers === undefined ? {} : { headers }) });
