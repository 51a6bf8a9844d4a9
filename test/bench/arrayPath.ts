/** What attaching through one access path of an array costs: requests to the array, and work of the processor, for attachments that are made at once, against the same made one after the other. */
import { qsanArray } from '@blockledger/adapters-qsan';
import { startQsanArray } from '@blockledger/adapters-qsan/simulator';
import { controlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { secret } from '@blockledger/domain';
import type { Benchmark, Figures } from './frame/benchmark.ts';
import { must } from './support.ts';

/** Initiators take turns, as the hosts of a cloud do. */
const INITIATORS = 4;
const done = { wait: 'done' } as const;

/** For so many attachments, by attachment. */
const attaching = async (count: number, together: boolean): Promise<Figures> => {
  const array = await startQsanArray({ pools: [{ name: 'Pool-1', totalBytes: 10_995_116_277_760 }] });
  const { volumes, targets } = qsanArray({ url: array.url, username: array.username, password: secret(array.password), ca: array.ca });
  const plane = await controlPlane({ store: memoryStore(), backends: { array: volumes }, targets: { array: targets }, limits: { answerTimeoutMs: 600_000 } });
  must(await plane.registerPool({ name: 'gold', placement: { backend: 'array', pool: 'Pool-1' } }, done));
  must(await plane.registerHost({ name: 'qsan', targets: 'array', addresses: [] }, done));
  const { id: accessPath } = must(await plane.createAccessPath({ name: 'front', hosts: ['qsan'] }, done)).resource;
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push(must(await plane.createVolume({ pool: 'gold', name: `volume ${at}`, sizeBytes: 1_073_741_824 }, done)).resource.id);
  await plane.idle();
  const asked = (): number => array.requests().at(-1)?.count ?? 0;
  const [before, busy] = [asked(), process.cpuUsage()];
  const attach = async (id: string, at: number): Promise<void> =>
    void must(await plane.reserveAttachment(id, { connect: { accessPath, connector: { initiator: `iqn.2004-10.com.ubuntu:01:node${at % INITIATORS}` } } }, done));
  if (together) await Promise.all(ids.map(attach));
  else for (const [at, id] of ids.entries()) await attach(id, at);
  await plane.idle();
  const { user, system } = process.cpuUsage(busy);
  const spent = { requests: (asked() - before) / count, 'CPU time': (user + system) / 1_000 / count };
  await plane.close();
  await array.stop();
  return spent;
};

export const benchmark: Benchmark = {
  name: 'arrayPath',
  title: 'Attachments by one access path of an array',
  about: 'Requests to a simulated array, and CPU time of it and the control plane, for each attachment: all asked at once, and one after the other.',
  rounds: 3,
  warmUp: 0,
  along: { name: 'attachments', points: [10, 30, 100] },
  measures: [
    { name: 'requests', unit: '', better: 'less', plot: true },
    { name: 'CPU time', unit: 'ms', better: 'less', plot: true },
  ],
  targets: [{ what: 'requests of attachments made at once', measure: 'requests', of: 'at once', against: 'one after the other', atMost: 1.05 }],
  bounds: 'Eleven requests are what the array needs to be told; the rest is working out what each target should have, which grows with what it has.',
  start: () => ({
    contestants: [
      { name: 'at once', role: 'ours', measure: (count) => attaching(count, true) },
      { name: 'one after the other', role: 'limit', measure: (count) => attaching(count, false) },
    ],
  }),
};
