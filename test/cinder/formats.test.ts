/** What a driver hands to Cinder, held to the source, and read back. */
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import {
  bytesOfGib,
  callConnectionInfo,
  CinderSnapshot,
  CinderVolume,
  connectionInfo,
  Connector,
  formatProviderAuth,
  formatProviderLocation,
  gibOfBytes,
  parseProviderAuth,
  parseProviderLocation,
  volumeStats,
  type Connection,
} from '@blockledger/app/cinder-driver';
import { source } from '../support/cinder/source.ts';
import { suite } from '../support/suite.ts';

const test = suite('what Cinder is given');

const IQN = 'iqn.2004-08.com.qsan:target-xxx';
const PORTALS = [
  { ip: '192.168.1.101', port: 3260 },
  { ip: '192.168.1.102', port: 3260 },
];
const VOLUME_ID = '12345678-1234-1234-1234-123456789abc';
const twoPaths: Connection = {
  volumeId: VOLUME_ID,
  paths: [
    { iqn: IQN, portal: PORTALS[0]!, lun: 0 },
    { iqn: IQN, portal: PORTALS[1]!, lun: 0 },
  ],
  chap: { username: 'chap_user', password: 'chap_password' },
  mode: 'rw',
};

test('a provider_location is written as in the source: portals between semicolons, IQN, LUN [S1-26]', () => {
  assert.is(formatProviderLocation({ portals: PORTALS, iqn: IQN, lun: 0 }), source.provider_location);
  assert.equal(parseProviderLocation(source.provider_location), E.right({ portals: PORTALS, iqn: IQN, lun: 0 }));
});

const portal = fc.record({ ip: fc.oneof(fc.ipV4(), fc.ipV6()), port: fc.integer({ min: 1, max: 65_535 }) }, { noNullPrototype: true });
const iqn = fc.stringMatching(/^iqn\.2004-08\.com\.qsan:[a-z0-9.-]{1,40}$/);

test('whatever is written as a provider_location is read back the same, with IPv6 portals, too [S1-26, S1-33]', () => {
  fc.assert(
    fc.property(fc.array(portal, { minLength: 1, maxLength: 8 }), iqn, fc.integer({ min: 0, max: 16_383 }), (portals, iqn, lun) => {
      assert.equal(parseProviderLocation(formatProviderLocation({ portals, iqn, lun })), E.right({ portals, iqn, lun }));
    }),
  );
});

test('a text that is no provider_location is refused, and never half read [S1-26, S1-33]', () => {
  const broken = ['', IQN, `192.168.1.101:3260 ${IQN}`, `192.168.1.101 ${IQN} 0`, `192.168.1.101:0 ${IQN} 0`, `192.168.1.101:65536 ${IQN} 0`, `192.168.1.101:3260; ${IQN} 0`, `;192.168.1.101:3260 ${IQN} 0`, `192.168.1.101:3260 ${IQN} x`, `192.168.1.101:3260 ${IQN} 0 1`, `192.168.1.101:3260  0`, `[192.168.1.101]:3260 ${IQN} 0`, `::1:3260 ${IQN} 0`];
  for (const text of broken) {
    const read = parseProviderLocation(text);
    assert.is(E.isLeft(read) && read.left._tag, 'InvalidInput', text);
    assert.is(E.isLeft(read) && read.left.code, 'ProviderLocationIsInvalid', text);
  }
});

const parsed = (text: string) => {
  const read = parseProviderLocation(text);
  if (E.isLeft(read)) throw new Error(read.left.message);
  return read.right;
};

test('a provider_auth is written as in the source, and is none without an account [S1-27]', () => {
  const login = { username: 'chap_user', password: 'chap_password' };
  assert.is(formatProviderAuth(login), source.provider_auth);
  assert.equal(parseProviderAuth(source.provider_auth), E.right(login));
  assert.is(formatProviderAuth(null), null);
  for (const nothing of [null, '']) assert.equal(parseProviderAuth(nothing), E.right(null));
});

test('whatever is written as a provider_auth is read back the same [S1-27]', () => {
  const username = fc.stringMatching(/^[\w.:@-]{8,64}$/);
  const password = fc.stringMatching(/^[\w@/-]{12,16}$/);
  fc.assert(fc.property(username, password, (username, password) => assert.equal(parseProviderAuth(formatProviderAuth({ username, password })), E.right({ username, password }))));
});

