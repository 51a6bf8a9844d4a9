/** W3C trace context: the one header that is kept with a command, so that work done later still belongs to its trace. */

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** A trace context as it is kept, in version 00; undefined for none, and for one that is not well formed. */
export const traceparentOf = (given: string | undefined): string | undefined => {
  const [, version, trace, span, flags, more] = TRACEPARENT.exec(given ?? '') ?? [];
  // What later versions add stands behind what this one has; version 00 ends there.
  if (trace === undefined || (version === '00' && more !== undefined)) return undefined;
  return `00-${trace}-${span}-${flags}`;
};

/** The 32 hexadecimal digits that name the trace. */
export const traceIdOf = (traceparent: string | undefined): string | undefined => TRACEPARENT.exec(traceparent ?? '')?.[2];
