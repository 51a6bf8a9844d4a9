// The same with tgt and keepalived: volumes of a real Ceph cluster, on two real gateways, until Ctrl-C. Everything is taken away again then.
import { existsSync } from 'node:fs';
import { setTimeout as later } from 'node:timers/promises';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { keepalivedVips, localHost, sshHost, tgtReadiness, tgtTargets, type Host } from '@blockledger/adapters-xdc';
import { controlPlane, memorySecretStore } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { share } from './share.ts';

const { CEPH_CONF = '/etc/ceph/ceph.conf', POOL = 'vols', GATEWAYS = '', VIP = '', FOLDER = '/var/lib/blockledger/example' } = process.env;
const gateways = GATEWAYS.split(' ').flatMap((word) => {
  const [name = '', ip = ''] = word.split('=');
  return name === '' || ip === '' ? [] : [{ name, ip }];
});

if (!existsSync(CEPH_CONF) || gateways.length < 2 || VIP === '') {
  console.error(`This needs a Ceph cluster and two gateways, and finds them by variables of the environment:
  CEPH_CONF  its ceph.conf, here and on the gateways: ${CEPH_CONF}${existsSync(CEPH_CONF) ? '' : ', which is not there'}
  POOL       a pool for images: ${POOL}
  GATEWAYS   names and addresses: GATEWAYS='gw1=10.77.0.1 gw2=10.77.0.2'
  VIP        an address of their network, /24, that is free: VIP=10.77.0.128
  FOLDER     where the gateways keep what runs, and nothing for long: ${FOLDER}
A gateway is a network namespace of this machine, or is reached by ssh as root without a question. It has its address on eth0, net.ipv4.ip_nonlocal_bind=1, and: apt-get install tgt tgt-rbd keepalived tcpdump iproute2 ceph-common
Without any of it: npm run lab:iscsi makes a cluster and two gateways on this machine; examples/virtual-ip/xdc.ts needs nothing.`);
  process.exit(69);
}

const hosts: readonly Host[] = gateways.map(({ name, ip }) =>
  existsSync(`/run/netns/${name}`) ? localHost({ name, prefix: ['ip', 'netns', 'exec', name] }) : sshHost({ name, host: ip, user: 'root' }),
);
const runDir = `${FOLDER}/tgt`;
const plane = await controlPlane({
  store: memoryStore(),
  secrets: memorySecretStore(),
  backends: { ceph: rbdBackend({ conf: CEPH_CONF }) },
  targets: { gateways: tgtTargets({ hosts, tgtd: { runDir } }) },
  vips: { addresses: keepalivedVips({ hosts, supervise: 'child', folder: `${FOLDER}/vips`, ...tgtReadiness({ runDir }) }) },
  limits: { backendCheckEveryMs: 1_000 },
});
// This is how qemu names itself; yours is in /etc/iscsi/initiatorname.iscsi.
const initiator = 'iqn.2008-11.org.linux-kvm';
const chap = { user: 'database-user', secret: 'twelve-chars' };

let isEnding = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void (isEnding = true));
const { iqn, lun, holder, takeBack } = await share(plane, { gateways, pool: POOL, vip: VIP, initiator, chap });
// tgt keeps LUN 0 for itself: what is number n here is n + 1 there.
console.log(`from a host of that network: qemu-io -f raw -c 'read -v 0 512' 'iscsi://${chap.user}%${chap.secret}@${VIP}/${iqn}/${lun + 1}'`);
for (let shown = ''; !isEnding; await later(200)) {
  const now = holder() ?? 'nobody';
  if (now !== shown) console.log(`${now} holds ${VIP}`);
  shown = now;
}
await takeBack();
await plane.close();
for (const host of hosts) await host.close();
console.log('everything is taken away again');
