/** What a sentence about an event is made of. */
import type { EventData } from './data.ts';
import type { Words } from './words.ts';

/** The sentence of one type of event. */
export type Sentence = (data: EventData, words: Words) => string;

/** One for every event of a union. */
export type Sentences<E extends { readonly type: string }> = Readonly<Record<E['type'], Sentence>>;
