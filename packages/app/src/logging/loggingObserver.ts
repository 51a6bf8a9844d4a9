/** The engine's steps as log lines: all lines of one chain carry the same correlation id, and the same trace id where there is a trace. */
import { performance } from 'node:perf_hooks';
import type { EngineObserver, Observe, WorkEnd, WorkNote } from '../engine/watching/observer.ts';
import { logged } from '../engine/watching/observing.ts';
import type { Logger } from '../engine/parts.ts';

const HUNDREDTHS = 100;

type Level = 'debug' | 'info' | 'warn';

const isKept = (logger: Logger, level: Level): boolean => logger.isLevelEnabled?.(level) ?? true;

/** What a line says: its fields, and its message. */
type Line = readonly [fields: object, message: string];

/**
 * One line at the end of a step, with the time that it took as its last field. Where its level is not kept nothing is put together: steps are
 * many.
 */
const lineAtEnd =
  <Note, End>(logger: Logger, level: Level, line: (note: Note, end: End | undefined) => Line): Observe<Note, End> =>
  (note) => {
    if (!isKept(logger, level)) return undefined;
    const began = performance.now();
    return {
      ended: (end) => {
        const [fields, message] = line(note, end);
        logger[level](Object.assign(fields, { ms: msSince(began) }), message);
      },
    };
  };

const msSince = (began: number): number => Math.round((performance.now() - began) * HUNDREDTHS) / HUNDREDTHS;

const asking = (logger: Logger): Pick<EngineObserver, 'request' | 'command' | 'append'> => ({
  request: lineAtEnd(logger, 'info', (note, end) => {
    const { request, commandId, issuedBy, tenant } = note;
    const why = end?.refusal === undefined ? undefined : { refusal: end.refusal._tag, rule: end.refusal.rule, spec: end.refusal.spec };
    return [{ ...logged(note), request, commandId, issuedBy, tenant, outcome: end?.outcome, ...why }, `${request}: ${end?.outcome ?? 'threw'}`];
  }),
  command: lineAtEnd(logger, 'debug', (note, end) => {
    const { type, stream, commandId, issuedBy } = note;
    const why = end?.refusal === undefined ? undefined : { refusal: end.refusal._tag, rule: end.refusal.rule };
    return [{ ...logged(note), command: type, stream, commandId, issuedBy, outcome: end?.outcome, position: end?.position, ...why }, `${type}: ${end?.outcome ?? 'threw'}`];
  }),
  append: lineAtEnd(logger, 'debug', (note, end) => [{ ...logged(note), stream: note.stream, events: note.types, outcome: end?.outcome, position: end?.position, tries: end?.tries }, 'append']),
});

/** Failed work is told of at `warn`, whatever is kept of the steps that go well. */
const workLine = (logger: Logger): Observe<WorkNote, WorkEnd> => (note) => {
  if (!isKept(logger, 'warn')) return undefined;
  const began = performance.now();
  return {
    ended: (end) => {
      const level = end?.outcome === 'Failed' ? 'warn' : 'debug';
      if (!isKept(logger, level)) return;
      const { kind, step, stream, workId, poolId, backend } = note;
      const failed = end?.error === undefined ? undefined : { error: end.error };
      const why = end?.refusal === undefined ? undefined : { refusal: end.refusal._tag, rule: end.refusal.rule };
      const line = { ...logged(note), work: kind, step, stream, workId, poolId, backend, outcome: end?.outcome, ...failed, ...why, ms: msSince(began) };
      logger[level](line, `${step}: ${level === 'warn' ? 'failed' : (end?.outcome ?? 'threw')}`);
    },
  };
};

const driving = (logger: Logger): Pick<EngineObserver, 'work' | 'call' | 'external' | 'task' | 'delivery'> => ({
  work: workLine(logger),
  call: lineAtEnd(logger, 'debug', (note, end) => {
    const { backend, action, attempt, workId, stream } = note;
    return [{ ...logged(note), backend, action, attempt, workId, stream, outcome: end?.outcome, code: end?.error?.code }, `${action}: ${end?.outcome ?? 'threw'}`];
  }),
  external: lineAtEnd(logger, 'debug', ({ program, command, backend, chain }, exit) => [{ ...(chain === undefined ? {} : logged(chain)), backend, program, command, exit }, `${program} ${command}`]),
  delivery: lineAtEnd(logger, 'debug', (note, end) => {
    const { webhookId, eventId, type, position, attempt } = note;
    return [{ ...logged(note), webhookId, eventId, type, position, attempt, outcome: end?.outcome, status: end?.status }, 'delivery'];
  }),
  task: (note) => {
    const { id, type, status, startedAt, at } = note;
    const level = status === 'failed' ? 'warn' : 'info';
    if (isKept(logger, level)) logger[level]({ ...logged(note), taskId: id, task: type, status, ms: at - startedAt }, `${type}: ${status}`);
  },
});

/**
 * Log lines of everything that the engine tells: requests and the ends of tasks at `info`, failures at `warn`, each step in between at
 * `debug`. Every line of a chain has the same `correlationId`, and the same `traceId` where there is a trace.
 */
export const loggingObserver = (logger: Logger): EngineObserver => ({ ...asking(logger), ...driving(logger) });
