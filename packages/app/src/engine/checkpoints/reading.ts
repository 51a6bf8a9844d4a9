/** Takes in the latest checkpoint that is whole and of this log. Whatever is wrong with one, it is passed over: the log has the last word. */
import type { EventStore } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Kept } from '../../queries/kept.ts';
import type { Engine } from '../parts.ts';
import { Chunk, chunkStream, FORM, foldedBy, Manifest, manifestStream, SLOTS, type Slot } from './form.ts';

interface Found {
  readonly slot: Slot;
  readonly manifest: Manifest;
}

const stateIn = async (store: EventStore, stream: string): Promise<unknown> => {
  const loaded = await store.loadState(stream, FORM)();
  return E.isRight(loaded) ? loaded.right?.state : undefined;
};

/** Those with a manifest that can be read, the latest first; also those that are not to be used. */
export const manifests = async (store: EventStore): Promise<readonly Found[]> => {
  const found: Found[] = [];
  for (const slot of SLOTS) {
    const manifest = Manifest.decode(await stateIn(store, manifestStream(slot)));
    if (E.isRight(manifest)) found.push({ slot, manifest: manifest.right });
  }
  return found.toSorted((a, b) => b.manifest.round - a.manifest.round);
};

const isOfThisLog = async (store: EventStore, { position, eventId }: Manifest): Promise<boolean> => {
  const read = await store.readAll(position, 1)();
  const event = E.isRight(read) ? read.right[0] : undefined;
  return event?.position === position && event.eventId === eventId;
};

/** Its items by what they are of; undefined where a chunk is missing, damaged, or of another round. */
const itemsOf = async (store: EventStore, { slot, manifest: { round, chunks, items } }: Found): Promise<ReadonlyMap<string, readonly unknown[]> | undefined> => {
  const byName = new Map<string, unknown[]>();
  let count = 0;
  for (let number = 0; number < chunks; number += 1) {
    const chunk = Chunk.decode(await stateIn(store, chunkStream(slot, number)));
    if (E.isLeft(chunk) || chunk.right.round !== round) return undefined;
    const list = byName.get(chunk.right.of) ?? [];
    for (const item of chunk.right.items) list.push(item);
    byName.set(chunk.right.of, list);
    count += chunk.right.items.length;
  }
  return count === items ? byName : undefined;
};

/** Puts a checkpoint into the read models, which hold nothing yet. The position that it reaches to; −1 where there is none to be used. */
export const takeIn = async ({ store, logger }: Pick<Engine, 'store' | 'logger'>, kept: readonly Kept[]): Promise<number> => {
  for (const found of await manifests(store)) {
    const { manifest } = found;
    if (manifest.foldedBy !== foldedBy() || !(await isOfThisLog(store, manifest))) continue;
    const byName = await itemsOf(store, found);
    if (byName === undefined) {
      logger.warn({ slot: found.slot, round: manifest.round }, 'a checkpoint is not whole: it is not used');
      continue;
    }
    for (const { name, put } of kept) put(byName.get(name) ?? []);
    return manifest.position;
  }
  return -1;
};
