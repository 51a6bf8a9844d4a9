/** Access paths of a QSAN array over REST: the statuses and bodies of what is different there. */
import type { ClientFailure } from '@blockledger/app/client';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { CEPH, QSAN, twoBackends, type TwoBackends } from '../support/cinder/twoBackends.ts';
import { GIB, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('access paths of an array over REST');
const INITIATOR = 'iqn.1994-05.com.redhat:one';
/** The numbers of the access paths of gateways and of the array. */
const [FRONT, ARRAY] = [1, 2];
const waiting = { waitSeconds: 60 } as const;
let world: TwoBackends;

/** Status and problem of a refusal. */
const refused = async (asked: Promise<E.Either<ClientFailure, unknown>>): Promise<readonly [number, string, unknown]> => {
  const answer = await asked;
  if (E.isRight(answer) || answer.left._tag !== 'Refused') throw new Error(JSON.stringify(answer));
  const { status, problem } = answer.left;
  return [status, problem.type.split(':').at(-1) ?? '', problem.value];
};

const volume = async (pool: string, name: string) => {
  const { body } = right(await world.client.createVolume({ body: { block_volume: { name, pool_id: pool === QSAN.pool ? 2 : 1, size: GIB } }, ...waiting }));
  return 'block_volume' in body ? body.block_volume.uuid : '';
};

test('the target of an array path is told with the portals of the array, and stands for one volume [S1-17, S1-20]', async () => {
  const { client } = world;
  const id = await volume(QSAN.pool, 'portals');
  right(await client.createClientGroup({ body: { client_group: { name: 'one', clients: [{ code: INITIATOR }] } }, ...waiting }));
  right(await client.createMappingGroup({ body: { mapping_group: { access_path_id: ARRAY, client_group_id: 1, block_volume_ids: [id] } }, ...waiting }));
  const { access_path: path } = right(await client.getAccessPath({ path: { access_path: ARRAY } })).body;
  assert.is(path.target_scope, 'volume');
  const { targets } = right(await client.listTargets({ query: { access_path_id: ARRAY } })).body;
  // Those of the simulated array.
  const portals = ['192.168.1.101', '192.168.1.102'].map((ip) => ({ ip, port: 3260 }));
  assert.equal(targets.map((target) => [target.portals, target.iqns.length, target.confirmed]), [[portals, 1, true]]);
});

test('a backend tells what its targets can do beside what it can do with volumes: Ceph has the one, gateways the other, an array both [R-18, S1-14, S1-17]', async () => {
  const { backends } = right(await world.client.listBackends()).body;
  assert.equal(backends.map(({ name, type, present, capabilities, targets }) => [name, type, present, capabilities !== null, targets?.type]), [
    ['array', 'qsan', true, true, 'qsan'],
    ['ceph', 'rbd', true, true, undefined],
    ['xdc', 'xdc', true, false, 'xdc'],
  ]);
  const [array, , xdc] = backends.map(({ targets }) => targets?.capabilities);
  assert.equal([array?.['scope'], array?.['portals'], array?.['fences'], array?.['virtualPortals']], ['volume', 'fixed', false, false]);
  assert.equal([xdc?.['scope'], xdc?.['portals'], xdc?.['virtualPortals'], xdc?.['mutualChap']], ['accessPath', 'given', true, 'client']);
});

test('what is elsewhere is refused as not valid, a second path as a conflict, each with what is in the way [S1-17, S1-22]', async () => {
  const { client } = world;
  const [image, own] = [await volume(CEPH.pool, 'image'), await volume(QSAN.pool, 'elsewhere')];
  assert.equal(await refused(client.addVolumesToMappingGroup({ path: { mapping_group: 1 }, body: { block_volume_ids: [image] } })), [422, 'VolumeIsElsewhere', 'ceph']);
  assert.equal(await refused(client.createMappingGroup({ body: { mapping_group: { access_path_id: FRONT, client_group_id: 1, block_volume_ids: [own] } } })), [422, 'VolumeIsElsewhere', 'array']);
  assert.equal(await refused(client.createAttachment({ path: { volume: own }, body: { attachment: { access_path_id: FRONT, connector: { initiator: INITIATOR } } } })), [422, 'VolumeIsElsewhere', 'array']);
  right(await client.createAccessPath({ body: { access_path: { name: 'array-back', host_ids: [3] } }, ...waiting }));
  right(await client.addVolumesToMappingGroup({ path: { mapping_group: 1 }, body: { block_volume_ids: [own], shared: true }, ...waiting }));
  const { access_path: first } = right(await client.getAccessPath({ path: { access_path: ARRAY } })).body;
  assert.equal(await refused(client.createMappingGroup({ body: { mapping_group: { access_path_id: 3, client_group_id: 1, block_volume_ids: [own], shared: true } } })), [409, 'VolumeHasAnotherPath', first.uuid]);
  right(await client.deleteAccessPath({ path: { access_path: 3 }, ...waiting }));
});

test('a volume is taken from initiators that nobody sees when somebody says that they have logged out, and never by force [X-7, I-21]', async () => {
  const { client } = world;
  const path = { mapping_group: 1 } as const;
  assert.equal((await refused(client.deleteMappingGroup({ path }))).slice(0, 2), [409, 'SessionsAreUnknown']);
  assert.equal(await refused(client.deleteMappingGroup({ path, query: { force: true } })), [422, 'CapabilityIsMissing', 'fences']);
  right(await client.deleteMappingGroup({ path, query: { logged_out: true }, ...waiting }));
  assert.equal(world.array.state().targets, []);
});

test('an attachment on an array is told the portals of the array, and all are let go without force only [S1-34, S1-35, I-21]', async () => {
  const { client } = world;
  const id = await volume(QSAN.pool, 'attached');
  const { body } = right(await client.createAttachment({ path: { volume: id }, body: { attachment: { access_path_id: ARRAY, connector: { initiator: INITIATOR, multipath: true } } }, ...waiting }));
  const attachment = 'attachment' in body ? (body.attachment?.uuid ?? '') : '';
  const { connection_info: info } = right(await client.getConnectionInfo({ path: { volume: id, attachment } })).body;
  assert.equal([info.targets.length, info.targets[0]?.portals.length, info.targets[0]?.iqn, info.chap], [1, 2, world.array.state().targets[0]?.iqn, true]);
  assert.equal(await refused(client.disconnectAttachments({ path: { volume: id }, query: { force: true } })), [422, 'CapabilityIsMissing', 'fences']);
  right(await client.disconnectAttachments({ path: { volume: id }, ...waiting }));
  assert.equal(world.array.state().targets, []);
  assert.is(right(await client.deleteAttachment({ path: { volume: id, attachment }, ...waiting })).status, 200);
});

test.before(async () => {
  world = await twoBackends();
});
test.after(() => world.close());
test.run();
