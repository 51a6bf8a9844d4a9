/** A service over a simulated cluster that is as slow as the environment says, and writes down what it has changed. */
import { appendFileSync } from 'node:fs';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { defineConfig } from '@blockledger/app';

const number = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

export const config = defineConfig(({ store = '' }) => {
  const cluster = simulateRbd({
    file: `${store}.cluster.json`,
    latencyMs: number('SLOW_LATENCY_MS', 0),
    longMs: number('SLOW_LONG_MS', 0),
    watchTimeoutMs: 500,
    faults: {
      after: ({ argv, verb, changes }, { exitCode }) => {
        if (changes && exitCode === 0) appendFileSync(`${store}.changes`, `${verb} ${argv.findLast((word) => word.startsWith('vols/'))}\n`);
      },
    },
  });
  return {
    store,
    // Simulated children end with their process.
    backends: { ceph: rbdBackend({ run: cluster.run, lateEffectsMs: 200 }) },
    pools: { vols: { backend: 'ceph', pool: 'vols', overSubscriptionRatio: 1000 } },
    shutdownGraceMs: number('SLOW_GRACE_MS', 10_000),
  };
});
