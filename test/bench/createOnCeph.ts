/** Create-to-active on a real cluster, through the whole engine and durable, against a loop that runs the same command lines bare. */
import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { controlPlane } from '@blockledger/app';
import { importStream } from '../../packages/adapters-rbd/src/commands/importStream.ts';
import { realCeph, startCeph } from '../support/ceph.ts';
import type { Benchmark } from './frame/benchmark.ts';
import { must, openedSqlite } from './support.ts';

const MIB = 1024 * 1024;

export const benchmark: Benchmark = {
  name: 'createOnCeph',
  title: 'Create to active on Ceph, in process',
  about: 'A volume of 1 GiB, from the call of the control plane until it is active on a real Ceph and durable in SQLite; and the same command lines of `rbd` run bare.',
  rounds: 40,
  measures: [{ name: 'time', unit: 'ms', better: 'less' }],
  targets: [{ what: 'what the engine adds to the calls of `rbd`', measure: 'time', of: 'Blockledger', against: 'the same calls bare', atMost: 1.15 }],
  bounds: 'The one call of `rbd`, `import`, which makes image, identity and limits at once: most of it is a new client that connects to the cluster.',
  absent: () => (realCeph.present() ? undefined : `Ceph is not installed; apt-get install ${realCeph.packages.join(' ')}`),
  start: async () => {
    const ceph = await startCeph({ manager: true });
    const { store, remove } = await openedSqlite();
    const plane = await controlPlane({ store, backends: { ceph: rbdBackend({ conf: ceph.conf, watchTimeoutMs: 3_000 }) }, exclusive: true });
    must(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }));
    // The manager needs some seconds before it knows how much the pool holds.
    while ((await plane.pools.stats('vols'))._tag === 'Left') await new Promise((resolve) => setTimeout(resolve, 500));
    const input = { pool: 'vols', sizeBytes: 1024 * MIB };
    const plan = must(await plane.plan({ do: 'createVolume', input: { ...input, name: 'planned' } }));
    const steps = plan.work.flatMap((work) => work.performs?.steps ?? []);
    const action = plan.work.find((work) => work.performs !== undefined)?.performs?.action;
    const { volumeId } = action !== undefined && 'volume' in action ? action.volume : { volumeId: '' };
    const mine = volumeId.replaceAll('-', '');
    // An image is imported from standard input: a stream of the size that the engine's has.
    const stream = Buffer.from(importStream(input.sizeBytes, { 'blockledger.volume': 'x'.repeat(300) }));
    let images = 0;
    /** The same command lines with another image each round, run one after the other by nothing but Node. */
    const bare = (): number => {
      const [started, image] = [performance.now(), `bare${String((images += 1)).padStart(28, '0')}`];
      for (const { argv } of steps) {
        const [program = '', ...args] = (argv ?? []).map((word) => word.replaceAll(mine, image));
        execFileSync(program, args, { stdio: ['pipe', 'pipe', 'pipe'], input: args.includes('import') ? stream : '' });
      }
      return performance.now() - started;
    };
    const engine = async (round: number): Promise<number> => {
      const started = performance.now();
      must(await plane.createVolume({ ...input, name: `volume ${round}` }, { wait: 'done' }));
      return performance.now() - started;
    };
    return {
      contestants: [
        { name: 'Blockledger', role: 'ours', measure: async (_, round) => ({ time: await engine(round) }) },
        { name: 'the same calls bare', role: 'limit', measure: () => ({ time: bare() }) },
      ],
      stop: async () => {
        await plane.close();
        remove();
        ceph.stop();
      },
    };
  },
};
