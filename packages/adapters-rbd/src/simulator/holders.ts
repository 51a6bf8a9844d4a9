/** Clients that have images open: living ones, and dead ones that the cluster has not yet forgotten. */
import { nextNumber, type SimImage } from './state.ts';
import type { World } from './world.ts';

/** Verbs that need the exclusive lock. A dead owner blocks them until its watch expires; `snap rollback` gives up with 30 instead. */
const EXCLUSIVE = new Set(['snap create', 'snap rm', 'snap protect', 'snap rollback', 'resize', 'flatten', 'rm', 'rename']);

/** Verbs that open an image to read it only: they work on the source of a migration that has died. */
const READS = new Set(['info', 'status', 'du', 'children', 'snap ls', 'lock ls', 'ls', 'migration abort']);

/** A client opens an image; `expiresAtMs` when it is dead already. Returns what lets it go. */
export function hold({ state }: World, image: SimImage, { lock, expiresAtMs }: { readonly lock: boolean; readonly expiresAtMs?: number }): () => void {
  const client = nextNumber(state);
  const cookie = 140_000_000_000_000 + client;
  const address = `127.0.0.1:0/${client}`;
  const watcher = { address, client, cookie, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) };
  image.watchers = [...image.watchers, watcher];
  const owned = { id: `auto ${cookie}`, locker: `client.${client}`, address };
  if (lock && !image.locks.some(({ id }) => id.startsWith('auto '))) image.locks = [...image.locks, owned];
  return () => {
    image.watchers = image.watchers.filter((each) => each !== watcher);
    image.locks = image.locks.filter((each) => each !== owned);
  };
}

/** A client dies with an image open: its watch stays until it expires, its lock until somebody breaks it. */
export function dieHolding(world: World, image: SimImage): void {
  hold(world, image, { lock: true, expiresAtMs: world.clock.nowMs() + world.watchTimeoutMs });
}

/** The cluster forgets the watches of the dead whose time is over. Their locks stay. */
export function forgetExpired({ state, clock }: World): void {
  const now = clock.nowMs();
  for (const image of state.images) {
    if (image.watchers.some(({ expiresAtMs }) => expiresAtMs !== undefined && expiresAtMs <= now)) {
      image.watchers = image.watchers.filter(({ expiresAtMs }) => expiresAtMs === undefined || expiresAtMs > now);
    }
  }
}

/** How an exclusive lock that somebody has stands in a verb's way. */
export type InTheWay = { readonly _tag: 'Nothing' } | { readonly _tag: 'Wait'; readonly ms: number } | { readonly _tag: 'ReadOnly' } | { readonly _tag: 'Hang' };

/** What stands between a verb and the exclusive lock; a lock without an owner is broken at once. */
export function inTheWay({ clock }: World, verb: string, image: SimImage): InTheWay {
  if (image.migration?.state === 'preparing' && verb !== 'migration abort') return { _tag: 'Hang' };
  if (image.migration?.end === 'source' && !READS.has(verb)) return { _tag: 'ReadOnly' };
  if (!EXCLUSIVE.has(verb)) return { _tag: 'Nothing' };
  if (image.locks.some(({ id }) => !id.startsWith('auto '))) return verb === 'rm' || verb === 'snap rollback' ? { _tag: 'Hang' } : { _tag: 'Nothing' };
  const owner = image.watchers.find(({ cookie }) => image.locks.some(({ id }) => id === `auto ${cookie}`));
  if (owner === undefined) {
    image.locks = image.locks.filter(({ id }) => !id.startsWith('auto '));
    return { _tag: 'Nothing' };
  }
  if (verb === 'snap rollback') return { _tag: 'ReadOnly' };
  // A living owner does the work itself when it is asked to; a removal finds its watch and says 16.
  return owner.expiresAtMs === undefined ? { _tag: 'Nothing' } : { _tag: 'Wait', ms: Math.max(0, owner.expiresAtMs - clock.nowMs()) };
}
