/** Before something goes for good: somebody on a terminal is asked, a script must say --yes. */
import * as E from 'fp-ts/lib/Either.js';
import { ending, type Ending } from '../exit.ts';
import type { Io } from '../frame/io.ts';
import { flag } from '../frame/parts.ts';
import { clean } from '../frame/text.ts';

/** The option of destructive commands. */
export const yesPart = flag('--yes', 'do not ask');

/** Right where it may be done. */
export const confirmed = async (io: Io, yes: boolean, question: string): Promise<E.Either<Ending, void>> => {
  if (yes) return E.right(undefined);
  if (!io.canAsk) return E.left(ending('usage', `${clean(question)} Nobody can be asked here`, 'say --yes if that is meant'));
  const answer = await io.ask(`${clean(question)} [y/N] `);
  return /^y(es)?$/i.test(answer?.trim() ?? '') ? E.right(undefined) : E.left(ending('refused', 'nothing was done: it was not confirmed'));
};
