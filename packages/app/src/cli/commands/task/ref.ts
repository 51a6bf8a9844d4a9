/** A task on the command line: its number or UUID. */
import * as E from 'fp-ts/lib/Either.js';
import { parseRef } from '../../../api/fields.ts';
import type { Reader } from '../../frame/parts.ts';

/** Tasks have no names. */
export const taskRef: Reader<number | string> = {
  read: (given) => E.fromNullable(`${given} is not a task: write its number or UUID`)(parseRef(given)),
  completion: { of: 'tasks' },
};
