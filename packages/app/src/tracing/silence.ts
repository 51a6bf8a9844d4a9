/** A library is instrumented whether or not somebody traces. Where nobody does, spans are not even put together. */
import { context, createContextKey, ProxyTracerProvider, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Chain, EngineObserver, Observe } from '../engine/watching/observer.ts';
import { traced } from '../engine/watching/observing.ts';

/** What the API hands out until a provider is registered. */
const NOBODY = new ProxyTracerProvider().getDelegate();
const PROBE = ROOT_CONTEXT.setValue(createContextKey('blockledger probe'), true);

/** True as long as neither a tracer provider nor a context manager is registered; either may come later. */
export const nobodyTraces = (): boolean => {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider && provider.getDelegate() === NOBODY && context.with(PROBE, () => context.active()) !== PROBE;
};

/** All that is left of a span then is the caller's context, handed on. */
const handingOn =
  <Note extends Chain, End>(observe: Observe<Note, End> | undefined): Observe<Note, End> =>
  (note) =>
    nobodyTraces() ? traced(note.traceparent) : observe?.(note);

const asking =
  <Note, End>(observe: Observe<Note, End> | undefined): Observe<Note, End> =>
  (note) =>
    nobodyTraces() ? undefined : observe?.(note);

/** The same observer, which costs next to nothing while nobody traces. */
export const silentUntilTraced = ({ request, command, append, work, call, delivery, question, external }: EngineObserver): EngineObserver => ({
  request: handingOn(request),
  command: handingOn(command),
  append: handingOn(append),
  work: handingOn(work),
  call: handingOn(call),
  delivery: handingOn(delivery),
  question: asking(question),
  external: asking(external),
});
