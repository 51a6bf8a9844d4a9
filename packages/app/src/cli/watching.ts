/** How a service is watched: figures, traces, log lines, and what the engine looks after by itself. Libraries are loaded only for what is used. */
import * as E from 'fp-ts/lib/Either.js';
import type { ControlPlane } from '../engine/controlPlane.ts';
import type { EngineObserver } from '../engine/watching/observer.ts';
import type { EngineLimits, Logger } from '../engine/parts.ts';
import type { Observability } from '../http/watching/attend.ts';
import { openMetricsPort } from '../http/watching/metricsPort.ts';
import { loggingObserver } from '../logging/index.ts';
import type { ServiceConfig } from './config.ts';
import { ending, type Ending } from './exit.ts';
import { versionOf } from '../system/version.ts';

/** A service looks at its backends every 15 s, and compares them with the log every 15 minutes. */
export const SERVICE_ROUNDS = { backendCheckEveryMs: 15_000, auditEveryMs: 900_000 } as const satisfies Partial<EngineLimits>;

/** What watches a service. */
export interface Watching {
  readonly observers: readonly EngineObserver[];
  readonly observability: Observability;
  /** Opens the port of its own, where the configuration has one; gives how to close it. The signal tells when the service begins to end. */
  readonly openPort: (plane: ControlPlane, serviceEnds: AbortSignal) => Promise<E.Either<Ending, () => Promise<void>>>;
}

const DEFAULT_METRICS_HOST = '127.0.0.1';

export const watchService = async ({ observability = {} }: ServiceConfig, logger: Logger): Promise<Watching> => {
  const { metrics: wanted = true, tracing: traces = true } = observability;
  const version = versionOf();
  const metrics = wanted === false ? undefined : (await import('../metrics/index.ts')).prometheusMetrics({ version });
  const tracing = traces ? (await import('../tracing/index.ts')).openTelemetry({ version }) : undefined;
  return {
    // The first that gives a trace context is believed, and only one does.
    observers: [...(tracing === undefined ? [] : [tracing.observer]), ...(metrics === undefined ? [] : [metrics.observer]), loggingObserver(logger)],
    observability: { ...(metrics === undefined ? {} : { metrics }), ...(tracing === undefined ? {} : { tracing }) },
    openPort: async (plane, serviceEnds) => {
      if (metrics === undefined || typeof wanted === 'boolean') return E.right(() => Promise.resolve());
      const { host = DEFAULT_METRICS_HOST, port } = wanted;
      const opened = await openMetricsPort(plane, metrics, { host, port, ending: serviceEnds });
      if (E.isLeft(opened)) return E.left(ending(opened.left._tag === 'PortInUse' ? 'inUse' : 'unavailable', `observability.metrics: ${opened.left.message}`));
      logger.info({ url: opened.right.url }, 'figures can be read without a token');
      return E.right(opened.right.close);
    },
  };
};
