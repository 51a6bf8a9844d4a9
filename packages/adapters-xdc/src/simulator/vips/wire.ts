/** A network segment with hosts on it that speak VRRP: what happens as time passes. */
import type { HeardAdvert, NotReady, ReadyCheck, VipId, VipInstance } from '@blockledger/domain';

/** An instance as its simulated host has it. Times are in ms. */
export interface SimInstance {
  installationId: string;
  instance: VipInstance;
  yielding: boolean;
  running: boolean;
  state: 'master' | 'backup' | 'fault';
  /** The address is on the interface. */
  holds: boolean;
  /** Readiness as the daemon takes it, which asks twice. */
  ready: boolean;
  /** Since when the script has said otherwise. */
  otherwiseSince: number | undefined;
  notReady: NotReady | undefined;
  /** Under which admission it was served last, and when. */
  good: { readonly token: string; readonly at: number } | undefined;
  fenced: string | undefined;
  /** When it takes over unless it hears a better one. */
  masterDownAt: number;
  advertAt: number;
}

/** A simulated host. */
export interface SimHost {
  readonly name: string;
  readonly interface: string;
  readonly source: string;
  link: boolean;
  reachable: boolean;
  admission: string | undefined;
  readonly instances: Map<VipId, SimInstance>;
}

/** The segment. */
export interface Wire {
  readonly hosts: readonly SimHost[];
  readonly serves: (host: string, check: ReadyCheck) => boolean;
  readonly fencedAfterMs: number;
  /** Routers that are nobody's here. */
  readonly strangers: Set<HeardAdvert>;
  heard: readonly (HeardAdvert & { readonly at: number })[];
  at: number;
}

const STEP_MS = 100;
/** After so long nothing changes any more by itself. */
const STILL_MS = 120_000;
const ADVERT_MS = 1_000;
/** The script is asked every second, and believed when it said so twice. */
const TWICE_MS = 2_000;
/** Adverts are remembered for so long. */
const MEMORY_MS = 60_000;

const skewMs = (priority: number): number => Math.round(((256 - priority) * 1_000) / 256);
const downMs = ({ priority }: VipInstance): number => 3 * ADVERT_MS + skewMs(priority);

/** Whether the two take part in the same elections: their password and their address are the same. */
const sameGroup = (a: VipInstance, b: VipInstance): boolean => a.vrid === b.vrid && a.ip === b.ip && a.vipGroupId === b.vipGroupId;

const fencedNow = (wire: Wire, host: SimHost, one: SimInstance, token: string): boolean => {
  if (one.fenced === token) return true;
  if (one.good?.token === token) return wire.at - one.good.at > wire.fencedAfterMs;
  return [...host.instances.values()].some(({ fenced }) => fenced === token);
};

/** What the script on the host says, and what it notes. */
export function script(wire: Wire, host: SimHost, one: SimInstance): NotReady | undefined {
  const token = host.admission;
  if (token === undefined) return 'admission';
  if (fencedNow(wire, host, one, token)) {
    one.fenced = token;
    return 'admission';
  }
  if (!host.link || !one.instance.checks.every((check) => wire.serves(host.name, check))) return 'service';
  one.good = { token, at: wire.at };
  return one.yielding ? 'yielding' : undefined;
}

/** What is running on hosts whose link is up, beside one. */
const others = ({ hosts }: Wire, self: SimHost): readonly SimInstance[] =>
  hosts.flatMap((host) => (host === self || !host.link ? [] : [...host.instances.values()].filter(({ running }) => running)));

/** An instance that gives up says so, with priority 0, if anybody can hear it. */
export function giveUp(wire: Wire, host: SimHost, one: SimInstance): void {
  if (one.state === 'master' && host.link) {
    for (const other of others(wire, host)) {
      if (other.state === 'backup' && sameGroup(other.instance, one.instance)) other.masterDownAt = wire.at + skewMs(other.instance.priority);
    }
  }
  one.state = 'fault';
  one.holds = false;
}

/** It takes part from now on, and waits first. */
export const takePart = (wire: Wire, one: SimInstance): void => {
  one.state = 'backup';
  one.holds = false;
  one.masterDownAt = wire.at + downMs(one.instance);
};

/** Asks the script; what it says counts when it has said so twice. A link that is down counts at once. */
function ask(wire: Wire, host: SimHost, one: SimInstance): void {
  one.notReady = script(wire, host, one);
  const says = one.notReady === undefined;
  if (says === one.ready) one.otherwiseSince = undefined;
  else one.otherwiseSince ??= wire.at;
  if (one.otherwiseSince !== undefined && (wire.at - one.otherwiseSince >= TWICE_MS || !host.link)) {
    one.ready = says;
    one.otherwiseSince = undefined;
  }
  if (!one.ready && one.state !== 'fault') giveUp(wire, host, one);
  if (one.ready && one.state === 'fault') takePart(wire, one);
}

/** An advert reaches everybody of the group. */
function advertise(wire: Wire, host: SimHost, one: SimInstance): void {
  one.advertAt = wire.at + ADVERT_MS;
  if (!host.link) return;
  const { vrid, priority, source } = one.instance;
  wire.heard = [...wire.heard, { source, vrid, priority, at: wire.at }];
  for (const other of others(wire, host)) {
    if (!sameGroup(other.instance, one.instance)) continue;
    if (other.state === 'master' && other.instance.priority < priority) takePart(wire, other);
    else if (other.state === 'backup' && (priority >= other.instance.priority || !other.instance.preempt)) other.masterDownAt = wire.at + downMs(other.instance);
  }
}

function step(wire: Wire): void {
  const running = wire.hosts.flatMap((host) => [...host.instances.values()].filter((one) => one.running).map((one) => ({ host, one })));
  for (const { host, one } of running) ask(wire, host, one);
  for (const { host, one } of running) if (one.state === 'master' && wire.at >= one.advertAt) advertise(wire, host, one);
  for (const { host, one } of running) {
    if (one.state !== 'backup' || wire.at < one.masterDownAt) continue;
    one.state = 'master';
    one.holds = true;
    advertise(wire, host, one);
  }
}

/** Time in which nothing changes is left out: who was served all along has been served meanwhile, too, and is not locked out. */
function leaveOut(wire: Wire, ms: number): void {
  const served = wire.hosts.flatMap(({ instances }) => [...instances.values()]).filter(({ running, good }) => running && good?.at === wire.at);
  wire.at += ms;
  for (const one of served) if (one.good !== undefined) one.good = { ...one.good, at: wire.at };
}

/** Lets time pass until now. */
export function advance(wire: Wire, now: number): void {
  if (now - wire.at > STILL_MS) leaveOut(wire, now - STILL_MS - wire.at);
  while (wire.at + STEP_MS <= now) {
    wire.at += STEP_MS;
    step(wire);
  }
  wire.heard = wire.heard.filter(({ at }) => at > now - MEMORY_MS);
}
