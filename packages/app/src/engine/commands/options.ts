/** What callers say about themselves is checked once, before anything is made of it: it ends up in the log for ever. */
import { refuseEngine, type EngineRefusal } from '../refusals.ts';
import type { RequestOptions } from '../requests.ts';

/** Longest option, in characters. */
const MAX_OPTION_LENGTH = 128;

/** Neither controls, invisible format characters, halves of surrogate pairs nor line separators: what people can read, and a log line can hold. */
const PRINTABLE = new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}]{1,${MAX_OPTION_LENGTH}}$`, 'u');

const CHECKED = ['tenant', 'issuedBy', 'correlationId', 'clientAddress'] as const;

/** The first option that is not 1 to 128 printable characters, as a refusal. The value is cut: it may be anything. */
export const invalidOption = (options: RequestOptions): EngineRefusal | undefined => {
  for (const name of CHECKED) {
    const value: unknown = options[name];
    if (value === undefined || (typeof value === 'string' && PRINTABLE.test(value))) continue;
    const message = `${name} is not 1 to ${MAX_OPTION_LENGTH} printable characters`;
    return refuseEngine('OptionIsInvalid', message, { value: typeof value === 'string' ? value.slice(0, MAX_OPTION_LENGTH) : typeof value, limit: MAX_OPTION_LENGTH });
  }
  return undefined;
};
