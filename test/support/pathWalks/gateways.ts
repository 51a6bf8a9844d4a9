/**
 * Two simulated gateway hosts under a control plane that dies: XDC and virtual IPs as their simulators have them, with networks that are cut,
 * machines that are started anew or lose their power, links that fail until the storage locks the host out, and calls that end badly.
 */
import * as E from 'fp-ts/lib/Either.js';
import { localHost, xdcTargets } from '@blockledger/adapters-xdc';
import { simulateVips, simulateXdc, type SimulatedVips, type XdcSimulator } from '@blockledger/adapters-xdc/simulator';
import { HOST_UNREACHABLE, type CallContext, type PortError, type ProcessRunner, type SeenInstance, type SeenTarget, type TargetBackend, type TargetSession, type VipAction, type VipBackend } from '@blockledger/domain';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { VirtualClock } from '../virtualClock.ts';
import { silence, type Life } from '../walks/life.ts';

/** The hosts, and their own addresses on the segment. */
export const HOSTS = [
  { name: 'gw1', source: '10.252.1.1' },
  { name: 'gw2', source: '10.252.1.2' },
] as const;
export type HostName = (typeof HOSTS)[number]['name'];
export const NAMES: readonly HostName[] = HOSTS.map(({ name }) => name);

/** Effects of calls whose end nobody heard land within so long. */
const LATE_MS = 2_000;
/** A link that is down for longer has the host locked out of its storage. */
export const FENCED_AFTER_MS = 10_000;

/** A LUN of a target, by what stands on the host. */
type StaleLun = `${string} ${string}`;
const lunsOf = (targets: readonly SeenTarget[]): readonly StaleLun[] => targets.flatMap(({ iqn, luns }) => luns.map(({ source }): StaleLun => `${iqn} ${source}`));

/** How a host is. */
export interface Condition {
  /** The control plane cannot reach it; it serves. */
  cut: boolean;
  /** It has no power. */
  off: boolean;
  /** It lost something that nobody took away, and is not yet what it should be again. */
  disturbed: boolean;
  /** LUNs of targets that were opened before the storage locked the host out. */
  readonly stale: Set<StaleLun>;
}

/** An instance of an address that a call left on a host. */
export interface Running {
  readonly host: HostName;
  readonly ip: string;
  readonly yielding: boolean;
}

export interface Gateways {
  readonly xdc: XdcSimulator;
  readonly segment: SimulatedVips;
  readonly conditions: Readonly<Record<HostName, Condition>>;
  /** What stands on a host now, as it would show it. */
  readonly standing: (host: HostName) => readonly SeenTarget[];
  /** Instances that run, by what calls asked for. */
  readonly running: () => readonly Running[];
  /** What the hosts say of their instances; not heard by any plane. */
  readonly instances: (host: HostName, installationId: string) => Promise<readonly SeenInstance[]>;
  /** Backends as one life of a plane has them. */
  readonly backends: (life: Life) => { readonly targets: TargetBackend; readonly vips: VipBackend };
  /** Initiators that want to be logged in wherever they may. */
  readonly initiators: Set<string>;
  /** The machine starts anew; with `everything` it has forgotten its targets. */
  readonly restart: (host: HostName, forgets: 'unsaved' | 'everything') => Promise<void>;
  readonly powerOff: (host: HostName) => void;
  readonly powerOn: (host: HostName, forgets: 'unsaved' | 'everything') => Promise<void>;
  /** The link of a host fails for so long. */
  readonly loseLink: (host: HostName, ms: number, installationId: string) => Promise<void>;
}

export interface GatewayOptions {
  readonly clock: VirtualClock;
  readonly random: () => number;
  /** Chance that a call ends badly. */
  readonly faultRate: () => number;
  /** Called when something on the hosts has changed. */
  readonly onEffect: (what: string) => void;
  readonly onFault: () => void;
}

const unreachable = (host: string): PortError => ({ _tag: 'Retryable', code: HOST_UNREACHABLE, message: `host ${host} cannot be reached: its network is cut`, outcomeUnknown: false });
const lost: PortError = { _tag: 'Retryable', code: 'LostReply', message: 'the reply was lost', outcomeUnknown: true };

