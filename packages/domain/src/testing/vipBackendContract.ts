/**
 * The contract that every backend of virtual IPs keeps, as a suite for any test runner: third-party adapters run it too.
 *
 * @example
 * import { vipBackendContract } from '@blockledger/domain/testing';
 * const names: string[] = [];
 * vipBackendContract((name) => { names.push(name); }, () => Promise.reject(new Error('not run here')));
 * names.length > 15; // => true
 */
import { daemonsDie, instancesGo } from './vipBackend/dying.ts';
import { onScene, type OnVipScene, type RegisterVipTest, type VipBackendUnderTest } from './vipBackend/given.ts';
import { addressesAreHeld, hostsMustServe } from './vipBackend/holding.ts';
import { badInstancesAreRefused, theWireIsHeard } from './vipBackend/listening.ts';

export type { RegisterVipTest, VipBackendUnderTest, VipHost } from './vipBackend/given.ts';

/**
 * Registers the whole contract of the `VipBackend` port. Every test asks `make` for a backend with two hosts, uses addresses of its own, and
 * disposes of what it got; the hosts may be new each time or shared.
 *
 * @param test registers one test: a name and what to run. A failing test rejects with an Error that says what was wanted.
 * @param make gives a backend with its hosts.
 *
 * @example
 * import { simulateVips } from '@blockledger/adapters-xdc/simulator';
 * import { vipBackendContract } from '@blockledger/domain/testing';
 * const tests = new Map<string, () => Promise<void>>();
 * const segment = simulateVips();
 * const hostOf = (host: string, source: string) => ({ place: { backend: 'vips', host }, interface: 'eth0', source });
 * let used = 0;
 * vipBackendContract((name, run) => void tests.set(name, run), async () => ({
 *   backend: segment.backend,
 *   hosts: [hostOf('gw1', '10.77.0.1'), hostOf('gw2', '10.77.0.2')],
 *   fresh: () => ({ ip: `10.77.1.${(used += 1)}`, vrid: used }),
 *   wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
 *   settlesWithinMs: 12_000,
 *   fencedAfterMs: 10_000,
 *   kill: async ({ place }, vipId) => segment.kill(place.host, vipId),
 *   setLink: async ({ place }, up) => segment.setLink(place.host, up),
 *   serve: async () => async () => undefined,
 *   dispose: async () => undefined,
 * }));
 * await tests.get('an instance that never was is gone [S0-80]')?.();
 */
export const vipBackendContract = (test: RegisterVipTest, make: () => Promise<VipBackendUnderTest>): void => {
  const on: OnVipScene = (name, run) =>
    test(name, async () => {
      const given = await make();
      try {
        await onScene(given, run);
      } finally {
        await given.dispose();
      }
    });
  for (const part of [addressesAreHeld, hostsMustServe, daemonsDie, instancesGo, theWireIsHeard, badInstancesAreRefused]) part(on);
};
