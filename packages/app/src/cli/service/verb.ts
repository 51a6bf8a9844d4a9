/** Commands that do one thing with one resource: declared by the request that they make. */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskBody } from '../../api/bodies/task.ts';
import type { ApiClient } from '../../client/index.ts';
import type { Ending } from '../exit.ts';
import type { CliCommand, CommandFacts } from '../frame/command.ts';
import type { Io } from '../frame/io.ts';
import type { NoParts, Parts, Values } from '../frame/parts.ts';
import { changeParts, makeChange, type ChangeCall, type Changing } from './changing.ts';
import { confirmed, yesPart } from './confirm.ts';
import { argumentOf, resolveRef, type Ref, type RefKind } from './refs.ts';
import { serviceCommand } from './serviceCommand.ts';

/** What differs from one such command to the next. */
export interface Verb<T extends Parts, O extends Parts> extends Pick<CommandFacts, 'words' | 'summary' | 'about' | 'examples'> {
  /** What its first argument names. */
  readonly kind: RefKind;
  /** Its further arguments. */
  readonly takes?: T;
  /** Its own options, besides `--plan`, `--wait` and `--key`. */
  readonly options?: O;
  /** Asked before it is done, unless `--yes` is said or it is only planned; undefined where it can be taken back. Of what the person named. */
  readonly question?: (named: Ref, given: Values<T> & Values<O>) => string | undefined;
  /** How a task is meant to end by it. Default: `succeeded`. */
  readonly goal?: TaskBody['status'];
  /** What is told besides of the answer. */
  readonly adding?: (asked: { readonly client: ApiClient; readonly ref: Ref; readonly io: Io }, given: Values<T> & Values<O>) => NonNullable<Changing['adding']>;
  /** The request; it may first find out what else was named. */
  readonly call: (client: ApiClient, ref: Ref, given: Values<T> & Values<O>) => ChangeCall | Promise<E.Either<Ending, ChangeCall>>;
}

/** A command about one resource: it is found by its number, UUID or name, somebody is asked where that is needed, and what came of it is shown. */
export const verbCommand = <T extends Parts = NoParts, O extends Parts = NoParts>({ kind, takes, options, question, goal = 'succeeded', adding, call, ...facts }: Verb<T, O>): CliCommand => {
  const own = { ...options, ...(question === undefined ? {} : { yes: yesPart }) };
  return serviceCommand({
    ...facts,
    shows: 'report',
    takes: { subject: argumentOf(kind), ...takes },
    options: { ...own, ...changeParts },
    run: async ({ subject, plan, wait, key, ...rest }, service, io) => {
      const given = rest as unknown as Values<T> & Values<O> & { readonly yes?: boolean };
      const ref = await resolveRef(service.client, kind, subject);
      if (E.isLeft(ref)) return ref;
      const made = await call(service.client, ref.right, given);
      const request = typeof made === 'function' ? E.right(made) : made;
      if (E.isLeft(request)) return request;
      const asked = plan ? undefined : question?.(subject, given);
      const meant = asked === undefined ? E.right(undefined) : await confirmed(io, given.yes === true, asked);
      if (E.isLeft(meant)) return meant;
      return makeChange({ service, io, plan, wait, key, goal, ...(kind === 'task' ? { watched: ref.right } : {}), ...(adding === undefined ? {} : { adding: adding({ client: service.client, ref: ref.right, io }, given) }) }, request.right);
    },
  });
};
