/** What attaching through one access path of an array costs: requests to the array, and work of the processor, for attachments that are made at once, against the same made one after the other. */
import { performance } from 'node:perf_hooks';
import { qsanArray } from '@blockledger/adapters-qsan';
import { startQsanArray } from '@blockledger/adapters-qsan/simulator';
import { controlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { secret } from '@blockledger/domain';
import { must, printRows } from './support.ts';

const ATTACHMENTS = [30, 100, 250] as const;
/** Initiators take turns, as the hosts of a cloud do. */
const INITIATORS = 4;
const done = { wait: 'done' } as const;

/** Requests to the array, milliseconds, and how many of them the processor worked, for so many attachments. */
const attaching = async (count: number, together: boolean): Promise<{ readonly requests: number; readonly ms: number; readonly busyMs: number }> => {
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
  const [before, began, busy] = [asked(), performance.now(), process.cpuUsage()];
  const attach = async (id: string, at: number): Promise<void> =>
    void must(await plane.reserveAttachment(id, { connect: { accessPath, connector: { initiator: `iqn.2004-10.com.ubuntu:01:node${at % INITIATORS}` } } }, done));
  if (together) await Promise.all(ids.map(attach));
  else for (const [at, id] of ids.entries()) await attach(id, at);
  await plane.idle();
  const { user, system } = process.cpuUsage(busy);
  const spent = { requests: asked() - before, ms: performance.now() - began, busyMs: (user + system) / 1_000 };
  await plane.close();
  await array.stop();
  return spent;
};

const rows = [];
for (const count of ATTACHMENTS) {
  const [one, all] = [await attaching(count, false), await attaching(count, true)];
  rows.push({ what: `requests for ${count} attachments by one path of an array, made at once / one after the other`, figure: `${(all.requests / one.requests).toFixed(2)}×  (${all.requests} against ${one.requests}; ${Math.round(all.ms)} ms against ${Math.round(one.ms)})`, aim: '1' });
  rows.push({ what: `work of the processor for these ${count}, made at once / one after the other`, figure: `${(all.busyMs / one.busyMs).toFixed(2)}×  (${Math.round(all.busyMs)} ms against ${Math.round(one.busyMs)})`, aim: '1' });
  rows.push({ what: 'requests for each of them, one after the other', figure: (one.requests / count).toFixed(1), aim: '' });
}
printRows(rows);
