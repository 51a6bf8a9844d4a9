/** Spans kept in memory, and looked at as the tree that they are. */
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base';

export interface Recorder {
  readonly provider: BasicTracerProvider;
  readonly spans: () => readonly ReadableSpan[];
  readonly named: (name: string) => readonly ReadableSpan[];
  /** Names from a span up to the root that is known, the span's own first. */
  readonly lineage: (span: ReadableSpan) => readonly string[];
  readonly forget: () => void;
}

export const spanRecorder = (): Recorder => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
  const lineage = (span: ReadableSpan): readonly string[] => {
    const parent = spans().find((one) => one.spanContext().spanId === span.parentSpanContext?.spanId);
    return parent === undefined ? [span.name] : [span.name, ...lineage(parent)];
  };
  return { provider, spans, named: (name) => spans().filter((span) => span.name === name), lineage, forget: () => exporter.reset() };
};
