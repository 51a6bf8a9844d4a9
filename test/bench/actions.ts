/** What it costs to remember actions: CPU of a refusal, which stores no event, when thousands of actions are remembered, against one on a plane that remembers few. */
import type { ControlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { planeOver, printRows, quantile } from './support.ts';

const REMEMBERED = 3_000;
const COMMANDS = 400;
const ROUNDS = 15;

const refuse = async (plane: ControlPlane, times: number): Promise<number> => {
  const began = process.cpuUsage();
  for (let count = 0; count < times; count += 1) await plane.deleteVolume(1_000_000);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / times;
};
const old = await planeOver(memoryStore());
await refuse(old, REMEMBERED);
const [few, many]: [number[], number[]] = [[], []];
for (let round = 0; round < ROUNDS; round += 1) {
  const fresh = await planeOver(memoryStore());
  few.push(await refuse(fresh, COMMANDS));
  await fresh.close();
  many.push(await refuse(old, COMMANDS));
}
/** Other work on the machine only ever adds: the least that a command cost says most. */
const cost = (costs: readonly number[]): number => quantile(costs, 0.1);
printRows([{ what: `CPU of a refusal: ${REMEMBERED} actions remembered / few`, figure: `${(cost(many) / cost(few)).toFixed(2)}×  (${Math.round(cost(many))} µs)`, aim: '' }]);
await old.close();
