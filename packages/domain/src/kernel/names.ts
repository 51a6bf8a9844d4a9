/** Names that people give: what is allowed, in one place for every resource. */
import * as t from 'io-ts';

/** Longest name, in UTF-16 code units. */
export const MAX_NAME_LENGTH = 255;
/** Longest description, in UTF-16 code units. */
export const MAX_DESCRIPTION_LENGTH = 1024;

/**
 * Why a name is not allowed, or nothing. `@` and `/` separate pool, image and snapshot on the backend.
 *
 * @example
 * import { nameFault } from '@blockledger/domain';
 * nameFault('db-1'); // => undefined
 * nameFault('vols/db-1'); // => 'it contains @ or /'
 */
export const nameFault = (name: string): string | undefined => {
  if (name.length === 0) return 'it is empty';
  if (name.length > MAX_NAME_LENGTH) return `it has ${name.length} characters, ${MAX_NAME_LENGTH} are allowed`;
  if (/[@/]/.test(name)) return 'it contains @ or /';
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'it contains a control character';
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(name)) return 'it contains half of a surrogate pair';
  return undefined;
};

/** Free text pairs on a resource. Keys are names; values are at most 255 characters. */
export const Labels = t.readonly(t.record(t.string, t.string), 'Labels');
/** A value of the codec `Labels`. */
export type Labels = t.TypeOf<typeof Labels>;
