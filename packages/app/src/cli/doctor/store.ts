/** The store: its folder, the room on its disk, the file itself, and who has it open. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { Finding } from '@blockledger/domain';
import { openStoreFile } from '../../eventStores/sqlite/index.ts';
import { showSize } from '../frame/size.ts';
import { counted } from '../frame/text.ts';
import { storeTrouble } from '../store/choose.ts';
import { openEventStoreDbPlace, serverVersionOf } from '../store/eventStoreDb.ts';
import type { EventStoreDbPlace, StorePlace } from '../store/place.ts';
import { fine, problem, warning } from './findings.ts';

/** The store as it was found; `holder` is the process that has it open. */
export interface StoreFound {
  readonly findings: readonly Finding[];
  readonly holder: string | undefined;
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;
/** With less room left than this, appends will soon fail; a million events are about 700 MiB. */
const LITTLE_BYTES = GIB;
const NONE_BYTES = 64 * MIB;
const OTHERS_WRITE = 0o022;

const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The folder of the store, or the nearest above it that is there: `serve` makes the rest. */
const standingFolder = (folder: string): string => (existsSync(folder) || dirname(folder) === folder ? folder : standingFolder(dirname(folder)));

const lookAtFolder = (folder: string): Finding => {
  const standing = standingFolder(folder);
  if (!statSync(standing).isDirectory()) {
    return problem('storeFolder', folder, { found: `${standing} is no folder`, meaning: 'The service does not start.', remedy: 'give another path with --store' });
  }
  if (!isWritable(standing)) {
    const found = `this user may not write in ${standing}`;
    return problem('storeFolder', folder, { found, meaning: 'The service cannot open its store.', remedy: `let the user of the service own it: chown <user> ${standing}` });
  }
  if ((statSync(standing).mode & OTHERS_WRITE) !== 0 && standing === folder) {
    const found = `others than its owner can write in ${folder}`;
    return warning('storeFolder', folder, { found, meaning: 'They can remove or replace the log.', remedy: `chmod go-w ${folder}` });
  }
  return fine('storeFolder', folder, standing === folder ? `only its owner can write in ${folder}` : `${folder} will be made in ${standing}`);
};

const lookAtRoom = (folder: string): Finding => {
  const { bavail, bsize } = statfsSync(standingFolder(folder));
  const free = bavail * bsize;
  const found = `${showSize(free)} are free for ${folder}`;
  if (free >= LITTLE_BYTES) return fine('storeRoom', folder, found);
  const meaning = 'When the disk is full, every change is refused until there is room.';
  const trouble = { found, meaning, remedy: 'make room, or move the store to a larger disk' };
  return free < NONE_BYTES ? problem('storeRoom', folder, trouble) : warning('storeRoom', folder, trouble);
};

const lookAtFile = (path: string): StoreFound => {
  if (!existsSync(path)) return { holder: undefined, findings: [fine('store', path, `${path} is not there yet; the service will make it`)] };
  const file = openStoreFile(path);
  if (E.isLeft(file)) {
    const remedy = file.left._tag === 'Corrupt' ? 'restore it from a backup, or give another file with --store' : 'see who may read it, and whether its disk is well';
    return { holder: undefined, findings: [problem('store', path, { found: `${path} cannot be used: ${storeTrouble(file.left)}`, meaning: 'The service does not start.', remedy })] };
  }
  const { events, holder } = file.right;
  file.right.close();
  const owned = fine('storeOwner', path, holder === undefined ? 'nobody has it open' : `${holder} has it open`);
  return { holder, findings: [fine('store', path, `${path} holds ${counted(events, 'event')} (checked whole by: blockledger store verify)`), owned] };
};

/** A store in EventStoreDB has no owner and no folder: whether it answers, and what it is. */
const lookAtEventStoreDb = async (place: EventStoreDbPlace): Promise<StoreFound> => {
  const { shown } = place;
  const opened = await openEventStoreDbPlace(place);
  if (E.isLeft(opened)) {
    const { message, remedy = 'see what its server says' } = opened.left;
    return { holder: undefined, findings: [problem('store', shown, { found: message, meaning: 'The service does not start.', remedy })] };
  }
  const head = await opened.right.head()();
  await opened.right.close();
  const version = await serverVersionOf(place);
  const holds = E.isRight(head) && head.right < 0 ? 'and holds no events yet' : 'and holds events (checked whole by: blockledger store verify)';
  const answers = fine('store', shown, `EventStoreDB ${version === 'unknown' ? 'of a version that it does not tell' : version} answers at ${shown}, ${holds}`);
  return { holder: undefined, findings: [answers, fine('storeOwner', shown, 'it has no single owner: several processes may serve it')] };
};

/** Looks at the store of this place. */
export const lookAtStore = async (place: StorePlace): Promise<StoreFound> => {
  if (place.is === 'eventStoreDb') return lookAtEventStoreDb(place);
  const path = place.shown;
  if (place.is === 'memory') {
    const forgetful = { found: 'the store is in memory', meaning: 'Everything is forgotten when the service ends.', remedy: 'name a file as `store` for real volumes' };
    return { holder: undefined, findings: [warning('store', path, forgetful)] };
  }
  const folder = dirname(path);
  const about = lookAtFolder(folder);
  if (about.level === 'problem') return { holder: undefined, findings: [about] };
  const { findings, holder } = lookAtFile(path);
  return { holder, findings: [about, lookAtRoom(folder), ...findings] };
};
