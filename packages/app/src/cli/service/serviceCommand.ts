/** A command that speaks to a service: it is connected before it runs. */
import * as E from 'fp-ts/lib/Either.js';
import type { ClientFailure } from '../../client/index.ts';
import type { Ending } from '../exit.ts';
import { command, type CliCommand, type CommandSpec, type Outcome } from '../frame/command.ts';
import type { Io } from '../frame/io.ts';
import type { Parts, Values } from '../frame/parts.ts';
import { connect, type Connected } from './connect.ts';
import { endingOf } from './failure.ts';

type ServiceSpec<T extends Parts, O extends Parts> = Omit<CommandSpec<T, O>, 'run' | 'speaksTo'> & {
  readonly run: (given: Values<T> & Values<O>, service: Connected, io: Io) => Promise<Outcome>;
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Declares a command that asks a service. */
export const serviceCommand = <T extends Parts, O extends Parts>(spec: ServiceSpec<T, O>): CliCommand => {
  const declaredFor = (url: string | undefined, tokenFile: string | undefined): CliCommand =>
    command({
      ...spec,
      speaksTo: 'service',
      run: async (given: Values<T> & Values<O>, io) => {
        const service = await connect(io, { url, tokenFile });
        return E.isLeft(service) ? service : spec.run(given, service.right, io);
      },
    });
  return { ...declaredFor(undefined, undefined), run: async (raw, io) => declaredFor(textOf(raw['url']), textOf(raw['tokenFile'])).run(raw, io) };
};

/** An answer of the client as a step of a command. */
export const orEnd = <A>(answered: E.Either<ClientFailure, A>): E.Either<Ending, A> => E.mapLeft(endingOf)(answered);
