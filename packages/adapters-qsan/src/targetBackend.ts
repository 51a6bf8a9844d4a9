/** Joins requests, answers and actions to a `TargetBackend`. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import { type CallContext, type HostPlace, permanent, type PortError, type SeenTarget, type TargetAction, type TargetBackend, type TargetCallContext, type TargetRef, type TargetResult } from '@blockledger/domain';
import { diagnosePortals } from './diagnose.ts';
import { unsupported } from './errors.ts';
import type { Turns } from './inTurn.ts';
import { TARGET_CAPABILITIES } from './limits.ts';
import type { Eventually, Session } from './session.ts';
import { ensureTarget } from './targets/ensure.ts';
import { ensureTargetGone } from './targets/gone.ts';
import { look, portalsOf, seenTarget, type Sought } from './targets/look.ts';
import { planned } from './targets/plan.ts';
import { nameOf, wantedOf } from './targets/wanted.ts';

async function see(session: Session, sought: Sought): Eventually<SeenTarget | undefined> {
  const found = await look(session, sought);
  if (E.isLeft(found) || found.right === undefined) return E.isLeft(found) ? found : E.right(undefined);
  const { right: standing } = found;
  return E.map((portals: Parameters<typeof seenTarget>[1]) => seenTarget(standing, portals))(await portalsOf(session));
}

async function observe(session: Session, sought: Sought): Eventually<TargetResult> {
  const seen = await see(session, sought);
  return E.map((shown: SeenTarget | undefined): TargetResult => (shown === undefined ? { exists: false } : { exists: true, portals: shown.portals }))(seen);
}

/** What the targets of an array are made of. */
export interface TargetParts {
  readonly settings: Session['settings'];
  readonly sessionOf: (context: CallContext) => Session;
  /** Calls for one target wait for each other. */
  readonly turns: Turns;
  readonly close: () => Promise<void>;
}

const placeTrouble = ({ settings }: TargetParts, { host }: HostPlace): PortError | undefined =>
  host === settings.host ? undefined : permanent('UnknownHost', `the one host of this backend is ${settings.host}; it has no ${host}`);

/** Does work on a target, alone. */
const onTarget =
  <A>(parts: TargetParts, target: TargetRef, work: (sought: Sought) => Eventually<A>) =>
  (): Eventually<A> => {
    const trouble = placeTrouble(parts, target.place);
    if (trouble !== undefined) return Promise.resolve(E.left(trouble));
    const name = nameOf(target);
    return E.isLeft(name) ? Promise.resolve(name) : parts.turns(name.right, () => work({ name: name.right, iqn: target.iqn }));
  };

const perform = (parts: TargetParts, action: TargetAction, context: TargetCallContext): (() => Eventually<TargetResult>) => {
  const { target } = action;
  const session = { ...parts.sessionOf(context), context };
  return match(action)
    .returnType<() => Eventually<TargetResult>>()
    .with({ do: 'ensureTarget' }, (asked) => {
      const wanted = wantedOf(asked, context.sourceOf);
      return E.isLeft(wanted) ? () => Promise.resolve(wanted) : onTarget(parts, target, () => ensureTarget(session, wanted.right));
    })
    .with({ do: 'ensureTargetGone' }, () => onTarget(parts, target, (sought) => ensureTargetGone(session, sought)))
    .with({ do: 'observeTarget' }, () => onTarget(parts, target, (sought) => observe(session, sought)))
    .exhaustive();
};

/** The targets of an array. */
export const targetsOf = (parts: TargetParts): TargetBackend => ({
  kind: 'qsan',
  capabilities: TARGET_CAPABILITIES,
  lateEffectsMs: parts.settings.lateEffectsMs,
  hosts: () => [parts.settings.host],
  perform: (action, context) => perform(parts, action, context),
  see: (target, context) => onTarget(parts, target, (sought) => see(parts.sessionOf(context), sought)),
  list: (place) => () => Promise.resolve(E.left(placeTrouble(parts, place) ?? unsupported('list', 'the array shows only targets that are asked for by name'))),
  plan: planned,
  diagnose: (_, context) => () => diagnosePortals(parts.sessionOf(context)),
  close: parts.close,
});
