/** A store that can be read whole and checked: a file, or EventStoreDB. */
import type { StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { verifyLog } from '../../eventStores/copying/log.ts';
import type { Ending } from '../exit.ts';
import { openFile } from './choose.ts';
import { openEventStoreDbPlace } from './eventStoreDb.ts';
import type { StorePlace } from './place.ts';

/** What was read and found good. */
interface Found {
  readonly events: number;
  readonly streams: number;
  /** Of a file only: folded states that were put aside. */
  readonly states?: number;
}

/** A store that can be checked. */
export interface Verifiable {
  readonly name: string;
  /** Told how many events were read, and of how many where that is known. The first damage is the answer. */
  readonly verify: (onProgress: (done: number, total: number | undefined) => void) => Promise<E.Either<StoreError, Found>>;
  readonly close: () => Promise<void> | void;
}

/** Opens it. */
export const openVerifiable = async (place: Exclude<StorePlace, { readonly is: 'memory' }>): Promise<E.Either<Ending, Verifiable>> => {
  if (place.is === 'file') return E.map(({ path: name, verify, close }: ReturnType<typeof openFile> extends E.Either<Ending, infer F> ? F : never): Verifiable => ({ name, verify, close }))(openFile(place.path));
  const opened = await openEventStoreDbPlace(place);
  if (E.isLeft(opened)) return opened;
  const { right: store } = opened;
  return E.right({ name: place.shown, verify: (onProgress) => verifyLog(store, (events) => onProgress(events, undefined)), close: store.close });
};
