/** What EventStoreDB is told of a copy that is made there: begun, or whole. */
import type { EventStore, Registers, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { ending, type Ending } from '../exit.ts';
import { storeTrouble } from './choose.ts';

/** The register that says it. */
const REGISTER = 'copy';

type Marked = Pick<EventStore, 'head' | 'registers'>;

const unavailable =
  (shown: string) =>
  (error: StoreError): Ending =>
    ending('unavailable', `the store ${shown} cannot be asked: ${storeTrouble(error)}`);

interface Mark {
  readonly registers: Registers;
  readonly revision: number | 'none';
  readonly isBegun: boolean;
}

const read = async ({ registers }: Marked, shown: string): Promise<E.Either<Ending, Mark>> => {
  if (registers === undefined) return E.left(ending('internal', `the store ${shown} has no registers`));
  const found = await registers.read(REGISTER)();
  if (E.isLeft(found)) return E.left(unavailable(shown)(found.left));
  const { revision = 'none' as const, value = {} } = found.right ?? {};
  return E.right({ registers, revision, isBegun: 'state' in value && value.state === 'begun' });
};

const write = async ({ registers, revision }: Mark, shown: string, state: 'begun' | 'whole'): Promise<E.Either<Ending, void>> => {
  const written = await registers.write(REGISTER, revision, { state })();
  if (E.isRight(written)) return E.right(undefined);
  if (written.left._tag === 'Conflict') return E.left(ending('inUse', `another copy to ${shown} is being made`, 'wait until it is whole'));
  return E.left(unavailable(shown)(written.left));
};

/** Whether the store holds a part of a copy: then it cannot be served. */
export const isHalfCopied = async (store: Marked, shown: string): Promise<E.Either<Ending, boolean>> => E.map(({ isBegun }: Mark) => isBegun)(await read(store, shown));

/** Says that a copy begins. Refused where anything is there, but for what a copy that was cut has left and that is gone on with. */
export const beginCopy = async (store: Marked, shown: string, isResumed: boolean): Promise<E.Either<Ending, void>> => {
  const mark = await read(store, shown);
  if (E.isLeft(mark)) return mark;
  const head = await store.head()();
  if (E.isLeft(head)) return E.left(unavailable(shown)(head.left));
  const { isBegun } = mark.right;
  if (isResumed) {
    if (isBegun) return E.right(undefined);
    return E.left(ending('cannotCreate', `no copy to ${shown} was cut`, head.right < 0 ? 'leave --resume out' : 'give an empty store, such as another namespace'));
  }
  if (head.right < 0) return write(mark.right, shown, 'begun');
  return isBegun
    ? E.left(ending('cannotCreate', `a copy to ${shown} was cut: a part of it is there`, 'go on with it by --resume'))
    : E.left(ending('cannotCreate', `the store ${shown} is not empty`, 'give an empty store, such as another namespace: a copy never overwrites anything'));
};

/** Says that the copy is whole. */
export const endCopy = async (store: Marked, shown: string): Promise<E.Either<Ending, void>> => {
  const mark = await read(store, shown);
  return E.isLeft(mark) ? mark : write(mark.right, shown, 'whole');
};
