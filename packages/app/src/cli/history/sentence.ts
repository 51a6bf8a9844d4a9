/** What sentences about events are made of. */
import { textIn, type EventData } from './data.ts';
import { errorIn, refusalIn, type Words } from './words.ts';

/** The sentence of one type of event. */
export type Sentence = (data: EventData, words: Words) => string;

/** One for every event of a union. */
export type Sentences<E extends { readonly type: string }> = Readonly<Record<E['type'], Sentence>>;

export const says =
  (text: string): Sentence =>
  () =>
    text;
export const refused =
  (what: string): Sentence =>
  (data) =>
    `${what} was refused: ${refusalIn(data)}`;

/** The step, without the id of its operation. */
const stepIn = (data: EventData): string => textIn(data, 'work').replace(/^[0-9a-f-]{36}\//, '');

/** Work and its troubles are told alike everywhere. */
export const troubles = {
  OperationAbandoned: says('The operation was given up; what it left is looked at and cleaned'),
  WorkDelayed: (data) => `"${stepIn(data)}" did not work at first and is tried again: ${errorIn(data)}`,
  WorkFailed: (data) => `"${stepIn(data)}" failed and waits for a retry or to be given up: ${errorIn(data)}`,
  WorkRetried: (data) => `"${stepIn(data)}" is tried again, as somebody asked`,
} as const satisfies Readonly<Record<string, Sentence>>;
