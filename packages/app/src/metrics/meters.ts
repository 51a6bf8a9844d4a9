/** What a service counts besides its control plane: HTTP, streams, certificates. */
import type { Instruments } from './instruments.ts';

/** An HTTP request that was answered. `route` is the route's pattern, never the path. */
export interface HttpAnswered {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Counts for a service what its control plane does not see. */
export interface Meters {
  /** A request was answered. */
  readonly http: (answered: HttpAnswered) => void;
  /** A stream of events was opened; call what comes back when it ends. */
  readonly streamOpened: () => () => void;
  /** When the certificate in use expires, in ms since 1970. */
  readonly certificateExpires: (atMs: number) => void;
  /** The service takes nothing more and finishes what it has. */
  readonly draining: (isDraining: boolean) => void;
}

const MS = 1000;

export const makeMeters = (instruments: Instruments): Meters => {
  // Without TLS there is no moment to show, and 0 would be one.
  instruments.certificate_expiry_timestamp_seconds.remove({});
  instruments.event_streams.set(0);
  instruments.draining.set(0);
  return {
    http: ({ method, route, status, seconds }) => {
      instruments.http_requests_total.inc({ method, route, status: String(status) });
      instruments.http_request_seconds.observe({ method, route }, seconds);
    },
    streamOpened: () => {
      let isOpen = true;
      instruments.event_streams.inc();
      return () => {
        if (isOpen) instruments.event_streams.dec();
        isOpen = false;
      };
    },
    certificateExpires: (atMs) => instruments.certificate_expiry_timestamp_seconds.set(atMs / MS),
    draining: (isDraining) => instruments.draining.set(isDraining ? 1 : 0),
  };
};
