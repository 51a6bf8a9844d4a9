/** The figures of one control plane and its service, as Prometheus reads them. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ControlPlane } from '../engine/controlPlane.ts';
import type { EngineObserver } from '../engine/watching/observer.ts';
import { systemClock } from '../system/clock.ts';
import { collect } from './collecting.ts';
import { countingObserver } from './counting.ts';
import { makeInstruments } from './instruments.ts';
import type { Meters } from './meters.ts';
import { makeMeters } from './meters.ts';

/** A page for Prometheus. */
export interface Scrape {
  /** The media type to answer with. */
  readonly contentType: string;
  readonly body: string;
}

/** Figures of one control plane. */
export interface Metrics {
  /** Goes among the observers of the control plane. */
  readonly observer: EngineObserver;
  /** For what a service counts besides. */
  readonly meters: Meters;
  /** Everything that was counted, and what a look at the plane shows just now. Asks the store for its head, at most 2 s long. */
  readonly scrape: (plane: ControlPlane) => Promise<Scrape>;
}

/** How figures are made. */
export interface MetricsOptions {
  /** Milliseconds since 1970, for ages. */
  readonly nowMs?: () => number;
  /** Shown as a label of `blockledger_build_info`. */
  readonly version?: string;
  /** Also the figures of the process: CPU, memory, event loop, garbage collection. Default true. */
  readonly process?: boolean;
}

/**
 * Figures for Prometheus. Loading this module loads prom-client. What there is: docs/operate/README.md.
 *
 * @example
 * import { controlPlane } from '@blockledger/app';
 * import { memoryStore } from '@blockledger/app/memory';
 * import { prometheusMetrics } from '@blockledger/app/metrics';
 * const metrics = prometheusMetrics({ process: false });
 * const plane = await controlPlane({ store: memoryStore(), backends: {}, observers: [metrics.observer] });
 * await plane.deleteVolume(7);
 * const { body } = await metrics.scrape(plane);
 * body.includes('blockledger_refusals_total{refusal="VolumeNotFound",rule="volumeExists"} 1'); // => true
 * await plane.close();
 */
export const prometheusMetrics = ({ nowMs = systemClock.nowMs, version = 'unknown', process = true }: MetricsOptions = {}): Metrics => {
  const registry = new Registry();
  const instruments = makeInstruments(registry);
  if (process) collectDefaultMetrics({ register: registry });
  instruments.build_info.set({ version }, 1);
  return {
    observer: countingObserver(instruments),
    meters: makeMeters(instruments),
    scrape: async (plane) => {
      await collect(instruments, plane, nowMs);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
};
