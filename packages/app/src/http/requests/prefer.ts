/** `Prefer: wait=N` (RFC 7240): answer when the task has ended, or after so many seconds. */
import { MAX_WAIT_S } from '../../api/limits.ts';

/** Seconds to wait; undefined where no wait is asked for. A preference that is not understood is none, as the RFC has it. */
export const waitIn = (header: string | readonly string[] | undefined): number | undefined => {
  const text = Array.isArray(header) ? header.join(',') : header;
  if (typeof text !== 'string') return undefined;
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(text)?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), MAX_WAIT_S);
};
