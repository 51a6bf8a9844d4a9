/** An observer that counts and measures. */
import { performance } from 'node:perf_hooks';
import type { EngineObserver } from '../engine/watching/observer.ts';
import { bounded, stepName } from './bounded.ts';
import type { Instruments } from './instruments.ts';

const MS = 1000;
/** Values that a label takes at most where adapters of others choose them. */
const MOST_CODES = 60;
const MOST_COMMANDS = 150;
const MOST_BACKENDS = 50;
const MOST_NAMES = 100;

/** Seconds since it was called. */
const stopwatch = (): (() => number) => {
  const began = performance.now();
  return () => (performance.now() - began) / MS;
};

const tell = (instruments: Instruments): Pick<EngineObserver, 'request' | 'command' | 'append'> => {
  const requestName = bounded(MOST_NAMES);
  const commandName = bounded(MOST_NAMES);
  const eventName = bounded(MOST_NAMES * 2);
  return {
    request: (note) => {
      const elapsed = stopwatch();
      const request = requestName(note.request);
      return {
        ended: (end) => {
          instruments.requests_total.inc({ request, outcome: end?.outcome ?? 'threw' });
          instruments.request_seconds.observe({ request }, elapsed());
          if (end?.refusal !== undefined) instruments.refusals_total.inc({ refusal: end.refusal._tag, rule: end.refusal.rule });
        },
      };
    },
    command: (note) => {
      const elapsed = stopwatch();
      return {
        ended: (end) => {
          instruments.commands_total.inc({ command: commandName(note.type), outcome: end?.outcome ?? 'threw' });
          instruments.command_seconds.observe(elapsed());
        },
      };
    },
    append: ({ types }) => {
      const elapsed = stopwatch();
      return {
        ended: (end) => {
          instruments.append_seconds.observe({ outcome: end?.outcome ?? 'threw' }, elapsed());
          if (end === undefined) return;
          if (end.outcome === 'Conflict') instruments.append_conflicts_total.inc();
          if (end.tries > 1) instruments.append_retries_total.inc(end.tries - 1);
          if (end.outcome === 'appended') for (const type of types) instruments.events_appended_total.inc({ event: eventName(type) });
        },
      };
    },
  };
};

const drive = (instruments: Instruments): Pick<EngineObserver, 'work' | 'task'> => {
  const stepOf = bounded(MOST_NAMES);
  return {
    work: (note) => {
      const elapsed = stopwatch();
      const step = stepOf(stepName(note.step));
      instruments.work_running.inc({ step });
      return {
        ended: (end) => {
          instruments.work_running.dec({ step });
          instruments.work_seconds.observe({ step, outcome: end?.outcome ?? 'threw' }, elapsed());
        },
      };
    },
    task: ({ type, status, startedAt, at }) => instruments.task_seconds.observe({ type, status }, Math.max(0, at - startedAt) / MS),
  };
};

const call = (instruments: Instruments): Pick<EngineObserver, 'call' | 'question' | 'external'> => {
  const [backendOf, codeOf, commandOf] = [bounded(MOST_BACKENDS), bounded(MOST_CODES), bounded(MOST_COMMANDS)];
  return {
    call: (note) => {
      const elapsed = stopwatch();
      const labels = { backend: backendOf(note.backend), action: note.action };
      instruments.backend_calls_running.inc(labels);
      return {
        ended: (end) => {
          instruments.backend_calls_running.dec(labels);
          instruments.backend_call_seconds.observe({ ...labels, exit: codeOf(end?.error?.code ?? end?.outcome ?? 'threw') }, elapsed());
        },
      };
    },
    question: (note) => {
      const elapsed = stopwatch();
      const labels = { backend: backendOf(note.backend), question: note.question };
      return {
        ended: (end) => instruments.backend_question_seconds.observe({ ...labels, exit: codeOf(end === undefined ? 'threw' : (end.error?.code ?? 'answered')) }, elapsed()),
      };
    },
    external: (note) => {
      const elapsed = stopwatch();
      const labels = { backend: backendOf(note.backend), program: commandOf(note.program), command: commandOf(note.command) };
      return { ended: (exit) => instruments.backend_command_seconds.observe({ ...labels, exit: codeOf(exit ?? 'threw') }, elapsed()) };
    },
  };
};

const deliver = (instruments: Instruments): Pick<EngineObserver, 'delivery'> => ({
  delivery: () => {
    const elapsed = stopwatch();
    return { ended: (end) => instruments.webhook_delivery_seconds.observe({ outcome: end?.outcome ?? 'threw' }, elapsed()) };
  },
});

export const countingObserver = (instruments: Instruments): EngineObserver => ({ ...tell(instruments), ...drive(instruments), ...call(instruments), ...deliver(instruments) });
