/** What `rbd` cannot take out of its trash by itself: an image that a migration put there, when that has died between two of its steps (decision 17). */
import * as E from 'fp-ts/lib/Either.js';
import { permanent } from '@blockledger/domain';
import type { MigrationWords } from '../commands/dialect.ts';
import { say, type Eventually, type Session } from '../session.ts';

/** The bytes of a dump by `rados`: lines of an offset, sixteen bytes and their text. */
export const bytesOf = (dump: string): readonly number[] =>
  dump.split('\n').flatMap((line) => {
    const [, bytes] = /^[0-9a-f]{8} ((?: {1,2}[0-9a-f]{2}){1,16})/.exec(line) ?? [];
    return bytes === undefined ? [] : bytes.trim().split(/ +/).map((byte) => Number.parseInt(byte, 16));
  });

/** Where the record of the trash says who put an image there, and its words for a migration and for a user. Its last byte says what is being done: nothing. */
const [SOURCE_AT, MIGRATION, USER, NOTHING] = [6, 2, 0, 0];

/** Brings an image out of the trash. `rbd trash restore` takes only what a user put there, so the trash is told first that one did. */
export async function restoreMigrated(session: Session, words: MigrationWords, at: { readonly pool: string; readonly id: string }): Eventually<void> {
  const { pool, id } = at;
  const read = await say(session, words.trashRecord(pool, id));
  if (E.isLeft(read)) return read;
  const record = bytesOf(read.right.stdout);
  const by = record[SOURCE_AT];
  if (by !== MIGRATION && by !== USER) return E.left(permanent('Unreadable', `The trash's record of ${id} cannot be read.`));
  if (by === MIGRATION) {
    const told = await say(session, words.setTrashRecord(pool, id, Uint8Array.from(record.with(SOURCE_AT, USER).with(record.length - 1, NOTHING))));
    if (E.isLeft(told)) return told;
  }
  return E.map(() => undefined)(await say(session, session.dialect.trashRestore(pool, id)));
}

/** The bit of an image's features that says that it is part of a migration. */
const [MIGRATING_AT, MIGRATING] = [1, 0b10];

/**
 * Makes an image in the trash one that is part of no migration. As long as it says that it is, and its destination says that it is not, nobody
 * may remove it. The feature goes before the header that it points to: the other way round every program that opens the image waits for ever.
 */
export async function forgetMigration(session: Session, words: MigrationWords, { pool, id }: { readonly pool: string; readonly id: string }): Eventually<void> {
  const read = await say(session, words.features(pool, id));
  if (E.isLeft(read)) return read;
  const features = bytesOf(read.right.stdout);
  const bits = features[MIGRATING_AT];
  if (bits === undefined || features.length !== 8) return E.left(permanent('Unreadable', `The features of ${id} cannot be read.`));
  if ((bits & MIGRATING) !== 0) {
    const told = await say(session, words.setFeatures(pool, id, Uint8Array.from(features.with(MIGRATING_AT, bits & ~MIGRATING))));
    if (E.isLeft(told)) return told;
  }
  return E.map(() => undefined)(await say(session, words.removeHeader(pool, id)));
}
