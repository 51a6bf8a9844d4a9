/** `blockledger store verify`. */
import * as E from 'fp-ts/lib/Either.js';
import { EXIT_CODES } from '../exit.ts';
import { command } from '../frame/command.ts';
import { maybe } from '../frame/parts.ts';
import { liveBars } from '../frame/progress.ts';
import { path } from '../frame/readers.ts';
import { showDuration } from '../frame/time.ts';
import { counted, marked } from '../frame/text.ts';

export const storeVerifyCommand = command({
  words: 'store verify',
  summary: 'Read a whole store and check every event, checksum and index',
  about: 'It reads the file itself, or all of EventStoreDB, and changes nothing, so a service may run meanwhile. Damage ends with exit code 3.',
  speaksTo: 'nobody',
  shows: 'report',
  takes: {},
  options: {
    store: maybe('--store <path>', 'SQLite file of the store, or of a backup; or EventStoreDB, as @ and a file that holds its connection string (BLOCKLEDGER_STORE)', path),
    config: maybe('--config <file>', 'configuration file that names the store', path),
  },
  examples: [
    { line: 'blockledger store verify --store var/quickstart.db', does: 'check the store of the quickstart' },
    { line: 'blockledger store verify --store backup.db --json', does: 'check a backup, for a script' },
  ],
  run: async ({ store, config }, io) => {
    const { choosePlace, storeTrouble } = await import('../store/choose.ts');
    const { openVerifiable } = await import('../store/verifiable.ts');
    const place = await choosePlace({ store, config }, io.environment);
    const file = E.isLeft(place) ? place : await openVerifiable(place.right);
    if (E.isLeft(file)) return file;
    const startedAt = performance.now();
    const bars = await liveBars(io);
    const verified = await file.right.verify((done, total) => bars.show([{ label: 'Reading events', part: total === undefined ? null : done / Math.max(1, total), note: total === undefined ? `${done}` : `${done} of ${total}` }]));
    bars.end();
    await file.right.close();
    const damage = E.isLeft(verified) ? storeTrouble(verified.left) : null;
    const found = E.isRight(verified) ? verified.right : null;
    const { name } = file.right;
    const tookMs = performance.now() - startedAt;
    return E.right({
      json: { verification: { store: name, sound: damage === null, damage, ...found } },
      show: (screen) =>
        found === null
          ? marked(screen, 'problem', `${name} is damaged: ${damage}`, 'Restore it from a backup that `blockledger store verify` finds sound.')
          : marked(screen, 'ok', `${name} is sound: ${counted(found.events, 'event')} in ${counted(found.streams, 'stream')}; ${showDuration(tookMs)}`),
      code: found === null ? EXIT_CODES.failed : EXIT_CODES.done,
    });
  },
});
