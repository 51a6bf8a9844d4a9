/** Joins words, answers and actions to a `TargetBackend`. */
import { randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import { type CallContext, type HostPlace, permanent, type PortError, type SeenTarget, type TargetAction, type TargetBackend, type TargetCallContext, type TargetCapabilities, type TargetRef, type TargetResult } from '@blockledger/domain';
import type { Host } from '../hosts/host.ts';
import { inTurn, type Turns } from '../hosts/inTurn.ts';
import { diagnose } from './diagnose.ts';
import { ensureTarget } from './ensure.ts';
import { ensureTargetGone } from './gone.ts';
import { look, seenTarget } from './look.ts';
import { settle, type Settings, type XdcOptions } from './options.ts';
import type { Seal } from './parse.ts';
import { planned } from './plan.ts';
import { emptyMemory, sealedWith, type Eventually, type Memory, type Session } from './session.ts';
import { targetTrouble, wantedOf } from './wanted.ts';

const CAPABILITIES: TargetCapabilities = {
  types: ['iscsi', 'local', 'fc'],
  scope: 'accessPath',
  opens: ['rbd'],
  list: true,
  clientCodes: ['iqn', 'ip', 'wwn'],
  forwardChap: true,
  showsChap: true,
  clearsChap: true,
  mutualChap: 'client',
  portals: 'given',
  sharedPortals: true,
  qos: true,
  onlineExtend: true,
  sessions: false,
  fences: false,
  virtualPortals: true,
  maxLuns: 256,
};

/** What a backend is made of. */
interface Parts {
  readonly hosts: readonly Host[];
  readonly settings: Settings;
  /** Calls for one host wait for each other, from the first look to the last: its LUNs are shared. */
  readonly turns: Turns;
  readonly memories: ReadonlyMap<string, Memory>;
  readonly seal: Seal;
}

const sessionOn = ({ hosts, settings, memories, seal }: Parts, name: string, context: CallContext): E.Either<PortError, Session> => {
  const host = hosts.find((one) => one.name === name);
  const memory = memories.get(name);
  if (host === undefined || memory === undefined) return E.left(permanent('UnknownHost', `no host of this backend is named ${name}`));
  return E.right({ host, settings, context, memory, seal });
};

/** Does work on a host, alone. */
const withHost =
  <A>(parts: Parts, { host }: HostPlace, context: CallContext, work: (session: Session) => Eventually<A>) =>
  (): Eventually<A> => {
    const session = sessionOn(parts, host, context);
    return E.isLeft(session) ? Promise.resolve(session) : parts.turns(host, () => work(session.right));
  };

async function list(session: Session): Eventually<readonly SeenTarget[]> {
  const ats = await look(session);
  return E.isLeft(ats) ? ats : E.right(ats.right.flatMap((at) => at.targets.map((target) => seenTarget(at, target))));
}

async function see(session: Session, { number, iqn }: TargetRef): Eventually<SeenTarget | undefined> {
  const ats = await look(session);
  if (E.isLeft(ats)) return ats;
  const at = ats.right.find(({ atid }) => atid === number);
  const target = at?.targets.find((one) => one.iqn === iqn);
  return E.right(at === undefined || target === undefined ? undefined : seenTarget(at, target));
}

const perform = (parts: Parts, action: TargetAction, context: TargetCallContext): (() => Eventually<TargetResult>) => {
  const { target } = action;
  const trouble = targetTrouble(target);
  if (trouble !== undefined) return () => Promise.resolve(E.left(trouble));
  return match(action)
    .returnType<() => Eventually<TargetResult>>()
    .with({ do: 'ensureTarget' }, (asked) => {
      const wanted = wantedOf(asked, parts.settings, context.sourceOf);
      if (E.isLeft(wanted)) return () => Promise.resolve(wanted);
      return withHost(parts, target.place, context, (session) => ensureTarget({ ...session, openSecret: context.secret }, wanted.right));
    })
    .with({ do: 'ensureTargetGone' }, () => withHost(parts, target.place, context, (session) => ensureTargetGone(session, target)))
    .with({ do: 'observeTarget' }, () =>
      withHost(parts, target.place, context, async (session) => E.map((seen: SeenTarget | undefined) => ({ exists: seen !== undefined }))(await see(session, target))),
    )
    .exhaustive();
};

/**
 * Targets of XDC: one access target for each access path on each host, with masks, an account for the initiators of the path (S0-86) and one
 * for each client to which the target proves itself (S0-87). Needs `xdcadm` on the hosts.
 *
 * - Sessions are not shown: a call that must leave a client without a session is `Unsupported`, unless `endsSessions` says that XDC sees to it.
 * - Limits are not shown either, so they are applied in every call that makes a target as wanted.
 * - `xdcadm` takes a secret as a word of its command line and nowhere else: for some milliseconds everybody on that host can read it.
 * - What no source tells of `xdcadm` is assumed, and listed by `diagnose`.
 *
 * @example
 * import { localHost, xdcTargets } from '@blockledger/adapters-xdc';
 * const gateways = xdcTargets({ hosts: [localHost({ name: 'ceph-2' })] });
 * gateways.capabilities.scope; // => 'accessPath'
 * gateways.hosts(); // => ['ceph-2']
 * await gateways.close();
 */
export const xdcTargets = (options: XdcOptions): TargetBackend => {
  const { hosts } = options;
  const parts: Parts = {
    hosts,
    settings: settle(options),
    turns: inTurn(),
    memories: new Map(hosts.map(({ name }) => [name, emptyMemory()])),
    seal: sealedWith(randomBytes(32)),
  };
  const sessions = (context: CallContext): readonly Session[] => hosts.flatMap(({ name }) => E.foldW(() => [], (session: Session) => [session])(sessionOn(parts, name, context)));
  return {
    kind: 'xdc',
    capabilities: { ...CAPABILITIES, fences: parts.settings.endsSessions },
    lateEffectsMs: Math.max(0, ...hosts.map((host) => host.lateEffectsMs)),
    hosts: () => hosts.map(({ name }) => name),
    perform: (action, context) => perform(parts, action, context),
    see: (target, context) => withHost(parts, target.place, context, (session) => see(session, target)),
    list: (place, context) => withHost(parts, place, context, list),
    plan: (action) => planned(action, parts.settings),
    diagnose: (_, context) => () => diagnose(sessions(context)),
    close: async () => void (await Promise.all(hosts.map((host) => host.close()))),
  };
};
