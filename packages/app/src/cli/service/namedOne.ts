/** The one thing that a name means, among those that have it. */
import * as E from 'fp-ts/lib/Either.js';
import { ending, type Ending } from '../exit.ts';

/** What has the name. */
export interface Named {
  readonly uuid: string;
  /** What tells it from others of its name. */
  readonly about: string;
}

/** The UUID of the only one. A name that nobody or several have is refused, with all of them. */
export const namedOne = (noun: string, name: string, found: readonly Named[]): E.Either<Ending, string> => {
  const [first, ...others] = found;
  if (first === undefined) return E.left(ending('notFound', `there is no ${noun} named ${name}`, `\`blockledger ${noun} list\` shows them all`));
  if (others.length === 0) return E.right(first.uuid);
  return E.left({ ...ending('usage', `several ${noun}s are named ${name}`, 'name one by its UUID'), details: found.map(({ uuid, about }) => `${uuid}  ${about}`) });
};
