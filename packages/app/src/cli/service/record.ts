/** Commands whose answer is one resource, shown with all its fields. */
import * as E from 'fp-ts/lib/Either.js';
import type { PlanReply } from '../../api/operation.ts';
import type { Answered, ApiClient, ClientFailure } from '../../client/index.ts';
import type { CliCommand, CommandFacts } from '../frame/command.ts';
import type { Io } from '../frame/io.ts';
import type { NoParts, Parts, Values } from '../frame/parts.ts';
import { record, type Column } from '../frame/table.ts';
import { argumentOf, resolveRef, type Ref, type RefKind } from './refs.ts';
import { planOr } from './immediate.ts';
import { serviceCommand } from './serviceCommand.ts';

/** What differs from one such command to the next. `B` is the body of the answer, `R` the resource in it. */
export interface Recorded<B, R, O extends Parts> extends Pick<CommandFacts, 'words' | 'summary' | 'about' | 'examples'> {
  /** What its argument names. */
  readonly kind: RefKind;
  /** `sizes` where its fields hold any. Default: `report`. */
  readonly shows?: 'report' | 'sizes';
  readonly options?: O;
  /** The request. */
  readonly call: (client: ApiClient, ref: Ref, given: Values<O>) => Promise<E.Either<ClientFailure, Answered<{ readonly body: B | PlanReply }>>>;
  readonly resource: (body: B) => R;
  readonly fields: (io: Io) => readonly Column<R>[];
}

/** A command that shows one resource. */
export const recordCommand = <B extends object, R, O extends Parts = NoParts>({ kind, shows = 'report', options, call, resource, fields, ...facts }: Recorded<B, R, O>): CliCommand =>
  serviceCommand({
    ...facts,
    shows,
    takes: { subject: argumentOf(kind) },
    options: options ?? {},
    run: async ({ subject, ...given }, { client }, io) => {
      const ref = await resolveRef(client, kind, subject);
      if (E.isLeft(ref)) return ref;
      const answered: E.Either<ClientFailure, Answered<{ readonly body: B | PlanReply }>> = await call(client, ref.right, given as unknown as Values<O>);
      return planOr(answered, (body) => E.right({ json: body, show: (screen) => record(fields(io), resource(body as B), screen) }));
    },
  });
