/** A control plane that is watched in one of several ways, in a process of its own: asked for a round, it tells the CPU time of a command in µs. */
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type EngineObserver } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { prometheusMetrics } from '@blockledger/app/metrics';
import { openTelemetry } from '@blockledger/app/tracing';
import { loggingObserver, serviceLogger } from '../../packages/app/src/logging/index.ts';
import { must } from './support.ts';

const CALLERS = 16;
const COMMANDS = 96;

/** Takes spans and lines, and forgets them: what an exporter or a disk costs is not ours. */
const forgetting: SpanProcessor = { onStart: () => undefined, onEnd: () => undefined, forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve() };
const nowhere = { write: () => undefined };

const metrics = (): EngineObserver => prometheusMetrics().observer;
/** Nobody registered an SDK: only the caller's context is handed on. */
const handingOn = (): EngineObserver => openTelemetry().observer;
/** What Node takes for following every promise, once anything runs inside a context; without a span of ours. */
const sdk = (): EngineObserver => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  context.with(ROOT_CONTEXT, () => undefined);
  return {};
};
const spans = (): EngineObserver => {
  sdk();
  return openTelemetry({ tracerProvider: new BasicTracerProvider({ spanProcessors: [forgetting] }) }).observer;
};
const lines = (level: 'info' | 'debug') => (): EngineObserver => loggingObserver(serviceLogger(level, nowhere));

/** Ways of being watched, by name. */
export const WATCHES: Readonly<Record<string, readonly (() => EngineObserver)[]>> = {
  'nothing': [],
  'figures': [metrics],
  'traces without an SDK': [handingOn],
  'an SDK without our traces': [sdk],
  'traces': [spans],
  'log lines': [lines('info')],
  'log lines, debug': [lines('debug')],
  'all as served (no SDK)': [handingOn, metrics, lines('info')],
  'all': [spans, metrics, lines('info')],
  'all, debug': [spans, metrics, lines('debug')],
};

const serveRounds = async (what: string): Promise<void> => {
  const observers = (WATCHES[what] ?? []).map((make) => make());
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, exclusive: true, observers });
  must(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' }, overSubscriptionRatio: 1000 }, { wait: 'done' }));
  const ids = await Promise.all(Array.from({ length: CALLERS }, async (_, at) => must(await plane.createVolume({ pool: 'vols', name: `v${at}`, sizeBytes: 2 ** 30 }, { wait: 'done' })).resource.id));
  let told = 0;
  const round = async (): Promise<number> => {
    const began = process.cpuUsage();
    await Promise.all(
      ids.map(async (id) => {
        for (let count = 0; count < COMMANDS / CALLERS; count += 1) must(await plane.updateVolume(id, { description: `text ${(told += 1)}` }));
      }),
    );
    const { user, system } = process.cpuUsage(began);
    return (user + system) / COMMANDS;
  };
  process.on('message', () => void round().then((cost) => process.send?.(cost)));
  process.once('disconnect', () => void plane.close());
};

if (process.send !== undefined && process.argv[2] !== undefined) await serveRounds(process.argv[2]);
