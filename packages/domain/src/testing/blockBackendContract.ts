/**
 * The contract that every block backend keeps, as a suite for any test runner: third-party adapters run it too.
 *
 * @example
 * import { blockBackendContract } from '@blockledger/domain/testing';
 * const names: string[] = [];
 * blockBackendContract((name) => { names.push(name); }, () => Promise.reject(new Error('not run here')));
 * names.length > 30; // => true
 */
import { sizesChange, snapshotsCome, volumesRollBack } from './blockBackend/changing.ts';
import { backendsKnowWhatIsWrong } from './blockBackend/diagnosing.ts';
import { volumesAreTakenOver, volumesGo } from './blockBackend/ending.ts';
import { sceneOn, type BackendUnderTest, type OnScene, type RegisterBackendTest } from './blockBackend/given.ts';
import { othersAreSafe } from './blockBackend/keepingOut.ts';
import { backendsTell } from './blockBackend/looking.ts';
import { volumesAreMade } from './blockBackend/making.ts';
import { volumesMove } from './blockBackend/moving.ts';

export type { BackendUnderTest, RegisterBackendTest } from './blockBackend/given.ts';

/**
 * Registers the whole contract of the `BlockBackend` port. Every test asks `make` for a backend, uses volumes of its own, and disposes of
 * what it got; the backend may be new each time or shared. Tests of a capability that the backend does not have check that it says so.
 *
 * @param test registers one test: a name and what to run. A failing test rejects with an Error that says what was wanted.
 * @param make gives a backend with its pools.
 *
 * @example
 * import { rbdBackend } from '@blockledger/adapters-rbd';
 * import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
 * import { blockBackendContract } from '@blockledger/domain/testing';
 * const tests = new Map<string, () => Promise<void>>();
 * const backend = rbdBackend({ run: simulateRbd().run });
 * const placement = { backend: 'ceph', pool: 'vols' };
 * blockBackendContract((name, run) => void tests.set(name, run), async () => ({ backend, placement, dispose: () => Promise.resolve() }));
 * await [...tests.values()][0]?.();
 */
export const blockBackendContract = (test: RegisterBackendTest, make: () => Promise<BackendUnderTest>): void => {
  const on: OnScene = (name, run) =>
    test(name, async () => {
      const given = await make();
      try {
        await run(sceneOn(given));
      } finally {
        await given.dispose();
      }
    });
  for (const part of [volumesAreMade, sizesChange, snapshotsCome, volumesRollBack, volumesMove, volumesGo, volumesAreTakenOver, othersAreSafe, backendsTell, backendsKnowWhatIsWrong]) part(on);
};
