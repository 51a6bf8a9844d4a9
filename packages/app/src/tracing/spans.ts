/** Spans as watches of the engine: begun with a note, ended with an outcome. */
import { context, SpanStatusCode, trace, type Attributes, type Context, type Link, type SpanKind, type Tracer } from '@opentelemetry/api';
import type { Watch } from '../engine/watching/observer.ts';
import { traceparentFrom } from './context.ts';

/** How a span is begun. */
export interface Beginning {
  readonly name: string;
  readonly kind: SpanKind;
  readonly parent: Context;
  readonly attributes: Attributes;
  readonly links?: readonly Link[];
}

/** What a span's end says. `error` makes it a failed one; a refusal is none. */
export interface Ending {
  readonly attributes: Attributes;
  readonly error?: { readonly type: string; readonly message: string } | undefined;
}

const THREW: Ending = { attributes: {}, error: { type: 'threw', message: 'it threw' } };

/** A span that accompanies what is watched. */
export const spanWatch = <End>(tracer: Tracer, { name, kind, parent, attributes, links = [] }: Beginning, endingOf: (end: End) => Ending): Watch<End> => {
  const span = tracer.startSpan(name, { kind, attributes, links: [...links] }, parent);
  const inside = trace.setSpan(parent, span);
  const traceparent = traceparentFrom(span);
  return {
    ...(traceparent === undefined ? {} : { traceparent }),
    within: (run) => context.with(inside, run),
    ended: (end) => {
      const { attributes: last, error } = end === undefined ? THREW : endingOf(end);
      span.setAttributes(last);
      if (error !== undefined) {
        span.setAttribute('error.type', error.type);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      }
      span.end();
    },
  };
};
