/**
 * Moves a volume to another pool of the cluster. `rbd migration prepare` puts the source into the trash and links the destination to
 * it, `execute` copies, `commit` removes the source, `abort` the destination. What each leaves behind when it dies is in decision 17.
 */
import * as E from 'fp-ts/lib/Either.js';
import { type ActionOf, type BackendResult, type Placement, type PortError, retryable, type VolumeRef } from '@blockledger/domain';
import type { MigrationWords } from '../commands/dialect.ts';
import { busy, EXIT, mismatch, portErrorOf, unsupported } from '../errors.ts';
import { hastyStatus, imageOf, isSilent, nobodyHolds, ourMetas, readInfo } from '../observe.ts';
import type { ImageStatus } from '../parse.ts';
import { rightPlace } from '../place.ts';
import { both, say, sayLong, type Eventually, type Session } from '../session.ts';
import { infoOf, resultOf, volumeMissing } from './result.ts';
import { provedTrashed, findTrashed } from './trash.ts';
import { removeUnfinished, removeWhole, takeBack } from './takeBack.ts';
import { forgetMigration, restoreMigrated } from './trashRecord.ts';

/** Where a volume comes from and where it goes to, with the words for it. */
export interface Move {
  readonly words: MigrationWords;
  readonly from: VolumeRef;
  readonly to: VolumeRef;
}

type Migration = ActionOf<'ensureMigrated' | 'ensureMigrationCommitted' | 'ensureMigrationAborted'>;

/** Nothing tells the ends of such a move apart: what is taken for the source could be what was moved. */
const isOneImage = ({ volume, to }: Pick<Migration, 'volume' | 'to'>): boolean => volume.placement.pool === to.pool;

/** Both ends, in the right cluster, and that it can be said at all. */
async function moveOf(session: Session, { volume, to }: Migration): Eventually<Move> {
  const words = session.dialect.migration;
  if (words === undefined) return E.left(unsupported('migrate', 'this rbd has no migration'));
  if (isOneImage({ volume, to })) return E.left(unsupported('migrate', 'a volume does not move within a pool: its two ends would have one name'));
  const places = await both(rightPlace(session, volume.placement), rightPlace(session, to));
  return E.map(() => ({ words, from: volume, to: { ...volume, placement: to } }))(places);
}

/**
 * Where the source stands, which is proved ours: in its pool, in the trash under this id, or nowhere. An abort that died can leave it in both: it
 * goes on from the trash; or in its pool as part of a migration that there is not: then nobody may change it before it has forgotten.
 */
async function sourceOf(session: Session, { words, from }: Move): Eventually<'here' | 'gone' | { readonly trashed: string }> {
  const trashed = await findTrashed(session, from);
  if (E.isLeft(trashed)) return trashed;
  if (trashed.right !== undefined) {
    const proved = await provedTrashed(session, from, trashed.right);
    return E.isLeft(proved) ? proved : E.right({ trashed: trashed.right });
  }
  const info = await readInfo(session, imageOf(from));
  if (E.isLeft(info)) return info;
  if (info.right === undefined) return E.right('gone');
  if (!info.right.features.includes('migrating')) return E.map(() => 'here' as const)(await ourMetas(session, from));
  const { id } = info.right;
  const proved = await provedTrashed(session, from, id);
  if (E.isLeft(proved)) return proved;
  return E.map(() => 'here' as const)(await forgetMigration(session, words, { pool: imageOf(from).pool, id }));
}

/** How far the migration is, as the destination says: nothing where there is no image, or one that says nothing of a migration. */
async function stateOf(session: Session, move: Move): Eventually<string | undefined> {
  const status = await hastyStatus(session, imageOf(move.to));
  return E.isLeft(status) ? status : stateIn(move, status.right);
}

function stateIn({ from, to }: Move, status: ImageStatus | undefined): E.Either<PortError, string | undefined> {
  const found = status?.migration;
  if (found === undefined) return E.right(undefined);
  const [source, destination] = [imageOf(from), imageOf(to)];
  const isThis = found.source_pool_name === source.pool && found.source_image_name === source.name && found.dest_pool_name === destination.pool;
  return isThis ? E.right(found.state) : E.left(mismatch('ForeignMigration', 'The image at the destination comes from another place.', source, found));
}

/**
 * The same, where nobody has the destination open: who does may be at just this step, for a process that is gone or has lost its lease. Of a client
 * that died the cluster knows until its watch expires; one that goes on later finds its lock taken and itself blocklisted (decision 18).
 */
async function freeStateOf(session: Session, move: Move): Eventually<string | undefined> {
  const image = imageOf(move.to);
  const status = await hastyStatus(session, image);
  if (E.isLeft(status)) return status;
  const holders = Object.values(status.right?.watchers ?? {}).map(({ address }) => address);
  if (holders.length === 0) return stateIn(move, status.right);
  return E.left(busy(`${image.name} is held by ${holders.join(', ')}`, holders, session.settings.watchTimeoutMs));
}

const forget = ({ proofs }: Session, { from, to }: Move): void => {
  proofs.forget(from);
  proofs.forget(to);
};

/** Tried again at once: what stood in the way is gone. */
const again = (code: string, message: string): PortError => ({ ...retryable(code, message), retryAfterMs: 0 }) as PortError;

