/** How sentences say sizes, moments and limits. */
import { numberIn, objectIn, textIn, type EventData } from './data.ts';

/** What depends on the screen. */
export interface Words {
  readonly size: (bytes: number) => string;
  readonly moment: (ms: number) => string;
}

/** A size in the data. */
export const sizeIn = (words: Words, data: EventData, key = 'sizeBytes'): string => {
  const bytes = numberIn(data, key);
  return bytes === undefined ? '?' : words.size(bytes);
};

/** Beyond this JavaScript has no dates, in ms before and after 1970. */
const FURTHEST_MS = 8.64e15;

/** A moment, in ms since 1970. */
export const momentOf = (words: Words, ms: number): string => (Math.abs(ms) <= FURTHEST_MS ? words.moment(ms) : '?');

/** A moment in the data. */
export const momentIn = (words: Words, data: EventData, key: string): string => {
  const ms = numberIn(data, key);
  return ms === undefined ? '?' : momentOf(words, ms);
};

/** A refusal: its sentence and its rule. */
export const refusalIn = (data: EventData): string => {
  const refusal = objectIn(data, 'refusal');
  return `${textIn(refusal, 'message')} (rule ${textIn(refusal, 'rule')}, ${textIn(refusal, 'spec')})`;
};

/** The error of a backend. */
export const errorIn = (data: EventData): string => {
  const error = objectIn(data, 'error');
  return `${textIn(error, 'code')}: ${textIn(error, 'message')}`;
};

const limit = (words: Words, qos: EventData): string => {
  if (qos['enabled'] !== true) return 'no limits';
  const bytes = numberIn(qos, 'maxBytesPerSecond') ?? 0;
  const iops = numberIn(qos, 'maxIops') ?? 0;
  const parts = [...(bytes > 0 ? [`${words.size(bytes)}/s`] : []), ...(iops > 0 ? [`${iops} IOPS`] : [])];
  return parts.length === 0 ? 'limits of bursts only' : `at most ${parts.join(' and ')}`;
};

const CHANGES: Readonly<Record<string, (words: Words, changes: EventData) => string>> = {
  name: (_words, changes) => `name ${textIn(changes, 'name')}`,
  description: () => 'description',
  labels: () => 'labels',
  sizeBytes: (words, changes) => `size ${sizeIn(words, changes)}`,
  qos: (words, changes) => limit(words, objectIn(changes, 'qos')),
  performancePriority: (_words, changes) => `performance priority ${changes['performancePriority'] === true ? 'on' : 'off'}`,
};

/** What an update changes. */
export const changesIn = (words: Words, data: EventData): string => {
  const changes = objectIn(data, 'changes');
  return Object.keys(changes)
    .map((key) => CHANGES[key]?.(words, changes) ?? key)
    .join(', ');
};
