/** Attachments through the library face, over simulated gateways: what stands on them is looked at. */
import { systemClock } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { permanent, reveal, type EventStore } from '@blockledger/domain';
import * as TE from 'fp-ts/lib/TaskEither.js';
import * as assert from 'uvu/assert';
import { IQN, pathPlane, SECRET, volumeNamed, withHosts, type PathPlane } from '../support/pathPlane.ts';
import { left, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('attachments on the control plane');
const done = { wait: 'done' } as const;

/** An access path with an account, on both gateways, and a volume. */
const ready = async (made: PathPlane) => {
  await withHosts(made);
  const volume = await volumeNamed(made, 'db');
  const path = right(await made.plane.createAccessPath({ name: 'gold', hosts: ['gw1', 'gw2'], chap: { user: 'storage-user', secret: SECRET } }, done)).resource;
  return { ...made, volume, path };
};
const connector = { initiator: IQN, host: 'node1', ip: '10.0.0.7', multipath: true };

test('a volume is reserved, connected, completed, detached and released; the gateways show it between, and nothing afterwards [S4-1, S4-2, S4-3, S4-4, S4-5, S4-6, S4-7, R-28]', async () => {
  const { plane, gateways, volume, path } = await ready(await pathPlane());
  const reserved = right(await plane.reserveAttachment('1', { instance: 'vm-1' }));
  const { id } = reserved.part!;
  assert.equal([reserved.part?.stage, reserved.task], ['reserved', null]);
  assert.is(left(await plane.attachments.connectionInfo(1, id))._tag, 'AttachmentIsNotConnected');
  const connected = right(await plane.connectAttachment(1, { id, accessPath: path.id, connector }, done));
  assert.equal([connected.part?.stage, connected.part?.lun, connected.task?.type], ['connected', 0, 'AttachBlockVolume']);
  for (const host of ['gw1', 'gw2']) assert.ok(gateways.shows(host).includes(`client iqn: ${IQN} lun sn: ${volume.serial} lunid: 0`));
  const info = right(await plane.attachments.connectionInfo(volume.id, id));
  assert.equal(info.targets.map(({ host, portals, lun, reachable }) => [host.name, portals, lun, reachable]), [
    ['gw1', [{ ip: '10.252.1.1', port: 3260 }], 0, true],
    ['gw2', [{ ip: '10.252.1.2', port: 3260 }], 0, true],
  ]);
  assert.equal([info.chap?.user, info.chap === null ? '' : reveal(info.chap.secret), info.serial, info.multipath, info.mode], ['storage-user', SECRET, volume.serial, true, 'rw']);
  assert.not(JSON.stringify(info).includes(SECRET), 'the secret cannot be written by accident');
  assert.is(right(await plane.completeAttachment(1, { id, host: 'node1', mountPoint: '/dev/vdb' })).part?.stage, 'attached');
  assert.is(left(await plane.deleteVolume(volume.id))._tag, 'VolumeIsAttached');
  assert.is(right(await plane.beginDetaching(1, { id })).part?.stage, 'detaching');
  const gone = right(await plane.disconnectAttachments(1, { id }, done));
  assert.equal([gone.part?.stage, gone.task?.type, gone.task?.status], ['disconnected', 'DetachBlockVolume', 'succeeded']);
  assert.is(right(await plane.releaseAttachment(1, { id })).part, null);
  await plane.idle();
  for (const host of ['gw1', 'gw2']) {
    assert.equal(gateways.luns(host), []);
    assert.not(gateways.shows(host).includes(IQN));
  }
  assert.equal([plane.mappingGroups.list().items, plane.clientGroups.list().items, plane.volumes.get(1)?.mappings, plane.attachments.list()], [[], [], [], []]);
  right(await plane.deleteVolume(volume.id, {}, done));
  await plane.close();
});

test('over an access path whose last target was taken away nothing is attached, and whoever asks is told what to do; with a target again it is [S4-3, R-12]', async () => {
  const made = await ready(await pathPlane());
  const { plane, volume, path } = made;
  const another = await volumeNamed(made, 'another');
  for (const { id } of plane.targets.list().items) right(await plane.removeTarget(id, {}, done));
  const { id } = right(await plane.reserveAttachment(volume.id, {})).part!;
  for (const refusal of [left(await plane.connectAttachment(volume.id, { id, accessPath: path.id, connector })), left(await plane.reserveAttachment(another.id, { connect: { accessPath: path.id, connector } }))]) {
    assert.equal([refusal._tag, refusal.rule, refusal.value], ['AccessPathHasNoTargets', 'pathHasTargets', 'gold']);
    assert.match(refusal.remedy, /add a target on a host/);
  }
  assert.equal(plane.attachments.list().map(({ id: one, stage }) => [one, stage]), [[id, 'reserved']]);
  assert.equal([plane.mappingGroups.list().items, plane.clientGroups.list().items], [[], []]);
  right(await plane.addTarget(path.id, { host: 'gw2' }, done));
  assert.is(right(await plane.connectAttachment(volume.id, { id, accessPath: path.id, connector }, done)).part?.stage, 'connected');
  await plane.close();
});

/** A store whose subscribers hear of an append before whoever appended hears that it is done. */
const answeringLate = (store: EventStore): EventStore => ({
  ...store,
  append: (stream, expected, events) => async () => {
    const answer = await store.append(stream, expected, events)();
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return answer;
  },
});

test('what is appended in one piece is acted upon in one piece, although the store tells of it before it answers [R-4, R-28]', async () => {
  const { plane, volume, path } = await ready(await pathPlane({ store: answeringLate(memoryStore()), clock: systemClock, exclusive: false }));
  const made = right(await plane.reserveAttachment(volume.id, { connect: { accessPath: path.id, connector } }, done));
  assert.equal([made.part?.stage, made.task?.status], ['connected', 'succeeded']);
  await plane.close();
});

test('one request reserves and connects; asked again it is the same attachment [S4-8, I-15, I-16]', async () => {
  const { plane, volume, path } = await ready(await pathPlane());
  const input = { connect: { accessPath: path.id, connector } };
  const made = right(await plane.reserveAttachment(volume.id, input, { ...done, idempotencyKey: 'attach' }));
  const again = right(await plane.reserveAttachment(volume.id, input, { ...done, idempotencyKey: 'attach' }));
  assert.equal([made.part?.stage, again.part?.id, again.repeated], ['connected', made.part?.id, true]);
  assert.is(left(await plane.reserveAttachment(volume.id, input))._tag, 'MappingNeedsShared');
  assert.equal(right(await plane.connectAttachment(volume.id, { id: made.part!.id, ...input.connect })).task, null);
  const { initiator: _none, ...incomplete } = connector;
  const refused = left(await plane.reserveAttachment(volume.id, { shared: true, connect: { accessPath: path.id, connector: incomplete } }));
  assert.is(refused._tag, 'MappingNeedsShared');
  await plane.close();
});

test('an initiator that comes back finds its client group, which is listed while it has something attached [R-28]', async () => {
  const made = await ready(await pathPlane());
  const { plane, path } = made;
  const other = await volumeNamed(made, 'logs');
  const attach = async (volume: string) => right(await plane.reserveAttachment(volume, { connect: { accessPath: path.id, connector } }, done)).part!;
  const first = await attach(made.volume.id);
  const group = plane.clientGroups.list().items;
  assert.equal(group.map(({ clients, name }) => [clients, name]), [[[IQN], `initiator ${IQN}`]]);
  right(await plane.releaseAttachment(made.volume.id, { id: first.id }, done));
  await plane.idle();
  assert.equal(plane.clientGroups.list().items, []);
  const second = await attach(other.id);
  assert.is(second.clientGroup?.id, first.clientGroup?.id);
  assert.equal(plane.clientGroups.list().items.map(({ id, number }) => [id, number]), group.map(({ id, number }) => [id, number]));
  assert.equal(plane.attachments.list({ initiator: IQN }).map(({ volume }) => volume.name), ['logs']);
  await plane.close();
});

test('a gateway that cannot be reached holds nobody up, and shows nothing any more when it returns [I-20, I-21]', async () => {
  const { plane, clock, gateways, cut, volume, path } = await ready(await pathPlane());
  cut('gw2');
  const made = right(await plane.reserveAttachment(volume.id, { connect: { accessPath: path.id, connector } }, done)).part!;
  assert.is(made.stage, 'connected');
  assert.equal(right(await plane.attachments.connectionInfo(volume.id, made.id)).targets.map(({ host, reachable }) => [host.name, reachable]), [['gw1', true], ['gw2', false]]);
  right(await plane.releaseAttachment(volume.id, { id: made.id }));
  await clock.until(() => false, clock.nowMs() + 600_000);
  assert.is(plane.attachments.get(volume.id, made.id)?.stage, 'disconnecting');
  cut('gw2', false);
  assert.ok(await clock.until(() => plane.attachments.list().length === 0, clock.nowMs() + 3_600_000));
  await plane.idle();
  assert.equal([...gateways.luns('gw1'), ...gateways.luns('gw2')], []);
  await plane.close();
});

test('the task of an attachment tells what its access path is doing, and that this failed and why [I-16, I-20]', async () => {
  const standing = await ready(await pathPlane());
  await standing.plane.close();
  let isBroken = true;
  const plane = await standing.again((targets) => ({
    ...targets,
    perform: (action, context) => (isBroken ? TE.left(permanent('Full', 'the disk of the configuration is full')) : targets.perform(action, context)),
  }));
  const { task, part } = right(await plane.reserveAttachment(standing.volume.id, { connect: { accessPath: standing.path.id, connector } }));
  const ending = new AbortController();
  const told = (async () => {
    for await (const now of plane.tasks.watch(task!.id, { signal: ending.signal })) if (now.status === 'waiting') return now.error?.code;
    return undefined;
  })();
  await standing.clock.until(() => plane.tasks.list({ status: 'failed' }).items.length > 0, standing.clock.nowMs() + 3_600_000);
  const [failed] = plane.tasks.list({ status: 'failed' }).items;
  const shown = plane.tasks.get(task!.id);
  assert.equal([failed?.resource.kind, shown?.status, shown?.error], ['accessPath', 'waiting', { code: 'Waiting', message: `task ${failed?.number} failed, and waits for somebody to retry it: the disk of the configuration is full` }]);
  assert.equal(plane.tasks.list({ status: 'waiting' }).items.map(({ id }) => id), [task?.id]);
  assert.is(await told, 'Waiting');
  ending.abort();
  assert.equal([plane.monitor.status().tasks.waiting, plane.monitor.status().tasks.queued], [1, 0]);
  isBroken = false;
  right(await plane.tasks.retry(task!.id));
  await standing.clock.until(() => plane.tasks.get(task!.id)?.status === 'succeeded', standing.clock.nowMs() + 3_600_000);
  assert.is(plane.attachments.get(standing.volume.id, part!.id)?.stage, 'connected');
  await plane.close();
});

test('force fences the initiator, who is logged in still [I-21]', async () => {
  const { plane, volume, path, sessions, gateways } = await ready(await pathPlane());
  const { id } = right(await plane.reserveAttachment(volume.id, { connect: { accessPath: path.id, connector } }, done)).part!;
  sessions.push({ initiator: IQN });
  const forced = right(await plane.disconnectAttachments(volume.id, { force: true }, done));
  assert.equal([forced.task?.status, plane.attachments.get(volume.id, id)?.stage], ['succeeded', 'disconnected']);
  assert.equal([...gateways.luns('gw1'), ...gateways.luns('gw2')], []);
  await plane.close();
});

test('a process that begins with the log knows who is attached, and carries on [I-27, R-28]', async () => {
  const made = await ready(await pathPlane());
  const { plane, volume, path, again } = made;
  const { id } = right(await plane.reserveAttachment(volume.id, { connect: { accessPath: path.id, connector } }, done)).part!;
  await plane.close();
  const next = await again();
  assert.is(next.attachments.get(volume.id, id)?.stage, 'connected');
  right(await next.releaseAttachment(volume.id, { id }, done));
  assert.equal(next.attachments.list(), []);
  await next.close();
});

test.run();
