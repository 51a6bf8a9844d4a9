/** What the engine looks after by itself: whether backends answer, and whether log and backends agree. */
import * as assert from 'uvu/assert';
import { controlPlane } from '@blockledger/app';
import type { PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { fakeBackend } from '../support/fakeBackend.ts';
import { planeWithPool, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';

const test = suite('rounds');

const unreachable: PortError = { _tag: 'Retryable', code: 'Unreachable', message: 'no route to host', outcomeUnknown: false };
const HOUR = 3_600_000;

/** Lets everything that is due now run. */
const settle = async (): Promise<void> => {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A plane whose time only moves when the test says so. */
const patient = async (limits: { readonly auditEveryMs?: number; readonly backendCheckEveryMs?: number }) => {
  const clock = virtualClock(1_700_000_000_000, { auto: false });
  const fake = fakeBackend();
  let isDown = false;
  const lines: string[] = [];
  const log = (_: object, message: string): void => void lines.push(message);
  const backend = { ...fake.backend, identify: (...args: Parameters<typeof fake.backend.identify>) => (isDown ? () => Promise.resolve(E.left(unreachable)) : fake.backend.identify(...args)) };
  const made = await planeWithPool({ clock, limits, fake: { ...fake, backend }, logger: { debug: () => undefined, info: log, warn: log, error: log } });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settle();
  };
  await settle();
  return { ...made, fake, lines, pass, setDown: (down: boolean) => void (isDown = down) };
};

test('log and backends are compared by themselves at the interval, and nothing is repaired [S0-53]', async () => {
  const { plane, fake, pass, lines, clock } = await patient({ auditEveryMs: HOUR });
  const volume = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: 2 ** 30 }, { wait: 'done' })).resource;
  assert.is(plane.monitor.lastAudit(), null);
  await pass(HOUR / 10);
  assert.equal(plane.monitor.lastAudit()?.report.drifts, []);
  const calls = fake.calls.length;
  fake.images.delete(volume.id);
  await pass(HOUR / 2);
  assert.equal(plane.monitor.lastAudit()?.report.drifts, []);
  await pass(HOUR / 2);
  const audit = plane.monitor.lastAudit();
  assert.equal(audit?.report.drifts.map(({ kind, volumeId }) => [kind, volumeId]), [['missing', volume.id]]);
  assert.is(audit?.at, clock.nowMs());
  assert.is(fake.calls.length, calls);
  assert.ok(lines.includes('log and backends differ, or a pool or a host could not be looked at'));
  await plane.close();
});

test('what a backend has lost is a warning by name, from the audit that missed it until one finds it again [S0-53, I-27]', async () => {
  const made = await patient({ auditEveryMs: HOUR });
  const { plane, fake, pass, clock } = made;
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push(right(await plane.createVolume({ pool: 'ssd', name, sizeBytes: 2 ** 30 }, { wait: 'done' })).resource.id);
  const codes = () => plane.warnings().map(({ code }) => code);
  const images = new Map(ids.map((id) => [id, fake.images.get(id)] as const));
  for (const id of ids.slice(1)) fake.images.delete(id);
  assert.equal(codes(), []);
  await pass(HOUR / 10);
  const since = clock.nowMs();
  const poolId = plane.pools.get('ssd')?.id ?? '';
  const message = 'pool "ssd" does not have volumes "b", "c", "d" and 1 more, which the log has: the data may be lost. Nothing was changed; drift tells more';
  assert.equal(plane.warnings(), [{ code: 'DataMissing', message, poolId, since }]);
  await pass(HOUR);
  assert.equal(plane.warnings().map((warning) => warning.since), [since]);
  assert.is(plane.volumes.list().totalCount, 5);
  for (const [id, image] of images) if (image !== undefined) fake.images.set(id, image);
  await pass(HOUR);
  assert.equal(codes(), []);
  await plane.close();
});

test('a lost volume that is deleted on purpose is missed no more, before any other audit [S0-53]', async () => {
  const { plane, fake, pass } = await patient({ auditEveryMs: HOUR });
  const { id } = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: 2 ** 30 }, { wait: 'done' })).resource;
  fake.images.delete(id);
  await pass(HOUR / 10);
  assert.equal(plane.warnings().map(({ code }) => code), ['DataMissing']);
  right(await plane.deleteVolume(id, { cascade: true, force: true }, { wait: 'done' }));
  assert.equal(plane.warnings(), []);
  await plane.close();
});

test('without an interval nothing is compared, and what is asked for is remembered with its moment [S0-53]', async () => {
  const { plane, pass, clock } = await patient({});
  await pass(100 * HOUR);
  assert.is(plane.monitor.lastAudit(), null);
  await plane.drift();
  assert.is(plane.monitor.lastAudit()?.at, clock.nowMs());
  await plane.close();
});

test('a backend that stops to answer is down from the next look on, and up again when it answers [S0-53]', async () => {
  const { plane, pass, setDown, lines } = await patient({ backendCheckEveryMs: 15_000 });
  await pass(15_000);
  assert.equal(plane.monitor.backends().map(({ backend, kind, state }) => [backend, kind, state]), [['fake', 'fake', 'up']]);
  setDown(true);
  await pass(14_000);
  assert.is(plane.monitor.backends()[0]?.state, 'up');
  await pass(1_000);
  await pass(15_000);
  assert.equal(plane.monitor.backends().map(({ state, error }) => [state, error?.code]), [['down', 'Unreachable']]);
  setDown(false);
  await pass(15_000);
  assert.is(plane.monitor.backends()[0]?.state, 'up');
  assert.equal(lines.filter((line) => line.includes('a backend')), ['a backend does not answer', 'a backend answers again']);
  await plane.close();
});

test('a backend that pools name and this process does not have is told as absent [R-4]', async () => {
  const made = await planeWithPool();
  const clock = virtualClock(1_700_000_000_000, { auto: false });
  const again = await controlPlane({ store: made.store, backends: {}, clock, limits: { backendCheckEveryMs: 1_000 } });
  clock.advance(1);
  await settle();
  assert.equal(again.monitor.backends().map(({ backend, kind, state }) => [backend, kind, state]), [['fake', null, 'absent']]);
  await again.close();
  await made.plane.close();
});

test.run();
