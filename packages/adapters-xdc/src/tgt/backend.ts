/** Joins words, answers and actions to a `TargetBackend`. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import { type CallContext, type HostPlace, permanent, type PortError, type SeenTarget, type TargetAction, type TargetBackend, type TargetCallContext, type TargetCapabilities, type TargetRef, type TargetResult } from '@blockledger/domain';
import { inTurn, type Turns } from '../hosts/inTurn.ts';
import { daemonsOn } from './daemon.ts';
import { diagnose } from './diagnose.ts';
import { ensureTarget } from './ensure.ts';
import { ensureTargetGone } from './gone.ts';
import { look, seenTarget, targetIn } from './look.ts';
import { settle, type Settings, type TgtOptions } from './options.ts';
import { planned } from './plan.ts';
import type { Eventually, Session } from './session.ts';
import { targetTrouble, wantedOf } from './wanted.ts';

const CAPABILITIES: TargetCapabilities = {
  types: ['iscsi'],
  scope: 'clientGroup',
  opens: ['rbd', 'file'],
  list: true,
  clientCodes: ['iqn', 'ip'],
  forwardChap: true,
  showsChap: true,
  clearsChap: true,
  mutualChap: 'target',
  portals: 'given',
  sharedPortals: false,
  qos: false,
  onlineExtend: true,
  sessions: true,
  fences: true,
  virtualPortals: true,
  maxLuns: 255,
};

/** What a backend is made of. */
interface Parts {
  readonly options: TgtOptions;
  readonly settings: Settings;
  /** Calls for one daemon wait for each other, from the first look to the last. */
  readonly turns: Turns;
}

const sessionOn = ({ options, settings }: Parts, { host: name }: HostPlace, context: CallContext, number = 0): E.Either<PortError, Session> => {
  const host = options.hosts.find((one) => one.name === name);
  if (host === undefined) return E.left(permanent('UnknownHost', `no host of this backend is named ${name}`));
  return E.right({ daemon: { host, controlPort: settings.controlPort + number }, settings, context });
};

/** Does work with the daemon of a target, alone. */
const withDaemon =
  <A>(parts: Parts, target: TargetRef, context: CallContext, work: (session: Session) => Eventually<A>) =>
  (): Eventually<A> => {
    const trouble = targetTrouble(target, parts.settings);
    if (trouble !== undefined) return Promise.resolve(E.left(trouble));
    const session = sessionOn(parts, target.place, context, target.number);
    if (E.isLeft(session)) return Promise.resolve(session);
    return parts.turns(`${target.place.host}/${target.number}`, () => work(session.right));
  };

async function see(session: Session, { iqn }: TargetRef): Eventually<SeenTarget | undefined> {
  const standing = await look(session);
  if (E.isLeft(standing)) return standing;
  const target = standing.right === undefined ? undefined : targetIn(standing.right, iqn);
  return E.right(standing.right === undefined || target === undefined ? undefined : seenTarget(standing.right, target));
}

async function observe(session: Session, target: TargetRef): Eventually<TargetResult> {
  const seen = await see(session, target);
  if (E.isLeft(seen)) return seen;
  return E.right(seen.right === undefined ? { exists: false, sessions: 0 } : { exists: true, portals: seen.right.portals, sessions: seen.right.sessions.length });
}

async function list(parts: Parts, place: HostPlace, context: CallContext): Eventually<readonly SeenTarget[]> {
  const there = sessionOn(parts, place, context);
  if (E.isLeft(there)) return there;
  const ports = await daemonsOn(there.right);
  if (E.isLeft(ports)) return ports;
  const all: SeenTarget[] = [];
  for (const controlPort of ports.right) {
    const session = { ...there.right, daemon: { ...there.right.daemon, controlPort } };
    const standing = await parts.turns(`${place.host}/${controlPort - parts.settings.controlPort}`, () => look(session));
    if (E.isLeft(standing)) return standing;
    const { right } = standing;
    if (right !== undefined) all.push(...right.targets.map((target) => seenTarget(right, target)));
  }
  return E.right(all);
}

const perform = (parts: Parts, action: TargetAction, context: TargetCallContext): (() => Eventually<TargetResult>) =>
  match(action)
    .returnType<() => Eventually<TargetResult>>()
    .with({ do: 'ensureTarget' }, (asked) => {
      const wanted = wantedOf(asked, parts.settings, context.sourceOf);
      if (E.isLeft(wanted)) return () => Promise.resolve(wanted);
      return withDaemon(parts, asked.target, context, (session) => ensureTarget({ ...session, openSecret: context.secret }, asked, wanted.right));
    })
    .with({ do: 'ensureTargetGone' }, (asked) => withDaemon(parts, asked.target, context, (session) => ensureTargetGone(session, asked)))
    .with({ do: 'observeTarget' }, ({ target }) => withDaemon(parts, target, context, (session) => observe(session, target)))
    .exhaustive();

/**
 * iSCSI targets of the Linux SCSI target framework (tgt), which runs in user space: one daemon for each access path on each host, and in it one
 * target for each client group, since tgt cannot mask LUNs.
 *
 * Needs `tgtd` and `tgtadm` on the hosts (Debian: `tgt`, for images of Ceph `tgt-rbd` and `ceph-common`). Daemons go on serving when this
 * process ends. What is lost when one of them ends is projected again by the next call.
 *
 * - Two access paths of a host cannot share a portal, since each has a daemon of its own.
 * - `tgtadm` takes a secret as a word of its command line and nowhere else: for some milliseconds everybody on that host can read it.
 *
 * @example
 * import { localHost, tgtTargets } from '@blockledger/adapters-xdc';
 * const gateways = tgtTargets({ hosts: [localHost({ name: 'gw1' })], ceph: { conf: '/etc/ceph/ceph.conf', client: 'client.gateway' } });
 * gateways.capabilities.scope; // => 'clientGroup'
 * gateways.hosts(); // => ['gw1']
 * await gateways.close();
 */
export const tgtTargets = (options: TgtOptions): TargetBackend => {
  const parts: Parts = { options, settings: settle(options), turns: inTurn() };
  return {
    kind: 'tgt',
    capabilities: CAPABILITIES,
    lateEffectsMs: Math.max(0, ...options.hosts.map((host) => host.lateEffectsMs)),
    hosts: () => options.hosts.map(({ name }) => name),
    perform: (action, context) => perform(parts, action, context),
    see: (target, context) => withDaemon(parts, target, context, (session) => see(session, target)),
    list: (place, context) => () => list(parts, place, context),
    plan: (action) => planned(action, parts.settings),
    diagnose: (_, context) => () => diagnose(options.hosts, parts.settings, context),
    close: async () => void (await Promise.all(options.hosts.map((host) => host.close()))),
  };
};
