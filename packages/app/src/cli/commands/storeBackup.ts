/** `blockledger store backup`. */
import { existsSync, statSync } from 'node:fs';
import type { StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreFile, Verified } from '../../eventStores/sqlite/index.ts';
import { ending, type Ending } from '../exit.ts';
import { command } from '../frame/command.ts';
import { flag, maybe, needed } from '../frame/parts.ts';
import { liveBars, type LiveBars } from '../frame/progress.ts';
import { path } from '../frame/readers.ts';
import { showSize } from '../frame/size.ts';
import { showDuration } from '../frame/time.ts';
import { counted, marked } from '../frame/text.ts';

const failure = (target: string, error: StoreError, why: string): Ending =>
  error._tag === 'Corrupt'
    ? ending('failed', `the store is damaged, so no backup was made: ${why}`, 'see what is damaged with `blockledger store verify`')
    : ending('cannotCreate', `the backup ${target} was not made: ${why}`);

const bar = (bars: LiveBars, label: string) => (done: number, total: number): void => bars.show([{ label, part: done / Math.max(1, total) }]);

/** A backup that was never read is a hope, so it is read. */
const check = async (target: string, bars: LiveBars): Promise<E.Either<Ending, Verified>> => {
  const { openStoreFile } = await import('../../eventStores/sqlite/index.ts');
  const { storeTrouble } = await import('../store/choose.ts');
  const copy = openStoreFile(target);
  const verified = E.isLeft(copy) ? copy : await copy.right.verify(bar(bars, 'Checking the copy'));
  if (E.isRight(copy)) copy.right.close();
  return E.mapLeft((error: StoreError) => ending('failed', `the copy ${target} is not sound: ${storeTrouble(error)}`, 'remove it, and check the store and the disk'))(verified);
};

const copy = async (file: StoreFile, target: string, bars: LiveBars): Promise<E.Either<Ending, void>> => {
  const { storeTrouble } = await import('../store/choose.ts');
  const made = await file.backup(target, bar(bars, 'Copying'));
  return E.mapLeft((error: StoreError) => failure(target, error, storeTrouble(error)))(made);
};

export const storeBackupCommand = command({
  words: 'store backup',
  summary: 'Copy a store to a new file, as it is at this moment, and check the copy',
  about: 'A service may run meanwhile, and its work goes on. The copy holds every event that was acknowledged before the command began, appears under its name only when it is whole and on disk, and opens like any store.',
  speaksTo: 'nobody',
  shows: 'sizes',
  takes: { file: needed('<file>', 'the file to make; it must not exist yet', path) },
  options: {
    store: maybe('--store <path>', 'SQLite file of the store (BLOCKLEDGER_STORE)', path),
    config: maybe('--config <file>', 'configuration file that names the store', path),
    unchecked: flag('--unchecked', 'do not read the copy again'),
  },
  examples: [
    { line: 'blockledger store backup backup.db --store var/quickstart.db', does: 'back up the store of the quickstart' },
    { line: 'blockledger store backup "backups/blockledger-$(date +%F).db" --config blockledger.config.js', does: 'every night, from a timer' },
  ],
  run: async ({ file: target, store, config, unchecked }, io) => {
    const { choosePlace, openFile } = await import('../store/choose.ts');
    if (existsSync(target)) return E.left(ending('cannotCreate', `${target} is there already`, 'give a file that is not there; a backup never overwrites anything'));
    const place = await choosePlace({ store, config }, io.environment);
    if (E.isLeft(place)) return place;
    if (place.right.is === 'eventStoreDb') return E.left(ending('usage', `${place.right.shown} is no file`, 'back EventStoreDB up by its own means, or copy it into a file with `blockledger store copy`'));
    const file = openFile(place.right.path);
    if (E.isLeft(file)) return file;
    const startedAt = performance.now();
    const bars = await liveBars(io);
    const copied = await copy(file.right, target, bars);
    file.right.close();
    const verified = E.isLeft(copied) ? copied : unchecked ? E.right(null) : await check(target, bars);
    bars.end();
    if (E.isLeft(verified)) return verified;
    const bytes = statSync(target).size;
    const tookMs = performance.now() - startedAt;
    const counts = verified.right;
    return E.right({
      json: { backup: { store: file.right.path, file: target, size: bytes, checked: counts !== null, ...counts } },
      show: (screen) =>
        marked(
          screen,
          'ok',
          `${target}: ${io.bytes ? counted(bytes, 'byte') : showSize(bytes)}${counts === null ? ', not checked' : `, ${counted(counts.events, 'event')} in ${counted(counts.streams, 'stream')}, checked`}; ${showDuration(tookMs)}`,
        ),
    });
  },
});
