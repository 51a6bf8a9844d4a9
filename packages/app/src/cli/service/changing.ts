/** What all commands have in common that change something: a plan, a wait, a key, and what they show. */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionPlan } from '../../api/bodies/plan.ts';
import type { TaskBody } from '../../api/bodies/task.ts';
import type { Answered, ClientFailure } from '../../client/index.ts';
import { EXIT_CODES, type Ending } from '../exit.ts';
import type { Outcome } from '../frame/command.ts';
import type { Io } from '../frame/io.ts';
import { flag, maybe } from '../frame/parts.ts';
import { text } from '../frame/readers.ts';
import type { Screen } from '../frame/screen.ts';
import { clean, marked, wrapped } from '../frame/text.ts';
import { hasEnded } from '../tasks/follow.ts';
import { doingOf, titleOf, watchTasks } from '../tasks/watch.ts';
import type { Connected } from './connect.ts';
import { orEnd } from './serviceCommand.ts';
import { subjectOf } from './subject.ts';

/** Options of commands that change something. */
export const changeParts = {
  plan: flag('--plan', 'only tell what would happen: the events and the steps on the backend'),
  wait: flag('--wait', 'show the work until it has ended'),
  key: maybe('--key <key>', 'name of the request: a repeat with the same key is answered as the first was', text),
} as const;

/** A change on its way: whom to ask, and what was said with the options. */
export interface Changing {
  readonly service: Connected;
  readonly io: Io;
  readonly plan: boolean;
  readonly wait: boolean;
  readonly key: string | undefined;
  /** The task to wait for, where the answer names none. */
  readonly watched?: number | string;
  /** How the task is meant to end. Default: `succeeded`. */
  readonly goal?: TaskBody['status'];
  /** Looks at what else there is to tell of the answer, after what was waited for has ended well. */
  readonly adding?: (body: object, waited: boolean) => Promise<E.Either<Ending, Added>>;
}

/** What is told besides. */
export interface Added {
  /** Fields of the JSON document. */
  readonly json: object;
  readonly lines: (screen: Screen) => readonly string[];
}

const NOTHING_ADDED: Added = { json: {}, lines: () => [] };

/** What the client's call takes of it. */
export interface ChangeArguments {
  readonly query: { readonly plan?: boolean };
  readonly idempotencyKey?: string;
}

type Body = { readonly plan: ActionPlan } | { readonly task: TaskBody | null };
/** A change as the client makes it. */
export type ChangeCall = (given: ChangeArguments) => Promise<E.Either<ClientFailure, Answered<{ readonly status: 200 | 202; readonly body: Body }>>>;

const argvText = (argv: readonly string[]): string => argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`)).join(' ');

/** The plan of a request: what would be written down, then what would be done, in order. */
export const planText = (screen: Screen, { events, work }: ActionPlan): string => {
  const { colour, glyphs } = screen;
  const written = events.map(({ stream, type }) => `  ${wrapped(screen, clean(`${type}  ${colour.dim(stream.replace(/-.*/, ''))}`), 4)}`);
  const done = work.flatMap(({ step, performs }) =>
    performs === undefined ? [] : [`  ${wrapped(screen, `${clean(step)} ${glyphs.arrow} ${clean(performs.backend)}`, 4)}`, ...performs.steps.map(({ summary, argv }) => `    ${wrapped(screen, clean(argv === undefined ? summary : argvText(argv)), 6)}`)],
  );
  return [colour.bold('It would be written down:'), ...written, colour.bold('It would be done:'), ...(done.length === 0 ? ['  nothing on a backend'] : done), 'Nothing was changed.'].join('\n');
};

const taskText = (screen: Screen, task: TaskBody | null, goal: TaskBody['status']): string => {
  if (task === null) return marked(screen, 'ok', 'done');
  if (!hasEnded(task)) return `${screen.glyphs.arrow} task ${titleOf(task)}: ${clean(doingOf(task))}`;
  return marked(screen, task.status === goal ? 'ok' : 'problem', `task ${titleOf(task)}: ${clean(doingOf(task))}`);
};

/** Asks for a change and shows what came of it. */
export const makeChange = async ({ service, io, plan, wait, key, watched: ref, goal = 'succeeded', adding }: Changing, call: ChangeCall): Promise<Outcome> => {
  const answered = orEnd(await call({ query: plan ? { plan } : {}, ...(key === undefined ? {} : { idempotencyKey: key }) }));
  if (E.isLeft(answered)) return answered;
  const { body } = answered.right;
  if ('plan' in body) return E.right({ json: body, show: (screen) => planText(screen, body.plan) });
  let { task } = body;
  const waitedFor = task?.id ?? ref;
  if (wait && waitedFor !== undefined) {
    const watched = await watchTasks(service.client, [waitedFor], io);
    if (E.isLeft(watched)) return watched;
    task = watched.right[0] ?? task;
  }
  const failed = task !== null && hasEnded(task) && task.status !== goal;
  const added = adding === undefined || failed ? E.right(NOTHING_ADDED) : await adding(body, wait);
  if (E.isLeft(added)) return added;
  const { json, lines } = added.right;
  const show = (screen: Screen): string => [wrapped(screen, clean(subjectOf(body)), 2), taskText(screen, task, goal), ...lines(screen)].filter((line) => line !== '').join('\n');
  return E.right({ json: { ...body, task, ...json }, show, code: failed ? EXIT_CODES.failed : EXIT_CODES.done });
};