/** Links the destination to the source and copies. Continues what an earlier attempt began, unless that died while it was linking: then all begins anew. */
export async function ensureMigrated(session: Session, action: ActionOf<'ensureMigrated'>): Eventually<BackendResult> {
  const moved = await moveOf(session, action);
  if (E.isLeft(moved)) return moved;
  const move = moved.right;
  const source = await sourceOf(session, move);
  if (E.isLeft(source)) return source;
  if (source.right === 'gone') return E.left(volumeMissing(move.from));
  if (source.right === 'here') {
    const prepared = await prepare(session, move, action.to);
    return E.isLeft(prepared) ? prepared : execute(session, move);
  }
  const said = await freeStateOf(session, move);
  // Between two steps of `prepare` an image can be left that no program opens: `rbd` tries for ever, and is stopped.
  const state = E.isLeft(said) && isSilent(said.left) ? E.right('preparing') : said;
  if (E.isLeft(state)) return state;
  if (state.right === 'executed') return copied(session, move);
  if (state.right === 'prepared' || state.right === 'executing') return execute(session, move);
  const back = await takeBack(session, move, source.right.trashed);
  return E.isLeft(back) ? back : E.left(again('HalfPrepared', 'A migration that an earlier attempt left half prepared was taken back.'));
}

async function prepare(session: Session, move: Move, { dataPool }: Placement): Eventually<void> {
  const [source, destination] = [imageOf(move.from), imageOf(move.to)];
  const free = await nobodyHolds(session, source);
  if (E.isLeft(free)) return free;
  forget(session, move);
  const command = move.words.prepare(source, destination, dataPool);
  const said = await say(session, command, [EXIT.exists]);
  if (E.isLeft(said)) return said;
  if (said.right.exitCode === EXIT.ok) return E.right(undefined);
  const removed = await removeUnfinished(session, destination);
  return E.isLeft(removed) ? removed : E.left(again('HalfMade', 'An image that an earlier attempt left at the destination was removed.'));
}

async function execute(session: Session, move: Move): Eventually<BackendResult> {
  const image = imageOf(move.to);
  const command = move.words.execute(image);
  const said = await sayLong(session, command, image, [EXIT.invalid]);
  if (E.isLeft(said)) return said;
  const state = await stateOf(session, move);
  if (E.isLeft(state)) return state;
  if (state.right === 'executed') return copied(session, move);
  return E.left(said.right.exitCode === EXIT.ok ? retryable('NotCopied', `The migration is ${state.right ?? 'nowhere'} after it was executed.`) : portErrorOf(command.summary, said.right, session.settings));
}

/** The destination is proved to hold this volume before anything is let go. */
async function copied(session: Session, { to }: Move): Eventually<BackendResult> {
  const metas = await ourMetas(session, to);
  if (E.isLeft(metas)) return metas;
  const info = await infoOf(session, to);
  return E.isLeft(info) ? info : E.right(resultOf(info.right));
}

/** Removes the source. A commit that was done, or died late, has left a destination that says nothing of a migration and no source. */
export async function ensureMigrationCommitted(session: Session, action: ActionOf<'ensureMigrationCommitted'>): Eventually<BackendResult> {
  const moved = await moveOf(session, action);
  if (E.isLeft(moved)) return moved;
  const move = moved.right;
  forget(session, move);
  const state = await freeStateOf(session, move);
  if (E.isLeft(state)) return state;
  const whole = await copied(session, move);
  if (E.isLeft(whole)) return whole;
  if (state.right === undefined) return withoutSource(session, move, whole.right);
  if (state.right !== 'executed') return E.left(mismatch('NotCopied', 'The migration is to be committed and is not copied.', 'executed', state.right));
  const image = imageOf(move.to);
  const said = await sayLong(session, move.words.commit(image), image);
  return E.isLeft(said) ? said : E.right(whole.right);
}

/**
 * `rbd` forgets the migration before it removes the source, and what it then leaves when it dies is part of a migration that nobody knows: it
 * has to forget, too, before it goes. The destination is proved whole; it is asked for only once the log says so as well.
 */
async function withoutSource(session: Session, move: Move, whole: BackendResult): Eventually<BackendResult> {
  const { words, from } = move;
  const source = await sourceOf(session, move);
  if (E.isLeft(source)) return source;
  const { pool } = imageOf(from);
  if (typeof source.right === 'object') {
    const at = { pool, id: source.right.trashed };
    const forgotten = await forgetMigration(session, words, at);
    if (E.isLeft(forgotten)) return forgotten;
    const restored = await restoreMigrated(session, words, at);
    if (E.isLeft(restored)) return restored;
  }
  // Where it is gone, a removal that died may have left its name.
  const removed = await removeWhole(session, imageOf(from));
  forget(session, move);
  return E.isLeft(removed) ? removed : E.right(whole);
}

/** Brings the source back and removes the destination. A move that is never begun has nothing to bring back. */
export async function ensureMigrationAborted(session: Session, action: ActionOf<'ensureMigrationAborted'>): Eventually<BackendResult> {
  if (session.dialect.migration !== undefined && isOneImage(action)) return E.map(resultOf)(await infoOf(session, action.volume));
  const moved = await moveOf(session, action);
  if (E.isLeft(moved)) return moved;
  const move = moved.right;
  forget(session, move);
  const source = await sourceOf(session, move);
  if (E.isLeft(source)) return source;
  if (source.right === 'gone') return E.left(volumeMissing(move.from));
  if (source.right !== 'here') {
    const back = await takeBack(session, move, source.right.trashed);
    if (E.isLeft(back)) return back;
  } else {
    const removed = await removeUnfinished(session, imageOf(move.to));
    if (E.isLeft(removed)) return removed;
  }
  const info = await infoOf(session, move.from);
  return E.isLeft(info) ? info : E.right(resultOf(info.right));
}
