/** What callers say about themselves is checked once, before anything is made of it: it ends up in the log for ever. */
import { refuseEngine, type EngineRefusal } from '../refusals.ts';
import type { RequestOptions } from '../requests.ts';

/** Longest option, in characters. */
const MAX_OPTION_LENGTH = 128;

/** Neither controls, invisible format characters, halves of surrogate pairs nor line separators: what people can read, and a log line can hold. */
const PRINTABLE = new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}]{1,${MAX_OPTION_LENGTH}}$`, 'u');

const WAITS = ['accepted', 'done'] as const;

const isString = (value: unknown): boolean => typeof value === 'string';

/** All of them, so that none is forgotten, and what those must be that are no plain text. */
const KNOWN: Readonly<Record<keyof RequestOptions, true | { readonly must: string; readonly fits: (value: unknown) => boolean; readonly limit: unknown }>> = {
  tenant: true,
  issuedBy: true,
  correlationId: true,
  clientAddress: true,
  commandId: { must: 'a lower-case UUID', fits: isString, limit: null },
  idempotencyKey: { must: 'text', fits: isString, limit: null },
  // One that is not well formed is ignored, as the standard asks.
  traceparent: { must: 'text', fits: () => true, limit: null },
  expectedRevision: { must: 'a whole number from 0', fits: (value) => Number.isSafeInteger(value) && (value as number) >= 0, limit: 0 },
  wait: { must: WAITS.join(' or '), fits: (value) => WAITS.some((one) => one === value), limit: WAITS },
  timeoutMs: { must: 'a number of ms from 0', fits: (value) => typeof value === 'number' && value >= 0, limit: 0 },
};

const isKnown = (name: string): name is keyof RequestOptions => Object.hasOwn(KNOWN, name);

const brief = (value: unknown): unknown => {
  if (typeof value === 'string') return value.slice(0, MAX_OPTION_LENGTH);
  return typeof value === 'number' || typeof value === 'boolean' ? value : typeof value;
};

/** The first option that there is not, or that is not as it must be, as a refusal. The value is cut: it may be anything. */
export const invalidOption = (options: RequestOptions): EngineRefusal | undefined => {
  for (const [name, value] of Object.entries(options) as readonly (readonly [string, unknown])[]) {
    if (!isKnown(name)) return refuseEngine('OptionIsInvalid', `${name.slice(0, MAX_OPTION_LENGTH)} is not a known option: there are ${Object.keys(KNOWN).join(', ')}`, { value: name.slice(0, MAX_OPTION_LENGTH), limit: Object.keys(KNOWN) });
    const rule = KNOWN[name];
    if (value === undefined) continue;
    if (rule === true) {
      if (typeof value === 'string' && PRINTABLE.test(value)) continue;
      return refuseEngine('OptionIsInvalid', `${name} is not 1 to ${MAX_OPTION_LENGTH} printable characters`, { value: typeof value === 'string' ? value.slice(0, MAX_OPTION_LENGTH) : typeof value, limit: MAX_OPTION_LENGTH });
    }
    if (!rule.fits(value)) return refuseEngine('OptionIsInvalid', `${name} must be ${rule.must}`, { value: brief(value), limit: rule.limit });
  }
  return undefined;
};
