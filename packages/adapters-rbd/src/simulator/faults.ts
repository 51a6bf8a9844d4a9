/** What can go wrong, and what a child that is killed leaves behind. */
import { BORN_BYTES } from '../commands/importStream.ts';
import { dieHolding } from './holders.ts';
import { leaveHalfCommitted, leaveHalfPrepared } from './verbsMigration.ts';
import { effectiveContent, hide, type Content, type SimImage } from './state.ts';
import type { World } from './world.ts';

/** One call of a program, as the hooks see it. */
export interface SimEffect {
  /** Counts the calls, from 1. */
  readonly count: number;
  readonly argv: readonly string[];
  /** `create`, `snap rollback`, `image-meta set` …, or the program's name for `ceph` and `rados`. */
  readonly verb: string;
  /** Whether the verb changes something. */
  readonly changes: boolean;
}

/** What happens instead of a good end. */
export type SimFault =
  /** The effect lands, its reply does not: `Retryable`, outcome unknown. */
  | { readonly _tag: 'LostReply' }
  /** Exit code 110; the effect has landed or not. */
  | { readonly _tag: 'TimedOut'; readonly landed: boolean }
  /** The child is killed in the middle; see `killed`. */
  | { readonly _tag: 'Killed' }
  /** Exit code 110, and the effect lands later. */
  | { readonly _tag: 'LandsLater'; readonly afterMs: number }
  /** Any answer, and no effect. */
  | { readonly _tag: 'Says'; readonly exitCode: number; readonly stderr: string };

/** Verbs that only look. */
const LOOKS = new Set(['version', 'info', 'ls', 'du', 'status', 'children', 'snap ls', 'snap list', 'image-meta list', 'image-meta ls', 'lock ls', 'trash ls', 'ceph']);
export const changes = (verb: string): boolean => !LOOKS.has(verb);

const halfOf = (content: Content): Content => Object.fromEntries(Object.entries(content).filter((_, index) => index % 2 === 0));

/**
 * What a child that is killed in the middle of a verb leaves. `apply` does the whole effect.
 *
 * - create: an image that is in `ls` but not in `info`, and that cannot be made again;
 * - import: an image one object long, with its identity but without its limits, or (every second time) without any meta;
 * - clone: an image without link or metas, one without metas, or one with its parent's, which is all that a clone command makes: in turn;
 * - rollback: half the objects; nothing tells;
 * - flatten: half the objects copied, the link intact, and an object map, where there is one, that claims the other half too;
 * - snap rm: the snapshot is hidden and not removed, though it has no clones;
 * - rm: gone from `info`, still in `ls`;
 * - migration prepare: one of its steps, in turn; see `leaveHalfPrepared`;
 * - migration execute: the destination half copied, which nothing but its state tells;
 * - migration commit: the source in the trash, as part of a migration that its destination has forgotten;
 * - migration abort: the destination gone from `info` and still in `ls`, the source in the trash;
 * - other verbs: nothing.
 *
 * The long ones also leave a watch and a lock, which the cluster forgets only after the watch timeout.
 */
export function killed(world: World, verb: string, image: SimImage | undefined, apply: () => SimImage | undefined): void {
  if (verb === 'create' || verb === 'import' || verb === 'clone') {
    if (image !== undefined) return;
    const made = apply();
    if (made === undefined) return;
    if (verb === 'create') made.torn = 'halfMade';
    if (verb === 'import') leaveHalfImported(made);
    if (verb === 'clone') leaveHalfCloned(made);
    return;
  }
  if (image === undefined) return;
  const before = { sizeBytes: image.sizeBytes, content: image.content, parent: image.parent };
  if (verb === 'rm') {
    if (image.snapshots.length === 0 && image.watchers.length === 0) image.torn = 'halfRemoved';
  } else if (verb === 'snap rm') {
    if (!leaveHidden(image, apply)) return;
  } else if (verb === 'snap rollback') {
    if (apply() === undefined) return;
    image.content = { ...before.content, ...halfOf(image.content) };
    image.sizeBytes = before.sizeBytes;
  } else if (verb === 'flatten' && image.parent !== undefined) {
    const whole = effectiveContent(world.state, image);
    image.content = { ...halfOf(whole), ...image.content };
    image.claimed = Object.keys(whole);
  } else if (verb === 'migration prepare') {
    if (apply() !== undefined) leaveHalfPrepared(world, image);
    return;
  } else if (verb === 'migration execute') {
    if (image.migration?.state === 'prepared') image.migration.state = 'executing';
  } else if (verb === 'migration commit') {
    if (!leaveHalfCommitted(world, image)) return;
  } else if (verb !== 'resize') return;
  dieHolding(world, image);
}

/** Whether there was a removal that could die. */
function leaveHidden(image: SimImage, apply: () => SimImage | undefined): boolean {
  const before = image.snapshots;
  if (apply() === undefined) return false;
  const removed = before.find((snapshot) => !image.snapshots.includes(snapshot));
  image.snapshots = before;
  if (removed !== undefined && removed.namespace !== 'trash') hide(removed);
  return true;
}

function leaveHalfImported(image: SimImage): void {
  image.sizeBytes = BORN_BYTES;
  const first = Object.entries(image.metas)[0];
  image.metas = first === undefined || Number.parseInt(image.id, 16) % 2 === 0 ? {} : { [first[0]]: first[1] };
}

function leaveHalfCloned(image: SimImage): void {
  const turn = Number.parseInt(image.id, 16) % 3;
  if (turn < 2) image.metas = {};
  if (turn < 1) delete image.parent;
}

/**
 * A stream of numbers in [0, 1) that a seed fixes.
 *
 * @example
 * import { seeded } from '@blockledger/adapters-rbd/simulator';
 * seeded(42)() === seeded(42)(); // => true
 */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Faults that a seed fixes: each call that changes something goes wrong with probability `rate`.
 *
 * @example
 * import { seededFaults, simulateRbd } from '@blockledger/adapters-rbd/simulator';
 * const simulator = simulateRbd({ faults: { instead: seededFaults({ seed: 42, rate: 0.1 }) } });
 * simulator.calls.length; // => 0
 */
export function seededFaults({ seed, rate, lateMs = 5_000 }: { readonly seed: number; readonly rate: number; readonly lateMs?: number }): (effect: SimEffect) => SimFault | undefined {
  const random = seeded(seed);
  const kinds: readonly SimFault[] = [
    { _tag: 'LostReply' },
    { _tag: 'TimedOut', landed: false },
    { _tag: 'TimedOut', landed: true },
    { _tag: 'Killed' },
    { _tag: 'LandsLater', afterMs: lateMs },
  ];
  return (effect) => {
    const [chance, kind] = [random(), random()];
    return effect.changes && chance < rate ? kinds[Math.floor(kind * kinds.length)] : undefined;
  };
}
