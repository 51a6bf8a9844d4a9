// RBD volumes behind XDC gateways with a virtual IP. Ceph, XDC and the network are simulated: nothing is needed, nothing is touched.
import { setTimeout as later } from 'node:timers/promises';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateVips, simulateXdc } from '@blockledger/adapters-xdc/simulator';
import { controlPlane, memorySecretStore } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { share } from './share.ts';

const VIP = '10.77.0.128';
const gateways = [
  { name: 'gw1', ip: '10.77.0.1' },
  { name: 'gw2', ip: '10.77.0.2' },
];
const xdc = simulateXdc({ hosts: gateways.map(({ name }) => name) });
const segment = simulateVips({ hosts: gateways.map(({ name, ip }) => ({ name, source: ip })) });

const plane = await controlPlane({
  store: memoryStore(),
  secrets: memorySecretStore(),
  backends: { ceph: rbdBackend({ run: simulateRbd().run }) },
  // For real gateways: xdcTargets({ hosts: [sshHost({ … }), sshHost({ … })] }), and keepalivedVips({ hosts, supervise: 'systemd', … }).
  targets: { gateways: xdcTargets({ hosts: xdc.hosts, endsSessions: true }) },
  vips: { addresses: segment.backend },
  limits: { backendCheckEveryMs: 500 },
});
const account = { user: 'database-user', secret: 'twelve-chars' };
const { iqn, holder, takeBack } = await share(plane, { gateways, pool: 'vols', vip: VIP, initiator: 'iqn.1994-05.com.redhat:db-1', chap: account });
console.log(`initiators log in to ${iqn.replace(/[0-9a-f]{16}$/, '…')} as ${account.user} by ${VIP}`);

/** Waits until the log says that a host holds the address. */
const heldBy = async (name: string): Promise<void> => {
  while (holder() !== name) await later(50);
  console.log(`${name} holds ${VIP}`);
};
await heldBy('gw1');
segment.setLink('gw1', false);
console.log('the cable of gw1 is pulled');
await heldBy('gw2');

console.log('what XDC shows on gw2:');
console.log(xdc.shows('gw2').replaceAll(account.secret, '…').trimEnd());
await takeBack();
console.log(`access paths left: ${plane.accessPaths.list().items.length}`);
await plane.close();
