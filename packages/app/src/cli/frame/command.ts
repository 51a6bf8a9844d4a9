/** The one shape that every command is declared in. From it come parsing, help, documentation and completion. */
import * as E from 'fp-ts/lib/Either.js';
import { ending, type Ending } from '../exit.ts';
import type { Io } from './io.ts';
import type { Parts, Values } from './parts.ts';
import type { Screen } from './screen.ts';

/** What a command has to say when it is done. */
export interface Report {
  /** The whole answer for programs: what the API said, unchanged, where a service was asked. */
  readonly json: unknown;
  /** The same for people, without a newline at its end; empty for nothing. */
  readonly show: (screen: Screen) => string;
  /** Default: 0. */
  readonly code?: number;
}

/** How a command ended; `undefined`: it has written by itself, or goes on. */
export type Outcome = E.Either<Ending, Report | undefined>;

/** A line that works, and what it is for. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** What a command is, besides what it does. */
export interface CommandFacts {
  /** `volume create`. */
  readonly words: string;
  /** One line, beginning with a verb. */
  readonly summary: string;
  /** A paragraph of what else there is to know. */
  readonly about?: string;
  /** `service`: it speaks to a running service, and takes `--url` and `--token-file`. */
  readonly speaksTo: 'nobody' | 'service';
  /** `report`: it takes `--json`. `sizes`: `--bytes`, too. `lines`: both, and its JSON is one object a line. `text`: neither, what it writes has one form. */
  readonly shows: 'text' | 'report' | 'sizes' | 'lines';
  readonly examples: readonly [Example, ...Example[]];
  /** For programs: help and documentation leave it out. */
  readonly hidden?: boolean;
}

/** What commander found, by the names of the parts. */
export type Raw = Readonly<Record<string, unknown>>;

/** A command, its types folded away. */
export interface CliCommand extends CommandFacts {
  readonly takes: Parts;
  readonly options: Parts;
  readonly run: (raw: Raw, io: Io) => Promise<Outcome>;
}

/** A command as its file declares it. */
export interface CommandSpec<T extends Parts, O extends Parts> extends CommandFacts {
  /** Its arguments, in order. */
  readonly takes: T;
  readonly options: O;
  readonly run: (given: Values<T> & Values<O>, io: Io) => Promise<Outcome>;
}

const readAll = (parts: Parts, raw: Raw): E.Either<Ending, Raw> => {
  const values: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(parts)) {
    const value = part.read(raw[name]);
    if (E.isLeft(value)) return E.left(ending('usage', `${part.flags}: ${value.left}`));
    values[name] = value.right;
  }
  return E.right(values);
};

/** Declares a command. */
export const command = <T extends Parts, O extends Parts>(spec: CommandSpec<T, O>): CliCommand => ({
  ...spec,
  run: async (raw, io) => {
    const given = readAll({ ...spec.takes, ...spec.options }, raw);
    return E.isLeft(given) ? given : spec.run(given.right as Values<T> & Values<O>, io);
  },
});
