/** Between the text that is kept with events and OpenTelemetry's contexts. */
import { context, INVALID_SPANID, INVALID_TRACEID, ROOT_CONTEXT, trace, type Context, type Span, type SpanContext } from '@opentelemetry/api';
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
  if (traceId === INVALID_TRACEID || spanId === INVALID_SPANID) return undefined;
  return `00-${traceId}-${spanId}-${traceFlags < HEX ? '0' : ''}${traceFlags.toString(HEX)}`;
};

/** Where the span's id stands in a traceparent. */
const SPAN_ID = [36, 52] as const;

/** Whether a trace context names this span: looked at where it stands, since most steps begin inside the one that they follow from. */
const isOf = (span: SpanContext | undefined, traceparent: string): boolean => span !== undefined && traceparent.slice(...SPAN_ID) === span.spanId;

/**
 * The context in which something begins. What it says itself goes first: drivers begin work where another request happens to run. The
 * running context is taken where it is the same, since it may carry more, and where nothing is said.
 */
export const parentOf = (traceparent: string | undefined): Context => {
  const active = context.active();
  if (traceparent === undefined || isOf(trace.getSpanContext(active), traceparent)) return active;
  const said = spanContextOf(traceparent);
  return said === undefined ? active : trace.setSpanContext(ROOT_CONTEXT, said);
};

/** As `parentOf`, for what begins by itself: without a word of its own it begins a trace. */
export const ownParentOf = (traceparent: string | undefined): Context => (traceparent === undefined ? ROOT_CONTEXT : parentOf(traceparent));
