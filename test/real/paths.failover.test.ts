/** An initiator keeps writing through a virtual IP while its holder goes: stopped in order, by kill -9, by a pulled cable. No acknowledged block is lost. */
import { imageName } from '@blockledger/adapters-rbd';
import type { ControlPlane } from '@blockledger/app';
import { secret, type VolumeId } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { gatewayParts, startGateways, type Gateways } from '../support/gateways.ts';
import { holdSession, inquire, sizeOf } from '../support/initiator.ts';
import { MUTUAL, makePathScene, right, startPathPlane, until, VIP, type PathScene } from '../support/realPath.ts';
import { requireReal } from '../support/real.ts';
import { startWriter, wrongBlocks, type SteadyWriter } from '../support/steadyWriter.ts';
import { suite } from '../support/suite.ts';

for (const part of gatewayParts) requireReal(part);

const test = suite('fail-over on real gateways');
const DONE = { wait: 'done' } as const;
let gateways: Gateways;
let plane: ControlPlane;
let scene: PathScene;
test.before(async () => {
  gateways = await startGateways();
  plane = await startPathPlane(gateways);
  scene = await makePathScene(gateways, plane);
});
test.after(async () => {
  await plane?.close();
  await gateways?.stop();
});

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/** The blocks of the image that are not what was acknowledged. */
const wrongOf = (acknowledged: ReadonlySet<number>): readonly number[] => {
  const file = join(gateways.dir, 'export');
  rmSync(file, { force: true });
  gateways.ceph.rbd('export', '--no-progress', `vols/${imageName(scene.volumeId as VolumeId)}`, file);
  return wrongBlocks(readFileSync(file), acknowledged);
};

/** Writes all the time while something happens; every block that was acknowledged must be in the image afterwards. */
const whileWriting = async (happens: (writer: SteadyWriter) => Promise<void>): Promise<void> => {
  const writer = await startWriter(scene.way);
  assert.ok(writer, 'the initiator is let in');
  try {
    await writer.more(40);
    writer.longestStallMs();
    await happens(writer);
    await writer.more(40);
  } finally {
    const acknowledged = await writer.stop();
    assert.equal(wrongOf(acknowledged), [], `of ${acknowledged.size} acknowledged blocks`);
  }
};

/** How long the other host took to hold the address, and the initiator to go on. */
const takeOver = async (writer: SteadyWriter, to: 'gw1' | 'gw2'): Promise<string> => {
  const from = Date.now();
  await until(`${to} holds ${VIP}`, () => gateways.segment.has(to, VIP));
  const moved = Date.now() - from;
  await writer.more(20);
  return `address moved after ${seconds(moved)}, longest stall of a write ${seconds(writer.longestStallMs())}`;
};

test('an initiator logs in with CHAP by the virtual IP; nobody does without it, as somebody else, or by a physical portal [S0-67, S0-72, S0-86, S0-93, R-13]', async () => {
  await scene.heldBy('gw1');
  assert.is(inquire(scene.way).exitCode, 0, inquire(scene.way).text);
  const { user: _user, secret: _secret, ...open } = scene.way;
  for (const refused of [
    open,
    { ...scene.way, secret: 'another-secret' },
    { ...scene.way, user: 'somebody-else' },
    { ...scene.way, initiator: 'iqn.2001-01.com.example:stranger' },
    { ...scene.way, portal: { ip: gateways.addressOf('gw1'), port: 3260 } },
  ]) {
    assert.is(inquire(refused).exitCode, 10, JSON.stringify(refused));
  }
});

test('a secret shorter than 12 is refused by us, whatever tgt takes [R-18]', async () => {
  const refused = await plane.updateAccessPath(scene.accessPathId, { chap: { user: 'a-longer-user', secret: secret('short') } }, DONE);
  assert.is(E.isLeft(refused) && refused.left._tag, 'ChapAccountIsInvalid');
});

