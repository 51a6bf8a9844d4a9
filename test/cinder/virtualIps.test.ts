/** Connections by virtual IPs, which every gateway of an access path has as its portals. */
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { cinderDriver } from '@blockledger/app/cinder-driver';
import { cinderFixture, cinderVolume, returned } from '../support/cinder/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('Cinder by virtual IPs');
const fixture = await cinderFixture();

test('a portal that every gateway has is one path, and is told once [S1-26, S1-34]', async () => {
  const { plane, client } = fixture;
  const driver = cinderDriver({ control: client, pool: 'vols', accessPath: 'front', volumeBackendName: 'vols' });
  const [path] = plane.accessPaths.list().items;
  const address = plane.hosts.list().items.find(({ name }) => name === 'gw1')?.addresses[0];
  for (const ip of ['10.252.1.200', '10.252.1.201']) {
    const made = await plane.createVipGroup({ accessPath: path!.id, network: '10.252.1.0/24', vips: [{ ip, networkAddress: address!.id }], force: true }, { wait: 'done' });
    assert.ok(E.isRight(made), JSON.stringify(made));
  }
  const volume = cinderVolume(1);
  returned(await driver.create_volume(volume));
  const connector = { initiator: 'iqn.1993-08.org.debian:01:604af6a341', host: 'compute-node-01', multipath: true };
  const { provider_location: location } = returned(await driver.create_export({}, volume, connector));
  const { data } = returned(await driver.initialize_connection(volume, connector));
  assert.equal(data.target_portals, ['10.252.1.200:3260', '10.252.1.201:3260']);
  assert.equal([data.target_iqns, data.target_luns], [[data.target_iqn, data.target_iqn], [data.target_lun, data.target_lun]]);
  assert.is(location, `10.252.1.200:3260;10.252.1.201:3260 ${data.target_iqn} ${data.target_lun}`);
});

test.after(() => fixture.close());
test.run();
