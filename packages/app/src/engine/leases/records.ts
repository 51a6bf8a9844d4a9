/** What stands in the registers by which processes divide the work. */
import type { Registered, StoreError } from '@blockledger/domain';
import * as t from 'io-ts';
import * as E from 'fp-ts/lib/Either.js';

/** `left`: it ended in order. `dead`: somebody saw no beat of it for too long. Either is for ever. */
const MemberRecord = t.strict({ beat: t.number, ended: t.union([t.null, t.literal('left'), t.literal('dead')]) });
export type MemberRecord = t.TypeOf<typeof MemberRecord>;

/** Who is there; in no order. */
const MembersRecord = t.strict({ ids: t.array(t.string) });
export type MembersRecord = t.TypeOf<typeof MembersRecord>;

/** `term` counts owners. `owner` null: handed over, nothing of the last owner's runs any more. */
const ShardRecord = t.strict({ owner: t.union([t.null, t.string]), term: t.number });
export type ShardRecord = t.TypeOf<typeof ShardRecord>;

/** A register as it stands: its revision and what it says; `none` where it was never written. */
export interface Standing<A> {
  readonly revision: number | 'none';
  readonly value: A | undefined;
}

const reading =
  <A>(codec: t.Type<A, unknown>) =>
  (name: string, found: Registered | undefined): E.Either<StoreError, Standing<A>> => {
    if (found === undefined) return E.right({ revision: 'none', value: undefined });
    const { value } = found;
    if (!codec.is(value)) return E.left({ _tag: 'Corrupt', position: -1, stream: name, message: `the register ${name} holds something else` });
    return E.right({ revision: found.revision, value });
  };

export const readMember = reading<MemberRecord>(MemberRecord);
export const readMembers = reading<MembersRecord>(MembersRecord);
export const readShard = reading<ShardRecord>(ShardRecord);

export const MEMBERS = 'members';
export const memberName = (id: string): string => `member-${id}`;
export const shardName = (shard: number): string => `shard-${shard}`;