test('a target proves itself by its mutual account, and an initiator that expects another one does not go on [S0-87, S0-88]', async () => {
  const [group] = plane.clientGroups.list().items;
  right(await plane.updateClientGroup(group?.id ?? '', { mutual: { user: MUTUAL.user, secret: secret(MUTUAL.secret) } }, DONE));
  await until('the target has the account', () => plane.targets.list({ accessPath: scene.accessPathId }).items.every(({ isConfirmed }) => isConfirmed));
  const mutual = { ...scene.way, targetUser: MUTUAL.user, targetSecret: MUTUAL.secret };
  assert.is(inquire(mutual).exitCode, 0, inquire(mutual).text);
  assert.is(inquire({ ...mutual, targetSecret: 'another-secret' }).exitCode, 10);
  assert.is(inquire({ ...mutual, targetUser: 'somebody-else' }).exitCode, 10);
  right(await plane.updateClientGroup(group?.id ?? '', { mutual: null }, DONE));
  await until('the target has none', () => plane.targets.list({ accessPath: scene.accessPathId }).items.every(({ isConfirmed }) => isConfirmed));
  assert.is(inquire(scene.way).exitCode, 0);
});

test('a volume that grows under IO is larger for its initiator, and its writes go on [S0-46, I-18]', async () => {
  const larger = 96 * 2 ** 20;
  await whileWriting(async (writer) => {
    right(await plane.updateVolume(scene.volumeId, { sizeBytes: larger }, DONE));
    await until('the initiator sees it', () => sizeOf(scene.way) === larger);
    await writer.more(20);
    console.log(`\nmeasured: growth under IO: longest stall of a write ${seconds(writer.longestStallMs())}`);
  });
});

test('a host whose daemon stops in order loses no block, and preempts the address back [R-14, S0-77, S0-134]', async () => {
  await whileWriting(async (writer) => {
    gateways.stopDaemons('gw1');
    const there = await takeOver(writer, 'gw2');
    const back = await takeOver(writer, 'gw1');
    console.log(`\nmeasured: stopped in order: ${there}; preempt back: ${back}`);
  });
});

test('a host whose cable is pulled loses no block, and holds the address again only when its LUNs were opened anew [I-14, I-20, I-21, S0-77]', async () => {
  await whileWriting(async (writer) => {
    gateways.segment.setLink('gw1', false);
    const there = await takeOver(writer, 'gw2');
    gateways.segment.setLink('gw1', true);
    const back = await takeOver(writer, 'gw1');
    console.log(`\nmeasured: cable pulled: ${there}; preempt back: ${back}`);
  });
});

test('a host that dies loses no block, and is made what it was when it is back [I-20, X-3]', async () => {
  await whileWriting(async (writer) => {
    gateways.crash('gw1');
    gateways.segment.setLink('gw1', false);
    const there = await takeOver(writer, 'gw2');
    // A host that starts again has no address but its own.
    gateways.segment.run('gw1', 'ip', 'addr', 'flush', 'dev', 'eth0');
    gateways.segment.run('gw1', 'ip', 'addr', 'add', `${gateways.addressOf('gw1')}/24`, 'dev', 'eth0');
    gateways.segment.setLink('gw1', true);
    right(await plane.redeployAccessPath(scene.accessPathId, DONE));
    right(await plane.redeployVipGroup(scene.vipGroupId, DONE));
    const back = await takeOver(writer, 'gw1');
    console.log(`\nmeasured: kill -9 of everything: ${there}; back after a new start: ${back}`);
  });
});

test('a volume with IO is not taken away without force; with it the initiator is out before the task is done [X-7, I-21]', async () => {
  const session = await holdSession(scene.way);
  assert.ok(session);
  const refused = await plane.removeVolumesFromMappingGroup(scene.mappingGroupId, { volumes: [scene.volumeId] }, DONE);
  assert.ok(E.isLeft(refused), 'refused');
  right(await plane.removeVolumesFromMappingGroup(scene.mappingGroupId, { volumes: [scene.volumeId], force: true }, DONE));
  assert.not.match(await session.say('write -P 1 0 512'), /wrote 512/);
  await session.logout();
  assert.match(gateways.ceph.rbd('status', `vols/${imageName(scene.volumeId as VolumeId)}`), 'Watchers: none');
});

test.run();
