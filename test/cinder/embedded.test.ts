/** A driver in the process of its control plane: the same client, with a `fetch` that asks the service without a network. */
import * as assert from 'uvu/assert';
import { apiClient } from '@blockledger/app/client';
import { cinderDriver } from '@blockledger/app/cinder-driver';
import { TOKEN } from '../support/httpFixture.ts';
import { addressOf, pathFixture } from '../support/pathFixture.ts';
import { fetchInside } from '../support/cinder/fetchInside.ts';
import { cinderVolume, returned } from '../support/cinder/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('a driver beside its control plane');
const fixture = await pathFixture();

const inject = fetchInside(fixture.service);

test('a control plane in the same process is asked by the same client, and no port is open [S1-30, S1-40]', async () => {
  const driver = cinderDriver({ control: apiClient({ url: 'http://inside', token: TOKEN, fetch: inject }), pool: 'vols', accessPath: 'front', volumeBackendName: 'blockledger' });
  returned(await driver.create_volume(cinderVolume(1, 2)));
  assert.is(fixture.plane.volumes.list({ name: cinderVolume(1).name }).items[0]?.sizeBytes, 2 ** 31);
  returned(await driver.delete_volume(cinderVolume(1)));
});

test('a volume service of one tenant needs no more than a token of that tenant [S1-28, S1-29, S1-37, I-12]', async () => {
  const { plane } = fixture;
  const token = await plane.tokens.issue({ name: 'cinder', role: 'operator', tenant: 'cloud' });
  assert.ok(token._tag === 'Right');
  const made = await plane.registerHost({ name: 'gw1', targets: 'xdc', addresses: [{ ip: addressOf(1), prefix: 24, interface: 'eth0', segment: 'lan' }] }, { wait: 'done' });
  const path = await plane.createAccessPath({ name: 'cloud-front', hosts: ['gw1'] }, { wait: 'done', tenant: 'cloud' });
  assert.equal([made._tag, path._tag], ['Right', 'Right']);
  const driver = cinderDriver({ control: apiClient({ url: 'http://inside', token: token.right.token, fetch: inject }), pool: 'vols', accessPath: 'cloud-front', volumeBackendName: 'blockledger' });
  returned(await driver.check_for_setup_error());
  assert.ok(returned(await driver.get_volume_stats(true)).total_capacity_gb > 0);
  const [source, clone] = [cinderVolume(2), cinderVolume(3)];
  returned(await driver.create_volume(source));
  assert.is(plane.volumes.list({ name: source.name }).items[0]?.tenant, 'cloud');
  returned(await driver.create_cloned_volume(clone, source));
  returned(await driver.initialize_connection(source, { initiator: 'iqn.1993-08.org.debian:01:604af6a341', host: 'compute-node-01' }));
  returned(await driver.terminate_connection(source, null));
  for (const volume of [clone, source]) returned(await driver.delete_volume(volume));
});

test.after(fixture.close);
test.run();