type Bad = 'before' | 'after' | 'late' | 'away';

const contextOf = (installationId: string): CallContext => ({ installationId, signal: new AbortController().signal, onProgress: () => undefined });

/** Who is logged in: initiators that want to, where the target knows them. XDC ends the sessions of those that it does not know any more. */
const sessionsOf = ({ clients, portals }: SeenTarget, initiators: ReadonlySet<string>): readonly TargetSession[] =>
  portals.length === 0 ? [] : clients.filter(({ code }) => initiators.has(code)).map(({ code }) => ({ initiator: code }));

export const makeGateways = ({ clock, random, faultRate, onEffect, onFault }: GatewayOptions): Gateways => {
  const xdc = simulateXdc({ hosts: NAMES });
  const shown = new Map<string, readonly SeenTarget[]>();
  const segment = simulateVips({
    hosts: HOSTS,
    clock,
    fencedAfterMs: FENCED_AFTER_MS,
    serves: (host, { iqn, portal, luns }) =>
      shown.get(host)?.some((target) => target.iqn === iqn && target.portals.some(({ ip }) => ip === portal.ip) && luns.every((lun) => target.luns.some((one) => one.lun === lun))) === true,
  });
  const looking = xdcTargets({ hosts: xdc.hosts, endsSessions: true });
  const conditions: Readonly<Record<HostName, Condition>> = {
    gw1: { cut: false, off: false, disturbed: false, stale: new Set() },
    gw2: { cut: false, off: false, disturbed: false, stale: new Set() },
  };
  const running = new Map<string, Running>();
  const initiators = new Set<string>();

  /** What XDC would show of a host when it was last looked at. */
  const texts = new Map<string, string>();
  /** Looks at a host that may have changed; true when it has. */
  const look = async (host: HostName): Promise<boolean> => {
    const text = `${xdc.shows(host)}${xdc.luns(host).join(' ')}`;
    if (texts.get(host) === text) return false;
    texts.set(host, text);
    const seen = await looking.list({ backend: 'xdc', host }, contextOf(''))();
    if (E.isLeft(seen)) throw new Error(`${host} shows nothing: ${seen.left.message}`);
    shown.set(host, seen.right);
    const { stale } = conditions[host];
    const there = new Set(lunsOf(seen.right));
    for (const lun of stale) if (!there.has(lun)) stale.delete(lun);
    return true;
  };
  const betrayal = (): Bad | undefined => {
    const [chance, kind] = [random(), random()];
    if (chance >= faultRate()) return undefined;
    onFault();
    return (['before', 'after', 'late', 'away'] as const)[Math.floor(kind * 4)];
  };
  const later = (effect: () => Promise<unknown>): void => {
    void clock.sleep(LATE_MS * 0.75).then(effect);
  };

  /** One effect on a host: it may not land, land unheard, or land late; who dies meanwhile hears nothing of it. */
  const effectOn = async <A>(life: Life, { host, isVip }: { readonly host: HostName; readonly isVip: boolean }, land: () => Promise<E.Either<PortError, A>>): Promise<E.Either<PortError, A>> => {
    const lands = async (): Promise<E.Either<PortError, A>> => {
      // What is on its way to a machine without power is gone.
      if (conditions[host].off) return E.left(unreachable(host));
      const answer = await land();
      const hasChanged = await look(host);
      if (hasChanged || isVip) onEffect(host);
      return answer;
    };
    const wasAlive = life.alive();
    life.tick();
    if (!life.alive()) {
      if (wasAlive && !conditions[host].cut && random() < 0.3) later(lands);
      return silence();
    }
    if (conditions[host].cut) return E.left(unreachable(host));
    const bad = betrayal();
    if (bad === 'away') return E.left(unreachable(host));
    if (bad === 'before') return E.left(lost);
    if (bad === 'late') {
      later(lands);
      return E.left(lost);
    }
    const answer = await lands();
    life.tick();
    if (!life.alive()) return silence();
    return bad === 'after' ? E.left(lost) : answer;
  };

  const runOn = (life: Life, host: HostName): ProcessRunner => (call) => () => {
    const { signal: _signal, ...rest } = call;
    // What has begun on another machine does not end because we do.
    return call.signal.aborted ? xdc.run(host)(call)() : effectOn(life, { host, isVip: false }, () => xdc.run(host)({ ...rest, signal: new AbortController().signal })());
  };

  const note = (action: VipAction): void => {
    const host = action.place.host as HostName;
    if (action.do === 'ensureInstance') running.set(`${host} ${action.instance.vipId}`, { host, ip: action.instance.ip, yielding: action.yielding });
    if (action.do === 'ensureInstanceGone') running.delete(`${host} ${action.instance.vipId}`);
  };

  const vipsOf = (life: Life): VipBackend => ({
    ...segment.backend,
    lateEffectsMs: LATE_MS,
    perform: (action, context) => () =>
      effectOn(life, { host: action.place.host as HostName, isVip: true }, async () => {
        const answer = await segment.backend.perform(action, { ...context, signal: new AbortController().signal })();
        if (E.isRight(answer)) note(action);
        return answer;
      }),
    list: (place, context) => async () => {
      if (!life.alive()) return silence();
      if (conditions[place.host as HostName].cut) return E.left(unreachable(place.host));
      return segment.backend.list(place, context)();
    },
    close: () => Promise.resolve(),
  });

  const targetsOf = (life: Life): TargetBackend => {
    const backend = xdcTargets({ hosts: NAMES.map((name) => ({ ...localHost({ name, run: runOn(life, name) }), lateEffectsMs: LATE_MS })), endsSessions: true });
    return {
      ...backend,
      capabilities: { ...backend.capabilities, sessions: true },
      see: (target, context) => TE.map((seen: SeenTarget | undefined) => (seen === undefined ? undefined : { ...seen, sessions: sessionsOf(seen, initiators) }))(backend.see(target, context)),
    };
  };

  const passUntil = async (until: number): Promise<void> => {
    await clock.until(() => false, until);
    clock.advance(Math.max(0, until - clock.nowMs()));
  };

  const instances: Gateways['instances'] = async (host, installationId) => {
    const seen = await segment.backend.list({ backend: 'keepalived', host }, contextOf(installationId))();
    return E.isRight(seen) ? seen.right : [];
  };

  const restart: Gateways['restart'] = async (host, forgets) => {
    const condition = conditions[host];
    if (condition.off) return;
    xdc.restart(host, forgets);
    segment.restart(host);
    for (const [key, one] of running) if (one.host === host) running.delete(key);
    condition.disturbed = true;
    condition.stale.clear();
    await look(host);
  };

  return {
    xdc,
    segment,
    conditions,
    standing: (host) => shown.get(host) ?? [],
    running: () => [...running.values()],
    instances,
    backends: (life) => ({ targets: targetsOf(life), vips: vipsOf(life) }),
    initiators,
    restart,
    powerOff: (host) => {
      Object.assign(conditions[host], { off: true, cut: true, disturbed: true });
      segment.setLink(host, false);
    },
    powerOn: async (host, forgets) => {
      if (!conditions[host].off) return;
      Object.assign(conditions[host], { off: false, cut: false });
      segment.setLink(host, true);
      await restart(host, forgets);
    },
    loseLink: async (host, ms, installationId) => {
      const condition = conditions[host];
      if (condition.off) return;
      const wasReady = (await instances(host, installationId)).some(({ notReady, state }) => notReady === undefined && (state === 'master' || state === 'backup'));
      condition.disturbed = true;
      segment.setLink(host, false);
      const began = clock.nowMs();
      // Only who was ready notices by itself that it was away for too long. What is opened anew after that moment is not locked out, the link may be down as it will.
      if (wasReady && ms > FENCED_AFTER_MS) {
        await passUntil(began + FENCED_AFTER_MS);
        for (const lun of lunsOf(shown.get(host) ?? [])) condition.stale.add(lun);
      }
      await passUntil(began + ms);
      segment.setLink(host, true);
    },
  };
};
