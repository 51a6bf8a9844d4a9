/** Makes an instance run just as wanted, and takes one away. */
import * as E from 'fp-ts/lib/Either.js';
import { type PortError, retryable, type VipActionOf, type VipInstanceRef, type VipResult } from '@blockledger/domain';
import { checkCandidate, endInstance, loadCandidate, reloadDaemon, startKeeper, unitBegins, unitEnds } from './commands.ts';
import { instanceTrouble } from './config.ts';
import { configRefused, mismatch } from './errors.ts';
import { layoutOf } from './layout.ts';
import { stateOf, type LookedAt } from './parse.ts';
import { ask, say, sayAll, sight, write, type Eventually, type Session, type Sight } from './session.ts';
import { confStands, stands, wantedOf, type Wanted } from './wanted.ts';

/** A daemon has told its first state by then. */
const RUNNING_MS = 8_000;
/** An instance that yields has been asked twice by then, and has let go. */
const RELEASED_MS = 10_000;

/** What a look says, as an answer. */
export const resultOf = ({ instance, holds }: Sight): VipResult => {
  if (instance === undefined) return { exists: false, state: 'stopped', holds };
  const { notReady, daemon } = instance;
  return { exists: true, state: stateOf(instance, holds), holds, ...(notReady === undefined || daemon === undefined ? {} : { notReady }) };
};

/** An instance that another installation made is not touched. */
const foreign = ({ host, context }: Session, { instance }: Sight): PortError | undefined => {
  const owner = instance?.card?.installationId;
  if (instance === undefined || owner === undefined || owner === context.installationId) return undefined;
  return mismatch('NotOurs', `the instance ${instance.id} on host ${host.name} was made by another installation`);
};

/** Has the configuration checked: a bad one never stands where a daemon reads it. */
async function checked(session: Session, { layout, candidate }: Wanted): Eventually<void> {
  const written = await write(session, [candidate]);
  if (E.isLeft(written)) return written;
  const answer = await ask(session, checkCandidate(session.settings, layout));
  if (E.isLeft(answer)) return answer;
  return answer.right.exitCode === 0 ? E.right(undefined) : E.left(configRefused(session.host.name, answer.right));
}

/** Starts the daemon, or has it read what is new. */
const begin = (session: Session, { layout }: Wanted, seen: Sight): Eventually<void> => {
  const running = seen.instance?.daemon !== undefined;
  if (session.settings.supervise === 'systemd') return sayAll(session, unitBegins(session.settings, layout, running));
  const kept = seen.instance?.keeper !== undefined;
  return sayAll(session, [...(running ? [reloadDaemon(layout)] : []), ...(running && kept ? [] : [startKeeper(layout)])]);
};

/** Whether there is nothing to do: all files stand, a daemon has read them, and somebody minds it. */
const isWhole = ({ settings }: Session, wanted: Wanted, { instance }: Sight): boolean =>
  instance !== undefined &&
  instance.loaded === wanted.version &&
  instance.daemon !== undefined &&
  (settings.supervise === 'systemd' || instance.keeper !== undefined) &&
  wanted.files.every((file) => stands(instance, file)) &&
  confStands(instance, wanted);

/** keepalived looks for the scripts when it checks a configuration. */
const hasScripts = (instance: LookedAt | undefined): boolean => instance !== undefined && instance.sums.has('ready') && instance.sums.has('notify');

/** A running instance keeps what it has until the new configuration was found good; of a new one that was refused nothing stays. */
async function make(session: Session, wanted: Wanted, seen: Sight): Eventually<void> {
  const { instance } = seen;
  const writing = (): Eventually<void> => write(session, wanted.files.filter((file) => instance === undefined || !stands(instance, file)));
  const early = hasScripts(instance) ? E.right(undefined) : await writing();
  if (E.isLeft(early)) return early;
  const good = await checked(session, wanted);
  if (E.isLeft(good)) {
    if (instance === undefined && good.left._tag === 'Permanent') await say(session, endInstance(wanted.layout, true, []));
    return good;
  }
  const late = hasScripts(instance) ? await writing() : early;
  if (E.isLeft(late)) return late;
  const loaded = await sayAll(session, [loadCandidate(wanted.layout)]);
  if (E.isLeft(loaded)) return loaded;
  const begun = await begin(session, wanted, seen);
  if (E.isLeft(begun)) return begun;
  return write(session, [{ path: `${wanted.layout.dir}/loaded`, text: `${wanted.version}\n` }]);
}

/**
 * The instance runs as wanted, with a configuration that keepalived itself found good: what it refuses is never loaded, and the daemon goes on
 * with what it had. One that yields has let go of the address when this succeeds.
 */
export async function ensureInstance(session: Session, { instance, yielding }: VipActionOf<'ensureInstance'>): Eventually<VipResult> {
  const trouble = instanceTrouble(instance);
  if (trouble !== undefined) return E.left(trouble);
  const seen = await sight(session, instance);
  if (E.isLeft(seen)) return seen;
  const theirs = foreign(session, seen.right);
  if (theirs !== undefined) return E.left(theirs);
  const { installationId } = session.context;
  const wanted = wantedOf({ settings: session.settings, host: session.host.name, installationId, instance, yielding });
  if (!isWhole(session, wanted, seen.right)) {
    const made = await make(session, wanted, seen.right);
    if (E.isLeft(made)) return made;
  }
  const after = await sight(session, instance, yielding ? { what: 'released', ms: RELEASED_MS } : { what: 'running', ms: RUNNING_MS });
  if (E.isLeft(after)) return after;
  if (after.right.instance?.daemon === undefined) return E.left(retryable('DoesNotStart', `keepalived for ${instance.ip} does not run on host ${session.host.name}`));
  if (yielding && after.right.holds) return E.left(retryable('StillHolds', `${instance.ip} is still on host ${session.host.name}, which is to yield it`));
  return E.right(resultOf(after.right));
}

/** The instance is gone, and so is its address, whoever left it on the interface. */
export async function ensureInstanceGone(session: Session, { instance: ref }: VipActionOf<'ensureInstanceGone'>): Eventually<VipResult> {
  const seen = await sight(session, ref);
  if (E.isLeft(seen)) return seen;
  const theirs = foreign(session, seen.right);
  if (theirs !== undefined) return E.left(theirs);
  const layout = layoutOf(session.settings, session.host.name, ref.vipId);
  if (seen.right.instance?.sums.has(layout.unit) === true) {
    const ended = await sayAll(session, unitEnds(session.settings, layout));
    if (E.isLeft(ended)) return ended;
  }
  // What it was configured with last may be another address than the one that it is known by now.
  const was = seen.right.instance?.card?.instance;
  const addresses: readonly Pick<VipInstanceRef, 'ip' | 'mask' | 'interface'>[] = [ref, ...(was === undefined ? [] : [was])];
  const ended = await say(session, endInstance(layout, true, addresses));
  if (E.isLeft(ended)) return ended;
  const after = await sight(session, ref);
  if (E.isLeft(after)) return after;
  if (after.right.holds) return E.left(retryable('StillHolds', `${ref.ip} is still on host ${session.host.name}`));
  return E.right(resultOf(after.right));
}
