/** Entity tags: the revision of a resource, which commands can be held to, and a hash of how it looks. */
import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { refuseService, type ServiceRefusal } from '../refusing/refusals.ts';

const HASH_DIGITS = 16;

/** The tag of a resource whose body looks like this. */
export const entityTag = (revision: number, body: Buffer): string => {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, HASH_DIGITS);
  return `"${revision}-${hash}"`;
};

const TAG = /^(?:W\/)?"(\d{1,15})-[0-9a-f]{16}"$/;

/** `If-Match` where nothing has a tag that it could be compared with: ignored, it would let through what the caller meant to forbid. */
export const unmatched = (header: string | undefined): E.Either<ServiceRefusal, undefined> =>
  header === undefined
    ? E.right(undefined)
    : E.left(refuseService('IfMatchIsNotTaken', 'this request cannot be held to an ETag: only changes of one resource that is read with an ETag can', { value: header.slice(0, 100) }));

/** What `If-Match` holds a change to: undefined for `*` or without the header. Several tags are one too many: a change is meant for one state. */
export const expectedRevision = (header: string | undefined): E.Either<ServiceRefusal, number | undefined> => {
  if (header === undefined || header.trim() === '*') return E.right(undefined);
  const revision = TAG.exec(header.trim())?.[1];
  return revision === undefined
    ? E.left(refuseService('IfMatchIsInvalid', 'If-Match must be * or one ETag of this resource', { value: header.slice(0, 100) }))
    : E.right(Number(revision));
};

/** True where the caller has the very same body already. */
export const isSame = (header: string | undefined, tag: string): boolean =>
  header !== undefined && (header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag));
