/** What the processes that share a store divide among themselves: every stream belongs to one of so many shards, for ever. */

/** How many there are. It never changes: two processes that counted differently would both work on one stream. */
export const SHARDS = 64;

/** FNV-1a with a last mixing, so that names that differ little lie far apart. The same everywhere and for ever. */
const hash = (text: string): number => {
  let mixed = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

/** The shard of a stream. */
export const shardOf = (stream: string): number => hash(stream) % SHARDS;

/** Who is to have a shard: of the living the one with the highest lot. Where one comes or goes, only its own shards move. */
export const wantedOwner = (shard: number, living: readonly string[]): string | undefined => {
  let best: { readonly id: string; readonly lot: number } | undefined;
  for (const id of living) {
    const lot = hash(`${shard} ${id}`);
    if (best === undefined || lot > best.lot || (lot === best.lot && id > best.id)) best = { id, lot };
  }
  return best?.id;
};
