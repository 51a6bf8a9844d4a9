/** Commands that list resources: a page of them, or all. */
import * as E from 'fp-ts/lib/Either.js';
import type { Answered, ApiClient } from '../../client/index.ts';
import type { Ending } from '../exit.ts';
import type { CliCommand, CommandFacts } from '../frame/command.ts';
import type { Io } from '../frame/io.ts';
import type { Parts, Values } from '../frame/parts.ts';
import type { Column } from '../frame/table.ts';
import { listText, type Paging } from '../show/lists.ts';
import { limitOf, pagingParts } from '../show/paging.ts';
import { serviceCommand } from './serviceCommand.ts';

/** What differs from one such command to the next. `B` is the body of the answer, `R` a resource in it. */
export interface Listing<B, R, O extends Parts> extends Pick<CommandFacts, 'words' | 'summary' | 'about' | 'examples'> {
  /** `volume`: for the line that counts. */
  readonly noun: string;
  /** `sizes` where its columns hold any. Default: `report`. */
  readonly shows?: 'report' | 'sizes';
  /** Its filters, besides `--all` and `--limit`. */
  readonly options: O;
  /** The request. */
  readonly call: (client: ApiClient, given: Values<O>, limit: number) => Promise<E.Either<Ending, Answered<{ readonly body: B }>>>;
  readonly rows: (body: B) => readonly R[];
  readonly columns: (io: Io) => readonly Column<R>[];
}

/** A command that lists. Programs get everything unless they say otherwise. */
export const listCommand = <B extends { readonly paging: Paging }, R, O extends Parts>({ noun, shows = 'report', options, call, rows, columns, ...facts }: Listing<B, R, O>): CliCommand =>
  serviceCommand({
    ...facts,
    shows,
    takes: {},
    options: { ...options, ...pagingParts },
    run: async (values, { client }, io) => {
      const given = values as unknown as Values<O> & Values<typeof pagingParts>;
      const answered = await call(client, given, limitOf(io, given));
      if (E.isLeft(answered)) return answered;
      const { body } = answered.right;
      return E.right({ json: body, show: (screen) => listText(screen, { columns: columns(io), rows: rows(body), noun, paging: body.paging }) });
    },
  });
