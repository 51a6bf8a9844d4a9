/** Create-to-active on a real cluster, through the whole engine and durable, against a loop that runs the same command lines bare. */
import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { controlPlane } from '@blockledger/app';
import { importStream } from '../../packages/adapters-rbd/src/commands/importStream.ts';
import { realCeph, startCeph } from '../support/ceph.ts';
import { median, must, printRows, withSqlite } from './support.ts';

const ROUNDS = 40;
const MIB = 1024 * 1024;

if (!realCeph.present()) {
  console.log(`left out: Ceph is not installed; apt-get install ${realCeph.packages.join(' ')}`);
  process.exit(0);
}

const ceph = await startCeph({ manager: true });
try {
  await withSqlite(async (store) => {
    const plane = await controlPlane({ store, backends: { ceph: rbdBackend({ conf: ceph.conf, watchTimeoutMs: 3_000 }) }, exclusive: true });
    must(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }));
    // The manager needs some seconds before it knows how much the pool holds.
    while ((await plane.pools.stats('vols'))._tag === 'Left') await new Promise((resolve) => setTimeout(resolve, 500));
    const input = { pool: 'vols', sizeBytes: 1024 * MIB };
    const plan = must(await plane.plan({ do: 'createVolume', input: { ...input, name: 'planned' } }));
    const steps = plan.work.flatMap((work) => work.performs?.steps ?? []);
    // An image is imported from standard input: a stream of the size that the engine's has.
    const stream = Buffer.from(importStream(input.sizeBytes, { 'blockledger.volume': 'x'.repeat(300) }));
    const bare = (round: number): number => {
      const started = performance.now();
      // The same command lines with another image each round, run one after the other by nothing but Node.
      const action = plan.work.find((work) => work.performs !== undefined)?.performs?.action;
      const { volumeId } = action !== undefined && 'volume' in action ? action.volume : { volumeId: '' };
      const mine = volumeId.replaceAll('-', '');
      for (const { argv } of steps) {
        const [program = '', ...args] = (argv ?? []).map((word) => word.replaceAll(mine, `bare${String(round).padStart(28, '0')}`));
        execFileSync(program, args, { stdio: ['pipe', 'pipe', 'pipe'], input: args.includes('import') ? stream : '' });
      }
      return performance.now() - started;
    };
    const engine = async (round: number): Promise<number> => {
      const started = performance.now();
      must(await plane.createVolume({ ...input, name: `volume ${round}` }, { wait: 'done' }));
      return performance.now() - started;
    };
    await engine(-1);
    const ratios: number[] = [];
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [ours, theirs] = round % 2 === 0 ? [await engine(round), bare(round)] : [undefined, bare(round)];
      const engineMs = ours ?? (await engine(round));
      ratios.push(engineMs / theirs);
      times.push(engineMs);
    }
    printRows([
      { what: 'create to active, engine / the same calls bare', figure: `${median(ratios).toFixed(2)}×  (${median(times).toFixed(0)} ms)`, aim: 'at most 1.15×' },
      { what: 'calls of rbd per create', figure: `${steps.length}: ${steps.map(({ argv }) => argv?.find((word, at) => at > 0 && !word.startsWith('-') && !argv[at - 1]?.startsWith('--'))).join(', ')}`, aim: 'each earns its place' },
    ]);
    await plane.close();
  });
} finally {
  ceph.stop();
}
