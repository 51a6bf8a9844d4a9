/** What the tests of the `VipBackend` contract are given, and the words in which they speak. */
import type { Either } from 'fp-ts/lib/Either.js';
import type { VipGroupId, VipId } from '../../kernel/ids.ts';
import type { PortError } from '../../kernel/portError.ts';
import type { CallContext } from '../../ports/blockBackend.ts';
import type { HostPlace, Portal } from '../../ports/targetBackend.ts';
import type { SeenInstance, VipAction, VipBackend, VipInstance, VipInstanceRef, VipResult } from '../../ports/vipBackend.ts';
import { check, succeeded } from '../blockBackend/given.ts';

/** A gateway host to test on. */
export interface VipHost {
  readonly place: HostPlace;
  /** The device that all hosts of the test share a segment on. */
  readonly interface: string;
  /** The host's own address there. */
  readonly source: string;
}

/** A backend to test, with hosts whose network the test may break. What is optional is tested only where it is given. */
export interface VipBackendUnderTest {
  readonly backend: VipBackend;
  /** Two hosts on one segment. */
  readonly hosts: readonly [VipHost, VipHost];
  /** An address of the segment that nobody has, and a router id that nobody uses. */
  readonly fresh: () => { readonly ip: string; readonly vrid: number };
  /** Waits, or lets simulated time pass. */
  readonly wait: (ms: number) => Promise<void>;
  /** Every election is over by then, in ms. */
  readonly settlesWithinMs: number;
  /** An instance that was not ready for longer needs its host to be admitted again, in ms. */
  readonly fencedAfterMs: number;
  /** Kills the daemon of an instance and all that keeps it running, so that nothing cleans up. */
  readonly kill: (host: VipHost, vipId: VipId) => Promise<void>;
  /** Takes the link of a host away, or gives it back. */
  readonly setLink: (host: VipHost, up: boolean) => Promise<void>;
  /** Something begins to serve on a portal of a host; the result ends it. */
  readonly serve: (host: VipHost, portal: Portal) => Promise<() => Promise<void>>;
  /** Frees everything; called after each test. */
  readonly dispose: () => Promise<void>;
}

/** Registers one test. */
export type RegisterVipTest = (name: string, run: () => Promise<void>) => void;

/** Which of the two hosts. */
export type Which = 0 | 1;
/** The host that is preferred. */
export const FIRST: Which = 0;
/** The other one. */
export const SECOND: Which = 1;

/** One address with its instances on both hosts. */
export interface Vip {
  readonly vipId: VipId;
  readonly on: readonly [VipInstance, VipInstance];
}

/** What one test works with. */
export interface VipScene extends VipBackendUnderTest {
  readonly context: CallContext;
  /** An address of its own, with what is said changed on both hosts. */
  readonly vip: (more?: Partial<VipInstance>) => Vip;
  readonly perform: (action: VipAction, context?: CallContext) => Promise<Either<PortError, VipResult>>;
  /** The answer of an action that must succeed. */
  readonly done: (action: VipAction) => Promise<VipResult>;
  readonly ensure: (vip: Vip, which: Which, more?: Partial<VipInstance>) => Promise<VipResult>;
  readonly gone: (vip: Vip, which: Which) => Promise<VipResult>;
  readonly observe: (vip: Vip, which: Which) => Promise<VipResult>;
  readonly list: (which: Which) => Promise<readonly SeenInstance[]>;
  /** Admits both hosts anew. */
  readonly admit: () => Promise<void>;
  /** Both instances run on admitted hosts, and the first one holds the address. */
  readonly running: (vip: Vip) => Promise<void>;
  /** Waits until it is so. */
  readonly until: (what: string, isSo: () => Promise<boolean>) => Promise<void>;
  /** Waits until the address is on this host, and on no other. */
  readonly heldBy: (vip: Vip, which: Which) => Promise<void>;
}

export type OnVipScene = (name: string, run: (scene: VipScene) => Promise<void>) => void;

