/** Makes a volume, empty or as a clone; finishes what an earlier attempt left half made (I-3, I-6). */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult } from '@blockledger/domain';
import { EXIT, portErrorOf, sharedFault } from '../errors.ts';
import type { Metas } from '../marks.ts';
import type { Image, SnapshotOf } from '../names.ts';
import { imageOf, provedOurs, readMetas } from '../observe.ts';
import { say, type Eventually, type Session } from '../session.ts';
import { finish } from './finish.ts';
import { volumeMissing } from './result.ts';
import { priorityTrouble, sayAll, settingCommands } from './settings.ts';
import { metasOf, parentOf } from './wanted.ts';

/** Creates or clones first and looks only when something is there already: the good case costs no look. */
export async function ensureVolume(session: Session, action: ActionOf<'ensureVolume'>): Eventually<BackendResult> {
  const refusal = priorityTrouble(session, action.performancePriority);
  if (refusal !== undefined) return E.left(refusal);
  const parent = parentOf(action);
  return parent === undefined || action.parent === null ? create(session, action) : clone(session, action, parent);
}

async function create(session: Session, action: ActionOf<'ensureVolume'>): Eventually<BackendResult> {
  const { dialect, context } = session;
  const image = imageOf(action.volume);
  const metas = metasOf(action, context.installationId);
  const dataPool = action.volume.placement.dataPool;
  const command = dialect.create({ image, sizeBytes: action.sizeBytes, generation: action.identity.generation, dataPool, metas });
  const made = await say(session, command, [EXIT.exists]);
  if (E.isLeft(made)) return made;
  if (made.right.exitCode === EXIT.exists) return finish(session, action);
  return settled(session, action, image, dialect.createWritesMetas ? metas : {});
}

async function clone(session: Session, action: ActionOf<'ensureVolume'>, from: SnapshotOf): Eventually<BackendResult> {
  const { dialect } = session;
  const image = imageOf(action.volume);
  const source = action.parent?.volume ?? action.volume;
  const owned = await provedOurs(session, source);
  if (E.isLeft(owned)) return owned;
  if (owned.right === 'absent') return E.left(volumeMissing(source));
  const protect = dialect.snapshotProtect(from);
  const kept = await say(session, protect, [EXIT.busy]);
  if (E.isLeft(kept)) return kept;
  if (kept.right.exitCode === EXIT.busy && sharedFault(kept.right) !== 'alreadyProtected') {
    return E.left(portErrorOf(protect.summary, kept.right, session.settings));
  }
  const made = await say(session, dialect.clone({ from, image, dataPool: action.volume.placement.dataPool }), [EXIT.exists]);
  if (E.isLeft(made)) return made;
  if (made.right.exitCode === EXIT.exists) return finish(session, action);
  // A clone is born with all metas that its parent has at that moment, identity and limits, and the parent's may just be changing: so the
  // clone's own are read, never the parent's (found by a crash walk).
  const inherited = await readMetas(session, image);
  if (E.isLeft(inherited)) return inherited;
  return inherited.right === undefined ? finish(session, action) : settled(session, action, image, inherited.right);
}

/** Writes what the new image does not carry yet. */
async function settled(session: Session, action: ActionOf<'ensureVolume'>, image: Image, metas: Metas): Eventually<BackendResult> {
  const { installationId } = session.context;
  const commands = settingCommands(session.dialect, { image, metas, wanted: action, installationId });
  const said = await sayAll(session, commands.filter((command) => action.performancePriority || !command.args.includes('--unset')));
  if (E.isLeft(said)) return said;
  session.proofs.rememberOurs(action.volume, installationId);
  return E.right({ exists: true, sizeBytes: action.sizeBytes, hasParent: action.parent !== null, generation: action.identity.generation });
}
