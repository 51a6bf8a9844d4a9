/** What it costs to remember actions: CPU of a refusal, which stores no event, when thousands of actions are remembered, against one on a plane that remembers few. */
import type { ControlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { Benchmark } from './frame/benchmark.ts';
import { planeOver } from './support.ts';

const REMEMBERED = 3_000;
const COMMANDS = 400;

const refuse = async (plane: ControlPlane, times: number): Promise<number> => {
  const began = process.cpuUsage();
  for (let count = 0; count < times; count += 1) await plane.deleteVolume(1_000_000);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / times;
};

export const benchmark: Benchmark = {
  name: 'actions',
  title: 'What remembered actions cost',
  about: `CPU time of a refusal, which stores no event: with ${REMEMBERED} actions remembered, and with few.`,
  rounds: 15,
  measures: [{ name: 'CPU time', unit: 'µs', better: 'less' }],
  targets: [{ what: 'a long memory costs nothing', measure: 'CPU time', of: 'many remembered', against: 'few remembered', atMost: 1.25 }],
  bounds: 'Deciding and answering; the memory is an index.',
  start: async () => {
    const old = await planeOver(memoryStore());
    await refuse(old, REMEMBERED);
    return {
      contestants: [
        { name: 'many remembered', role: 'ours', measure: async () => ({ 'CPU time': await refuse(old, COMMANDS) }) },
        {
          name: 'few remembered',
          role: 'limit',
          measure: async () => {
            const fresh = await planeOver(memoryStore());
            const cost = await refuse(fresh, COMMANDS);
            await fresh.close();
            return { 'CPU time': cost };
          },
        },
      ],
      stop: () => old.close(),
    };
  },
};
