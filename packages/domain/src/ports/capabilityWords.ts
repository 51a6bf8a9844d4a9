/** What each capability lets a backend do, in words that go on behind "can" or "cannot". */
import type { Capabilities } from './blockBackend.ts';
import type { TargetCapabilities } from './targetBackend.ts';

/** The capabilities that are there or not. */
type Yes<C> = { readonly [K in keyof C]: C[K] extends boolean ? K : never }[keyof C];

const BLOCK: Readonly<Record<Yes<Capabilities>, string>> = {
  shrink: 'shrink',
  flatten: 'flatten',
  rollback: 'roll back',
  qos: 'limit bandwidth and IOPS',
  performancePriority: 'prefer volumes by priority',
  clone: 'clone',
  guardsParents: 'guard the parents of clones',
  cloneAcrossPools: 'clone into other pools',
  cloneFromGroupSnapshot: 'clone from group snapshots',
  onlineExtend: 'extend what is mapped',
  migrate: 'move volumes to another pool',
  liveMigration: 'move them while hosts have them',
  trash: 'keep a trash',
  adopt: 'adopt and let go',
  list: 'list',
  marks: 'keep marks',
  erasurePools: 'hold erasure-coded pools',
};

const TARGET: Readonly<Record<Yes<TargetCapabilities>, string>> = {
  list: 'list',
  forwardChap: 'ask initiators for an account',
  showsChap: 'show the users of accounts',
  clearsChap: 'take an account away while client groups are mapped',
  qos: 'limit bandwidth and IOPS',
  onlineExtend: 'extend what is mapped',
  sessions: 'show and end sessions',
  fences: 'show that an initiator is cut off',
  sharedPortals: 'share a portal between access paths',
  virtualPortals: 'serve virtual IPs',
};

const WORDS: Readonly<Record<string, string>> = { ...TARGET, ...BLOCK, mutualChap: 'prove itself by mutual CHAP' };

/**
 * What a capability of a backend of blocks or of targets is to people: what goes on behind "can". A name that a newer service has is taken
 * apart into its words.
 *
 * @example
 * import { capabilityWords } from '@blockledger/domain';
 * capabilityWords('guardsParents'); // => 'guard the parents of clones'
 * capabilityWords('fences'); // => 'show that an initiator is cut off'
 * capabilityWords('movesFast'); // => 'moves fast'
 */
export const capabilityWords = (name: string): string => (Object.hasOwn(WORDS, name) ? (WORDS[name] ?? name) : name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase());
