/** The engine's steps as log lines: all lines of one chain carry the same correlation id, and the same trace id where there is a trace. */
import { performance } from 'node:perf_hooks';
import type { EngineObserver } from '../engine/watching/observer.ts';
import { logged } from '../engine/watching/observing.ts';
import type { Logger } from '../engine/parts.ts';

const HUNDREDTHS = 100;

/** Milliseconds since it was called. */
const stopwatch = (): (() => number) => {
  const began = performance.now();
  return () => Math.round((performance.now() - began) * HUNDREDTHS) / HUNDREDTHS;
};

const asking = (logger: Logger): Pick<EngineObserver, 'request' | 'command' | 'append'> => ({
  request: ({ request, commandId, issuedBy, tenant, ...chain }) => {
    const ms = stopwatch();
    return {
      ended: (end) => {
        const refusal = end?.refusal;
        const why = refusal === undefined ? {} : { refusal: refusal._tag, rule: refusal.rule, spec: refusal.spec };
        logger.info({ ...logged(chain), request, commandId, issuedBy, tenant, outcome: end?.outcome, ...why, ms: ms() }, `${request}: ${end?.outcome ?? 'threw'}`);
      },
    };
  },
  command: ({ type, stream, commandId, issuedBy, ...chain }) => {
    const ms = stopwatch();
    return {
      ended: (end) => {
        const why = end?.refusal === undefined ? {} : { refusal: end.refusal._tag, rule: end.refusal.rule };
        logger.debug({ ...logged(chain), command: type, stream, commandId, issuedBy, outcome: end?.outcome, position: end?.position, ...why, ms: ms() }, `${type}: ${end?.outcome ?? 'threw'}`);
      },
    };
  },
  append: ({ stream, types, ...chain }) => {
    const ms = stopwatch();
    return { ended: (end) => logger.debug({ ...logged(chain), stream, events: types, outcome: end?.outcome, position: end?.position, tries: end?.tries, ms: ms() }, 'append') };
  },
});

const driving = (logger: Logger): Pick<EngineObserver, 'work' | 'call' | 'external' | 'task' | 'delivery'> => ({
  work: ({ kind, step, stream, workId, poolId, backend, ...chain }) => {
    const ms = stopwatch();
    return {
      ended: (end) => {
        const why = { ...(end?.error === undefined ? {} : { error: end.error }), ...(end?.refusal === undefined ? {} : { refusal: end.refusal._tag, rule: end.refusal.rule }) };
        const line = { ...logged(chain), work: kind, step, stream, workId, poolId, backend, outcome: end?.outcome, ...why, ms: ms() };
        if (end?.outcome === 'Failed') logger.warn(line, `${step}: failed`);
        else logger.debug(line, `${step}: ${end?.outcome ?? 'threw'}`);
      },
    };
  },
  call: ({ backend, action, attempt, workId, stream, ...chain }) => {
    const ms = stopwatch();
    return { ended: (end) => logger.debug({ ...logged(chain), backend, action, attempt, workId, stream, outcome: end?.outcome, code: end?.error?.code, ms: ms() }, `${action}: ${end?.outcome ?? 'threw'}`) };
  },
  external: ({ program, command, backend, chain }) => {
    const ms = stopwatch();
    return { ended: (exit) => logger.debug({ ...(chain === undefined ? {} : logged(chain)), backend, program, command, exit, ms: ms() }, `${program} ${command}`) };
  },
  delivery: ({ webhookId, eventId, type, position, attempt, ...chain }) => {
    const ms = stopwatch();
    return { ended: (end) => logger.debug({ ...logged(chain), webhookId, eventId, type, position, attempt, outcome: end?.outcome, status: end?.status, ms: ms() }, 'delivery') };
  },
  task: ({ id, type, status, startedAt, at, ...chain }) =>
    (status === 'failed' ? logger.warn : logger.info).call(logger, { ...logged(chain), taskId: id, task: type, status, ms: at - startedAt }, `${type}: ${status}`),
});

/**
 * Log lines of everything that the engine tells: requests and the ends of tasks at `info`, failures at `warn`, each step in between at
 * `debug`. Every line of a chain has the same `correlationId`, and the same `traceId` where there is a trace.
 */
export const loggingObserver = (logger: Logger): EngineObserver => ({ ...asking(logger), ...driving(logger) });
