/** Between the text that is kept with events and OpenTelemetry's contexts. */
import { context, isSpanContextValid, ROOT_CONTEXT, trace, type Context, type Span, type SpanContext } from '@opentelemetry/api';
import { traceparentOf } from '../engine/watching/traceContext.ts';

const HEX = 16;

/** A trace context as OpenTelemetry has it; undefined for none. */
export const spanContextOf = (traceparent: string | undefined): SpanContext | undefined => {
  const [, traceId, spanId, flags] = traceparentOf(traceparent)?.split('-') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, HEX), isRemote: true };
};

/** The text that is kept of a span, for what follows from it; undefined where nobody traces. */
export const traceparentFrom = (span: Span): string | undefined => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return isSpanContextValid(span.spanContext()) ? `00-${traceId}-${spanId}-${traceFlags.toString(HEX).padStart(2, '0')}` : undefined;
};

/**
 * The context in which something begins. What it says itself goes first: drivers begin work where another request happens to run. The
 * running context is taken where it is the same, since it may carry more, and where nothing is said.
 */
export const parentOf = (traceparent: string | undefined): Context => {
  const said = spanContextOf(traceparent);
  const active = context.active();
  if (said === undefined || trace.getSpanContext(active)?.spanId === said.spanId) return active;
  return trace.setSpanContext(ROOT_CONTEXT, said);
};

/** As `parentOf`, for what begins by itself: without a word of its own it begins a trace. */
export const ownParentOf = (traceparent: string | undefined): Context => (traceparent === undefined ? ROOT_CONTEXT : parentOf(traceparent));
