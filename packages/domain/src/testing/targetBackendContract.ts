/**
 * The contract that every target backend keeps, as a suite for any test runner: third-party adapters run it too.
 *
 * @example
 * import { targetBackendContract } from '@blockledger/domain/testing';
 * const names: string[] = [];
 * targetBackendContract((name) => { names.push(name); }, () => Promise.reject(new Error('not run here')));
 * names.length > 20; // => true
 */
import { targetsChange } from './targetBackend/changing.ts';
import { targetsGo } from './targetBackend/ending.ts';
import { ending, targetSceneOn, type OnTargetScene, type RegisterTargetTest, type TargetBackendUnderTest } from './targetBackend/given.ts';
import { targetBackendsTell } from './targetBackend/looking.ts';
import { targetsAreMade } from './targetBackend/making.ts';

export type { Login, LoginAsked, RegisterTargetTest, TargetBackendUnderTest } from './targetBackend/given.ts';

/**
 * Registers the whole contract of the `TargetBackend` port. Every test asks `make` for a backend, uses targets and volumes of its own, takes
 * its targets away, and disposes of what it got; the backend may be new each time or shared.
 *
 * @param test registers one test: a name and what to run. A failing test rejects with an Error that says what was wanted.
 * @param make gives a backend with a host that answers.
 *
 * @example
 * import { localHost, tgtTargets } from '@blockledger/adapters-xdc';
 * import { targetBackendContract } from '@blockledger/domain/testing';
 * const tests = new Map<string, () => Promise<void>>();
 * const backend = tgtTargets({ hosts: [localHost({ name: 'gw1' })] });
 * targetBackendContract((name, run) => void tests.set(name, run), async () => ({
 *   backend,
 *   place: { backend: 'tgt', host: 'gw1' },
 *   makeVolume: () => Promise.reject(new Error('not made here')),
 *   sourceOf: () => undefined,
 *   freshPortal: () => ({ ip: '127.0.0.1', port: 13260 }),
 *   dispose: () => Promise.resolve(),
 * }));
 * await tests.get('the capabilities say the same each time')?.();
 */
export const targetBackendContract = (test: RegisterTargetTest, make: () => Promise<TargetBackendUnderTest>): void => {
  const on: OnTargetScene = (name, run) =>
    test(name, async () => {
      const given = await make();
      const scene = await targetSceneOn(given);
      try {
        await run(scene);
      } finally {
        for (const target of [scene.target, scene.neighbour, scene.stranger]) await scene.perform(ending(target, true));
        await given.dispose();
      }
    });
  for (const part of [targetsAreMade, targetsChange, targetsGo, targetBackendsTell]) part(on);
};
