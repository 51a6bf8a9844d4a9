/** Who works on this store: the own lease, renewed by beats, and the others, watched until they have been silent for too long. */
import type { Clock, Registers, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { leastSince, momentOf, mostSince, type Moment } from './moments.ts';
import { memberName, MEMBERS, readMember, readMembers, type MemberRecord } from './records.ts';

/** How a beat went. `unknown`: the store did not answer, or not in time; the lease ends unless a later one gets through. */
export type Beat = 'kept' | 'dead' | 'unknown';

export interface Members {
  readonly id: () => string;
  /** Joins under a new id. True when it is a member. */
  readonly join: (id: string) => Promise<boolean>;
  /** Renews the lease, counted from before it was sent. One at a time. */
  readonly beat: () => Promise<Beat>;
  /** So much is left of the lease, in ms; 0 or less: nothing may be begun, and nothing may go on. */
  readonly leftMs: () => number;
  /** Looks at the others, declares dead who was silent for too long, and answers who lives. */
  readonly look: () => Promise<E.Either<StoreError, readonly string[]>>;
  /** Whether a member has ended, in whatever way; one that nobody knows has not. */
  readonly hasEnded: (id: string) => Promise<boolean>;
  readonly leave: () => Promise<void>;
}

export interface MemberParts {
  readonly registers: Registers;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly marginMs: number;
}

interface Own {
  readonly id: string;
  revision: number;
  beat: number;
  /** Before the last successful beat was sent. */
  since: Moment | undefined;
}

/** A beat of somebody else's, and when it was seen first. */
interface Sight {
  readonly revision: number;
  readonly since: Moment;
}

/** Tries of one change of the list against others who change it. */
const LIST_TRIES = 20;

export const makeMembers = ({ registers, clock, leaseMs, marginMs }: MemberParts): Members => {
  let own: Own = { id: '', revision: -1, beat: 0, since: undefined };
  const sights = new Map<string, Sight>();
  const ended = new Set<string>();
  let beating: Promise<unknown> = Promise.resolve();

  const changeList = async (change: (ids: readonly string[]) => readonly string[]): Promise<E.Either<StoreError, void>> => {
    for (let tries = 0; ; tries += 1) {
      const found = E.chain((standing: Parameters<typeof readMembers>[1]) => readMembers(MEMBERS, standing))(await registers.read(MEMBERS)());
      if (E.isLeft(found)) return found;
      const before = found.right.value?.ids ?? [];
      const ids = change(before);
      if (ids.length === before.length && ids.every((id) => before.includes(id))) return E.right(undefined);
      const written = await registers.write(MEMBERS, found.right.revision, { ids })();
      if (E.isRight(written)) return E.right(undefined);
      if (written.left._tag !== 'Conflict' || tries > LIST_TRIES) return written;
    }
  };
  const addSelf = (): Promise<E.Either<StoreError, void>> => changeList((ids) => (ids.includes(own.id) ? ids : [...ids, own.id]));

  const memberOf = async (id: string) => E.chain((found: Parameters<typeof readMember>[1]) => readMember(memberName(id), found))(await registers.read(memberName(id))());
  const write = (record: MemberRecord, revision: number | 'none') => registers.write(memberName(own.id), revision, record)();

  /** The register stands elsewhere than we knew: an earlier beat of ours landed late, or we are dead. */
  const lookAtSelf = async (): Promise<Beat> => {
    const found = await memberOf(own.id);
    if (E.isLeft(found)) return 'unknown';
    const { revision, value } = found.right;
    if (value === undefined || revision === 'none' || value.ended !== null) return 'dead';
    own.revision = revision;
    return 'unknown';
  };

  const beatOnce = async (): Promise<Beat> => {
    for (let tries = 0; ; tries += 1) {
      const sent = momentOf(clock);
      own.beat += 1;
      const written = await write({ beat: own.beat, ended: null }, own.revision);
      if (E.isRight(written)) {
        own.revision = written.right;
        own.since = sent;
        return 'kept';
      }
      if (written.left._tag !== 'Conflict') return 'unknown';
      const looked = await lookAtSelf();
      if (looked === 'dead') own.since = undefined;
      if (looked === 'dead' || tries > 0) return looked;
    }
  };

  /** Another member as it stands: ended, or alive as far as anybody can say. */
  const isAlive = async (id: string): Promise<boolean> => {
    const found = await memberOf(id);
    // Who cannot be asked about is not dead.
    if (E.isLeft(found) || found.right.value === undefined || found.right.revision === 'none') return true;
    const { revision, value } = found.right;
    if (value.ended !== null) {
      ended.add(id);
      return false;
    }
    const sight = sights.get(id);
    if (sight?.revision !== revision) {
      sights.set(id, { revision, since: momentOf(clock) });
      return true;
    }
    if (leastSince(clock, sight.since) < leaseMs + marginMs) return true;
    // At the revision that was seen: either this wins or a late beat, never both.
    const declared = await registers.write(memberName(id), revision, { ...value, ended: 'dead' } satisfies MemberRecord)();
    if (E.isLeft(declared)) return true;
    ended.add(id);
    return false;
  };

  return {
    id: () => own.id,
    join: async (id) => {
      const sent = momentOf(clock);
      own = { id, revision: -1, beat: 0, since: undefined };
      const written = await write({ beat: 0, ended: null }, 'none');
      if (E.isLeft(written)) return false;
      own.revision = written.right;
      const added = await addSelf();
      if (E.isLeft(added)) return false;
      own.since = sent;
      return true;
    },
    beat: () => {
      const next = beating.then(beatOnce);
      beating = next;
      return next;
    },
    leftMs: () => (own.since === undefined ? 0 : leaseMs - mostSince(clock, own.since)),
    look: async () => {
      const found = E.chain((standing: Parameters<typeof readMembers>[1]) => readMembers(MEMBERS, standing))(await registers.read(MEMBERS)());
      if (E.isLeft(found)) return found;
      const ids = found.right.value?.ids ?? [];
      if (!ids.includes(own.id)) await addSelf();
      const others = ids.filter((id) => id !== own.id);
      for (const id of sights.keys()) if (!others.includes(id)) sights.delete(id);
      const alive = await Promise.all(others.map(isAlive));
      const gone = others.filter((_, index) => alive[index] === false);
      if (gone.length > 0) {
        const removed = await changeList((now) => now.filter((id) => !gone.includes(id)));
        if (E.isLeft(removed)) return removed;
      }
      return E.right([own.id, ...others.filter((id) => !gone.includes(id))]);
    },
    hasEnded: async (id) => {
      if (ended.has(id)) return true;
      const found = await memberOf(id);
      if (E.isLeft(found) || found.right.value === undefined || found.right.value.ended === null) return false;
      ended.add(id);
      return true;
    },
    leave: async () => {
      await beating;
      const { id, beat, revision } = own;
      own.since = undefined;
      const written = await write({ beat, ended: 'left' }, revision);
      // Who is not on the list is watched by nobody: what it could not hand over would be its own for ever.
      if (E.isRight(written)) await changeList((ids) => ids.filter((one) => one !== id));
    },
  };
};