test('a provider_auth that is none is refused without telling it back: it may hold a secret [S1-27]', () => {
  for (const text of ['CHAP planted-user', 'CHAP planted-user planted secret', 'MSCHAP planted-user planted-secret', 'CHAP  planted-secret']) {
    const read = parseProviderAuth(text);
    assert.ok(E.isLeft(read) && !JSON.stringify(read.left).includes('planted'), text);
  }
});

test('the statistics have every field of the source, with its values for its pool [S1-29]', () => {
  const stats = volumeStats(
    { volumeBackendName: 'QSAN_iSCSI', vendorName: 'QSAN', driverVersion: '1.0.0' },
    { name: 'Pool-1', totalBytes: 10_995_116_277_760, freeBytes: 8_796_093_022_208, provisionedBytes: 2_199_023_255_552, overSubscriptionRatio: 20, multiattach: false, onlineExtend: true },
  );
  assert.equal(stats, source.get_volume_stats);
});

test('a size of Cinder is whole GiB: 10 are 10737418240 bytes [S1-30, S1-40]', () => {
  assert.equal(bytesOfGib(10), E.right(10_737_418_240));
  for (const wrong of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) assert.ok(E.isLeft(bytesOfGib(wrong)), String(wrong));
  fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 22 }), (gib) => assert.equal(E.map(gibOfBytes)(bytesOfGib(gib)), E.right(gib))));
});

test('a connection over two paths is as in the source, field by field [S1-34]', () => {
  assert.equal(connectionInfo(twoPaths, true), source.initialize_connection);
});

test('without multipath and without an account, a connection has the five fields that must be there, and no other [S1-34]', () => {
  assert.equal(connectionInfo({ ...twoPaths, chap: null }, false).data, {
    target_discovered: true,
    target_iqn: IQN,
    target_portal: '192.168.1.101:3260',
    target_lun: 0,
    volume_id: VOLUME_ID,
  });
});

const path = fc.record({ iqn, portal, lun: fc.integer({ min: 0, max: 16_383 }) }, { noNullPrototype: true });

test('the three lists of a connection are parallel, and begin with the single path [S1-34]', () => {
  fc.assert(
    fc.property(path, fc.array(path, { maxLength: 7 }), (first, others) => {
      const { data } = connectionInfo({ ...twoPaths, paths: [first, ...others] }, true);
      const { target_iqns: iqns = [], target_portals: portals = [], target_luns: luns = [] } = data;
      assert.equal([iqns.length, portals.length, luns.length], Array.from({ length: 3 }, () => others.length + 1));
      assert.equal([data.target_iqn, data.target_portal, data.target_lun], [iqns[0], portals[0], luns[0]]);
      for (const [at, one] of [first, ...others].entries()) {
        const read = parsed(`${portals[at]} ${iqns[at]} ${luns[at]}`);
        assert.equal(read, { portals: [one.portal], iqn: one.iqn, lun: one.lun });
      }
    }),
  );
});

test('what the call initialize_connection returns is as in the source, field by field [S4-3]', () => {
  const volumeId = '8b1ec3fe-8c57-45ca-a1cf-a481bfc8fce2';
  const info = callConnectionInfo(
    {
      volumeId,
      paths: [{ iqn: `iqn.2010-10.org.openstack:volume-${volumeId}`, portal: { ip: '11.0.0.8', port: 3260 }, lun: 1 }],
      chap: { username: 'nE9PY8juynmmZ95F7Xb7', password: 'YZ2Hceyh7VySh5HY' },
      mode: 'rw',
    },
    false,
  );
  assert.equal(info, source.call_initialize_connection);
});

test('objects of Cinder may have more than a driver looks at; what it looks at must be there [S1-36]', () => {
  const volume = { id: VOLUME_ID, name: `volume-${VOLUME_ID}`, size: 10, status: 'available', volume_attachment: [], provider_location: null };
  assert.ok(E.isRight(CinderVolume.decode(volume)));
  assert.ok(E.isLeft(CinderVolume.decode({ ...volume, id: 'volume 1' })));
  assert.ok(E.isLeft(CinderVolume.decode({ ...volume, size: '10' })));
  assert.ok(E.isRight(CinderSnapshot.decode({ id: VOLUME_ID, name: `snapshot-${VOLUME_ID}`, volume_name: volume.name, progress: '100%' })));
  assert.ok(E.isLeft(CinderSnapshot.decode({ id: VOLUME_ID, name: `snapshot-${VOLUME_ID}` })));
  assert.ok(E.isRight(Connector.decode({ initiator: 'iqn.1993-08.org.debian:01:604af6a341', host: 'compute-node-01', ip: '192.168.1.50', multipath: true, wwpns: [] })));
});

test.run();
