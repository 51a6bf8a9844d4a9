/** Python's `None`. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Asked } from '../errors.ts';
import type { Returned } from './contract.ts';

/** Does what is asked, and returns nothing. */
export const none = (asked: Asked<unknown>): Returned<null> => TE.map(() => null)(asked)();
