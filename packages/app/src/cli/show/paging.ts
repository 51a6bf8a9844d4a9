/** How much of a list is asked for. */
import type { Io } from '../frame/io.ts';
import { flag, maybe } from '../frame/parts.ts';
import { whole } from '../frame/readers.ts';

const MOST = 1_000;
const USUAL = 50;
const EVERYTHING = -1;

/** The options of every list. */
export const pagingParts = {
  all: flag('--all', 'all of them; --json always gives all'),
  limit: maybe('--limit <count>', `at most so many (default ${USUAL})`, whole(1, MOST)),
} as const;

/** `limit` for the service: programs get everything unless they say otherwise. */
export const limitOf = ({ json }: Pick<Io, 'json'>, { all, limit }: { readonly all: boolean; readonly limit: number | undefined }): number => {
  if (all) return EVERYTHING;
  return limit ?? (json ? EVERYTHING : USUAL);
};
