/**
 * Traces with OpenTelemetry.
 *
 * @packageDocumentation
 */
export { openTelemetry, type HttpNote, type Tracing, type TracingOptions } from './tracing.ts';
