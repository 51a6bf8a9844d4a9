/** The head of the log, for whoever cannot wait: a probe, a scrape. */
import * as E from 'fp-ts/lib/Either.js';
import { within } from '../../system/within.ts';
import type { Monitor } from './monitor.ts';

/** Longest that the store is waited for, in ms. */
export const STORE_PATIENCE_MS = 2_000;

/** Position of the last event; undefined where the store does not tell it in time. */
export const headInTime = async (monitor: Pick<Monitor, 'storeHead'>): Promise<number | undefined> => {
  const asked = await within(STORE_PATIENCE_MS, monitor.storeHead());
  return asked === undefined || E.isLeft(asked) ? undefined : asked.right;
};