const hex = (digits: number): string => Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('');
export const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;

/** How often a test asks while it waits, in ms. */
const ASK_MS = 250;

export const refOf = ({ place }: VipHost, { vipId, ip, mask, interface: device }: VipInstance): VipInstanceRef => ({ place, vipId, ip, mask, interface: device });

/** The action that makes the instance of one host. */
export const making = ({ place }: VipHost, instance: VipInstance, yielding = false): Extract<VipAction, { do: 'ensureInstance' }> => ({ do: 'ensureInstance', place, instance, yielding });

function vipOn({ hosts, fresh }: VipBackendUnderTest, more: Partial<VipInstance>): Vip {
  const vipId = uuid() as VipId;
  const shared = { vipGroupId: uuid() as VipGroupId, vipId, mask: 32, preempt: true, checks: [], ...fresh() };
  const of = (which: Which): VipInstance => ({
    ...shared,
    priority: 101 - which,
    interface: hosts[which].interface,
    source: hosts[which].source,
    peers: [hosts[which === 0 ? 1 : 0].source],
    ...more,
  });
  return { vipId, on: [of(0), of(1)] };
}

type Asking = Pick<VipScene, 'perform' | 'done' | 'ensure' | 'gone' | 'observe' | 'list' | 'admit'>;

const askingOf = (given: VipBackendUnderTest, context: CallContext): Asking => {
  const { backend, hosts } = given;
  const perform: VipScene['perform'] = (action, asked = context) => backend.perform(action, asked)();
  const done: VipScene['done'] = async (action) => succeeded(await perform(action), action.do);
  return {
    perform,
    done,
    ensure: ({ on }, which, more = {}) => done(making(hosts[which], { ...on[which], ...more })),
    gone: ({ on }, which) => done({ do: 'ensureInstanceGone', place: hosts[which].place, instance: refOf(hosts[which], on[which]) }),
    observe: ({ on }, which) => done({ do: 'observeInstance', place: hosts[which].place, instance: refOf(hosts[which], on[which]) }),
    list: async (which) => succeeded(await backend.list(hosts[which].place, context)(), 'list'),
    admit: async () => {
      for (const { place } of hosts) await done({ do: 'admitHost', place, token: uuid() });
    },
  };
};

/** Makes the scene of one test: addresses that no other test has, and a clean end. */
export async function onScene(given: VipBackendUnderTest, run: (scene: VipScene) => Promise<void>): Promise<void> {
  const never = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  const context: CallContext = { signal: never, onProgress: () => undefined, installationId: `installation-${hex(8)}` };
  const asking = askingOf(given, context);
  const vips: Vip[] = [];
  const until: VipScene['until'] = async (what, isSo) => {
    for (let waited = 0; waited <= given.settlesWithinMs; waited += ASK_MS) {
      if (await isSo()) return;
      await given.wait(ASK_MS);
    }
    check(await isSo(), `after ${given.settlesWithinMs} ms it still is not so: ${what}`);
  };
  const heldBy: VipScene['heldBy'] = ({ on }, which) => {
    const holds = async (each: Which): Promise<boolean> => (await asking.observe({ vipId: on[each].vipId, on }, each)).holds === true;
    return until(`${on[which].ip} is on host ${given.hosts[which].place.host} alone`, async () => (await holds(which)) && !(await holds(which === 0 ? 1 : 0)));
  };
  const scene: VipScene = {
    ...given,
    ...asking,
    context,
    until,
    heldBy,
    vip: (more = {}) => {
      const vip = vipOn(given, more);
      vips.push(vip);
      return vip;
    },
    running: async (vip) => {
      for (const which of [FIRST, SECOND]) await asking.ensure(vip, which);
      await asking.admit();
      await heldBy(vip, FIRST);
    },
  };
  try {
    await run(scene);
  } finally {
    for (const vip of vips) for (const which of [FIRST, SECOND]) await asking.gone(vip, which).catch(() => undefined);
  }
}
