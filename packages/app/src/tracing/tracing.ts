/** OpenTelemetry, by its API alone: whoever wants traces registers an SDK, as for any other instrumented library. */
import { context, SpanKind, trace, type TracerProvider } from '@opentelemetry/api';
import type { EngineObserver, Watch } from '../engine/watching/observer.ts';
import { traced } from '../engine/watching/observing.ts';
import { parentOf, traceparentFrom } from './context.ts';
import { spansOf } from './observer.ts';
import { silentUntilTraced } from './silence.ts';
import { spanWatch } from './spans.ts';

/** An HTTP request, as far as it is known when it arrives. */
export interface HttpNote {
  readonly method: string;
  /** The route's pattern, never the path; undefined where there is none. */
  readonly route: string | undefined;
  readonly scheme: 'http' | 'https';
  readonly correlationId: string;
  /** The trace that the caller continues. */
  readonly traceparent?: string;
}

/** Spans of a control plane and of its REST face. */
export interface Tracing {
  /** Goes among the observers of the control plane. */
  readonly observer: EngineObserver;
  /** One request of the REST face; ends with its status. */
  readonly http: (note: HttpNote) => Watch<number>;
}

/** Where spans go. */
export interface TracingOptions {
  /** Default: the one that is registered with the API, now or later. */
  readonly tracerProvider?: TracerProvider;
  readonly version?: string;
}

const SERVER_ERROR = 500;

/**
 * Traces with OpenTelemetry: request, command, append, work, call of a backend and each program it runs are spans of one trace, which goes on
 * after a restart, since events keep the context of the command they come from. Without a registered SDK only the caller's context is handed on.
 *
 * @example
 * import { controlPlane } from '@blockledger/app';
 * import { memoryStore } from '@blockledger/app/memory';
 * import { openTelemetry } from '@blockledger/app/tracing';
 * const plane = await controlPlane({ store: memoryStore(), backends: {}, observers: [openTelemetry().observer] });
 * await plane.close();
 */
export const openTelemetry = ({ tracerProvider, version }: TracingOptions = {}): Tracing => {
  const tracer = (tracerProvider ?? trace.getTracerProvider()).getTracer('@blockledger/app', version);
  return {
    observer: tracerProvider === undefined ? silentUntilTraced(spansOf(tracer)) : spansOf(tracer),
    http: ({ method, route, scheme, correlationId, traceparent }) => {
      const active = context.active();
      // Somebody instruments HTTP already: a second span of the same request would tell nothing.
      const outer = trace.getSpan(active);
      if (outer?.isRecording() === true) return traced(traceparentFrom(outer));
      return spanWatch<number>(
        tracer,
        {
          name: route === undefined ? method : `${method} ${route}`,
          kind: SpanKind.SERVER,
          parent: parentOf(traceparent),
          attributes: { 'http.request.method': method, 'url.scheme': scheme, ...(route === undefined ? {} : { 'http.route': route }), 'blockledger.correlation.id': correlationId },
        },
        (status) => ({
          attributes: { 'http.response.status_code': status },
          ...(status < SERVER_ERROR ? {} : { error: { type: String(status), message: `status ${status}` } }),
        }),
      );
    },
  };
};
