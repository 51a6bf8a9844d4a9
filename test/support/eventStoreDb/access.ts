/** Who may call, and whether this member may answer. */
import { timingSafeEqual } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { accessDenied, notLeader, unauthenticated } from './failures.ts';
import type { Member } from './gossip.ts';
import type { Need } from './ground.ts';

export interface AccessRules {
  /** Names and passwords; undefined: anybody may do anything. */
  readonly users: Readonly<Record<string, string>> | undefined;
  readonly role: () => 'leader' | 'follower' | 'read_only_replica';
  readonly members: () => readonly Member[];
}

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Somebody known, somebody who says no name, or somebody who says a wrong one. */
const callerOf = (metadata: Metadata, users: Readonly<Record<string, string>>): 'known' | 'nobody' | 'wrong' => {
  const [header] = metadata.get('authorization');
  if (header === undefined) return 'nobody';
  const [scheme = '', encoded = ''] = String(header).split(' ');
  const [name = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const password = Object.hasOwn(users, name) ? users[name] : undefined;
  return scheme.toLowerCase() === 'basic' && password !== undefined && same(password, rest.join(':')) ? 'known' : 'wrong';
};

export const accessOf =
  ({ users, role, members }: AccessRules) =>
  (metadata: Metadata, need: Need): void => {
    const caller = users === undefined ? 'known' : callerOf(metadata, users);
    if (caller === 'wrong') throw unauthenticated();
    if (caller === 'nobody' && need !== 'nothing') throw accessDenied();
    if (need === 'nothing' || role() === 'leader') return;
    // A follower passes writes on to the leader, unless the caller wants the leader itself; a read-only replica takes none.
    const wantsLeader = metadata.get('requires-leader').some((value) => String(value).toLowerCase() === 'true');
    if (wantsLeader || (need === 'writing' && role() === 'read_only_replica')) throw notLeader(members().find(({ state, alive = true }) => state === 'leader' && alive));
  };
