/** Simulated hosts with virtual IPs, and what may happen to them. */
import { setTimeout as later } from 'node:timers/promises';
import type { Clock, HeardAdvert, ReadyCheck, VipBackend, VipId } from '@blockledger/domain';
import { checkedName } from '../../hosts/host.ts';
import { backendOn } from './backend.ts';
import { readWire, writeWire } from './keep.ts';
import { advance, type SimHost, type Wire } from './wire.ts';

/** A simulated host on the segment. */
export interface SimVipHost {
  readonly name: string;
  /** Its device on the segment. Default: `eth0`. */
  readonly interface?: string;
  /** Its own address there. */
  readonly source: string;
}

/** Options of `simulateVips`. */
export interface SimVipOptions {
  /** Default: `gw1` with 10.77.0.1 and `gw2` with 10.77.0.2. */
  readonly hosts?: readonly SimVipHost[];
  /** Default: real time. */
  readonly clock?: Clock;
  /** Whether something in `checks` is served on a host. Default: everything is. */
  readonly serves?: (host: string, check: ReadyCheck) => boolean;
  /** As with `keepalivedVips`. Default: 10 000. */
  readonly fencedAfterMs?: number;
  /** Where what the hosts run is kept, as JSON; it is read at the start and written after each change. Default: nowhere. */
  readonly file?: string;
}

/** A simulated segment. What happens to a host that is not there happens to nobody. */
export interface SimulatedVips {
  readonly backend: VipBackend;
  /** Which hosts have an address on their interface: more than one is a split brain. */
  readonly holders: (ip: string) => readonly string[];
  /** The daemon of an instance dies, and nobody cleans up: its address stays on the interface. */
  readonly kill: (host: string, vipId: VipId) => void;
  /** The network of a host fails, or comes back. */
  readonly setLink: (host: string, up: boolean) => void;
  /** The host cannot be reached from here; what runs on it goes on. */
  readonly setReachable: (host: string, reachable: boolean) => void;
  /** The host was started anew: nothing runs, no address is held, it is not admitted. */
  readonly restart: (host: string) => void;
  /** Somebody else speaks on the wire; the result silences them. */
  readonly advertise: (advert: HeardAdvert) => () => void;
}

const DEFAULT_HOSTS: readonly SimVipHost[] = [
  { name: 'gw1', source: '10.77.0.1' },
  { name: 'gw2', source: '10.77.0.2' },
];

const realClock: Clock = {
  nowMs: Date.now,
  sleep: async (ms, signal) => {
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    signal?.addEventListener('abort', onAbort);
    await later(ms, undefined, { signal: stop.signal }).catch(() => undefined);
    signal?.removeEventListener('abort', onAbort);
  },
};

/**
 * Simulated gateway hosts on one network segment, which elect by priority who holds an address, as keepalived does: for development and
 * tests without hosts.
 *
 * @example
 * import { simulateVips } from '@blockledger/adapters-xdc/simulator';
 * const segment = simulateVips();
 * segment.backend.hosts(); // => ['gw1', 'gw2']
 * segment.holders('10.77.0.128'); // => []
 */
export function simulateVips({ hosts = DEFAULT_HOSTS, clock = realClock, serves = () => true, fencedAfterMs = 10_000, file }: SimVipOptions = {}): SimulatedVips {
  const all: readonly SimHost[] = hosts.map(({ name, interface: device = 'eth0', source }) => ({
    name: checkedName(name),
    interface: device,
    source,
    link: true,
    reachable: true,
    admission: undefined,
    instances: new Map(),
  }));
  const wire: Wire = { hosts: all, serves, fencedAfterMs, strangers: new Set(), heard: [], at: clock.nowMs() };
  if (file !== undefined) readWire(file, wire);
  const changed = (): void => {
    if (file !== undefined) writeWire(file, wire);
  };
  const happensTo = (name: string, what: (host: SimHost) => void): void => {
    advance(wire, clock.nowMs());
    for (const host of all) if (host.name === name) what(host);
    changed();
  };
  return {
    backend: backendOn(wire, clock, changed),
    holders: (ip) => {
      advance(wire, clock.nowMs());
      return all.filter(({ instances }) => [...instances.values()].some((one) => one.holds && one.instance.ip === ip)).map(({ name }) => name);
    },
    kill: (name, vipId) =>
      happensTo(name, ({ instances }) => {
        const one = instances.get(vipId);
        if (one !== undefined) one.running = false;
      }),
    setLink: (name, up) => happensTo(name, (host) => void (host.link = up)),
    setReachable: (name, reachable) => happensTo(name, (host) => void (host.reachable = reachable)),
    restart: (name) =>
      happensTo(name, (host) => {
        host.admission = undefined;
        for (const one of host.instances.values()) Object.assign(one, { running: false, holds: false, state: 'fault', ready: false, good: undefined, fenced: undefined });
      }),
    advertise: (advert) => {
      wire.strangers.add(advert);
      return () => void wire.strangers.delete(advert);
    },
  };
}
