/** Reading the data of an event as it came over the wire: whatever is not there is told as a question mark, never an exception. */
import { isRecord } from '../../api/record.ts';

/** The data of an event. */
export type EventData = Readonly<Record<string, unknown>>;

const UNKNOWN = '?';

/** A text. */
export const textIn = (data: EventData, key: string): string => (typeof data[key] === 'string' ? data[key] : UNKNOWN);
/** A number; undefined where there is none. */
export const numberIn = (data: EventData, key: string): number | undefined => (typeof data[key] === 'number' ? data[key] : undefined);
/** An object; empty where there is none. */
export const objectIn = (data: EventData, key: string): EventData => (isRecord(data[key]) ? data[key] : {});
/** True where it says so. */
export const isIn = (data: EventData, key: string): boolean => data[key] === true;
