/** Lets a volume go. The array holds nothing that says whose it is, so it stays as it is (S1-42). */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult } from '@blockledger/domain';
import type { Eventually, Session } from '../session.ts';
import { absent, readVolume, resultOf } from './look.ts';

/** Looks whether it is there, and leaves it alone. */
export async function disown(session: Session, { volume }: ActionOf<'disown'>): Eventually<BackendResult> {
  const found = await readVolume(session, volume);
  return E.isLeft(found) ? found : E.right(found.right === undefined ? absent : resultOf(found.right));
}
