/** Several observers as one that the engine can rely on: every part is there, and none of them can hurt it. */
import type { AppendEnd, AppendNote, CallEnd, CallNote, Chain, CommandEnd, CommandNote, DeliveryEnd, DeliveryNote, EngineObserver, ExternalNote, Observe, QuestionNote, RequestEnd, RequestNote, TaskNote, Watch, WorkEnd, WorkNote } from './observer.ts';
import type { Logger } from '../parts.ts';
import { traceIdOf } from './traceContext.ts';
import { messageOf } from '../../system/thrown.ts';

/** A watch of which every part is there. */
export interface Watching<End> {
  readonly ended: (end: End | undefined) => void;
  readonly within: <A>(run: () => A) => A;
  readonly traceparent: string | undefined;
}

type Watcher<Note, End> = (note: Note) => Watching<End>;

/** All observers of an engine. */
export interface Observing {
  readonly request: Watcher<RequestNote, RequestEnd>;
  readonly command: Watcher<CommandNote, CommandEnd>;
  readonly append: Watcher<AppendNote, AppendEnd>;
  readonly work: Watcher<WorkNote, WorkEnd>;
  readonly call: Watcher<CallNote, CallEnd>;
  readonly question: Watcher<QuestionNote, CallEnd>;
  readonly external: Watcher<ExternalNote, string>;
  readonly delivery: Watcher<DeliveryNote, DeliveryEnd>;
  readonly task: (note: TaskNote) => void;
}

const asItIs = <A>(run: () => A): A => run();
const UNWATCHED: Watching<unknown> = { ended: () => undefined, within: asItIs, traceparent: undefined };

type Report = (thrown: unknown) => void;
type Within = NonNullable<Watch<never>['within']>;

/** Runs inside a watch. One that throws before it ran anything is left out. */
const inside = <A>(report: Report, within: Within, inner: () => A): A => {
  let began = false;
  try {
    return within(() => {
      began = true;
      return inner();
    });
  } catch (thrown) {
    if (began) throw thrown;
    report(thrown);
    return inner();
  }
};

/** Inside all of them, the last outermost. Most steps are inside one at most. */
const withinAll = (report: Report, all: readonly Within[]): Watching<never>['within'] => {
  const [first, ...others] = all;
  if (first === undefined) return asItIs;
  return <A>(run: () => A): A => others.reduce<() => A>((inner, within) => () => inside(report, within, inner), () => inside(report, first, run))();
};

const joinWatches = <End>(report: Report, watches: readonly Watch<End>[]): Watching<End> => {
  const within: Within[] = [];
  let traceparent: string | undefined;
  for (const watch of watches) {
    if (watch.within !== undefined) within.push(watch.within);
    traceparent ??= watch.traceparent;
  }
  return {
    ended: (end) => {
      for (const watch of watches) {
        try {
          watch.ended?.(end);
        } catch (thrown) {
          report(thrown);
        }
      }
    },
    within: withinAll(report, within),
    traceparent,
  };
};

const join = <Note, End>(report: Report, observes: readonly (Observe<Note, End> | undefined)[]): Watcher<Note, End> => {
  const there = observes.filter((observe) => observe !== undefined);
  if (there.length === 0) return () => UNWATCHED;
  return (note) => {
    const watches: Watch<End>[] = [];
    for (const observe of there) {
      try {
        const watch = observe(note);
        if (watch !== undefined) watches.push(watch);
      } catch (thrown) {
        report(thrown);
      }
    }
    return watches.length === 0 ? UNWATCHED : joinWatches(report, watches);
  };
};

/** Joins observers. The first trace context that one of them gives is kept. */
export const observing = (observers: readonly EngineObserver[], logger: Logger): Observing => {
  const report: Report = (thrown) => logger.error({ error: messageOf(thrown) }, 'an observer failed');
  const tasks = observers.flatMap(({ task }) => task ?? []);
  return {
    request: join(report, observers.map(({ request }) => request)),
    command: join(report, observers.map(({ command }) => command)),
    append: join(report, observers.map(({ append }) => append)),
    work: join(report, observers.map(({ work }) => work)),
    call: join(report, observers.map(({ call }) => call)),
    question: join(report, observers.map(({ question }) => question)),
    external: join(report, observers.map(({ external }) => external)),
    delivery: join(report, observers.map(({ delivery }) => delivery)),
    task: (note) => {
      for (const task of tasks) {
        try {
          task(note);
        } catch (thrown) {
          report(thrown);
        }
      }
    },
  };
};

/** Runs what is watched, and tells how it ended. */
export const watched = async <End, A>(watch: Watching<End>, run: () => Promise<A>, endOf: (answer: A) => End): Promise<A> => {
  let end: End | undefined;
  try {
    const answer = await watch.within(run);
    end = endOf(answer);
    return answer;
  } finally {
    watch.ended(end);
  }
};

/** The trace context that follows from a watch, as a part of a chain. */
export const traced = (traceparent: string | undefined): { readonly traceparent?: string } => (traceparent === undefined ? {} : { traceparent });

/** What a log line says of its chain: the correlation id, and the trace where there is one. */
export const logged = ({ correlationId, traceparent }: Chain): { readonly correlationId: string; readonly traceId?: string } => {
  const traceId = traceIdOf(traceparent);
  return traceId === undefined ? { correlationId } : { correlationId, traceId };
};
