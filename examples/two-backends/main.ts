// One control plane over two backends: Ceph behind two iSCSI gateways, and a QSAN array. A volume on each goes to a host and comes back. Both are simulated; the array is a real HTTPS server.
import { qsanArray } from '@blockledger/adapters-qsan';
import { startQsanArray } from '@blockledger/adapters-qsan/simulator';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateXdc } from '@blockledger/adapters-xdc/simulator';
import { controlPlane, memorySecretStore } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';

type Answer<A> = { readonly _tag: 'Left'; readonly left: { readonly message: string; readonly remedy: string } } | { readonly _tag: 'Right'; readonly right: A };

/** The answer of a request whose refusal would be our mistake. */
const done = <A>(answer: Answer<A>): A => {
  if (answer._tag === 'Left') throw new Error(`${answer.left.message}; ${answer.left.remedy}`);
  return answer.right;
};

const xdc = simulateXdc({ hosts: ['gw1', 'gw2'] });
const array = await startQsanArray();
// For a real one: qsanArray({ url: 'https://10.252.1.50', username: 'blockledger', password: passwordFromEnvironment('QSAN_PASSWORD'), host: 'array1' }).
const { volumes, targets } = qsanArray({ ...array.options, host: 'array1' });
const plane = await controlPlane({
  store: memoryStore(),
  secrets: memorySecretStore(),
  backends: { ceph: rbdBackend({ run: simulateRbd().run }), array1: volumes },
  // The gateways serve what is on Ceph. The array serves its own volumes, so both of its backends have one name.
  targets: { gateways: xdcTargets({ hosts: xdc.hosts, endsSessions: true }), array1: targets },
});

const wait = { wait: 'done' } as const;
for (const [at, name] of ['gw1', 'gw2'].entries()) {
  done(await plane.registerHost({ name, targets: 'gateways', addresses: [{ ip: `10.252.1.${at + 1}`, prefix: 24, interface: 'eth0' }] }, wait));
}
done(await plane.registerHost({ name: 'array1', targets: 'array1', addresses: [] }, wait));

/** A pool, and the hosts that its volumes are reached by. */
const places = [
  { pool: 'vols', placement: { backend: 'ceph', pool: 'vols' }, hosts: ['gw1', 'gw2'] },
  { pool: 'gold', placement: { backend: 'array1', pool: 'Pool-1' }, hosts: ['array1'] },
];
for (const { pool, placement, hosts } of places) {
  done(await plane.registerPool({ name: pool, placement }, wait));
  done(await plane.createAccessPath({ name: `front-${pool}`, hosts, chap: { user: 'compute-hosts', secret: 'twelve-chars' } }, wait));
}

/** What a host says of itself. */
const connector = { initiator: 'iqn.1994-05.com.redhat:web-1', ip: '10.252.1.77', host: 'web-1', multipath: true };

for (const { pool, placement } of places) {
  const volume = done(await plane.createVolume({ pool, name: `disk-on-${pool}`, sizeBytes: 10 * 2 ** 30 }, wait)).resource;
  const path = plane.accessPaths.list({ name: `front-${pool}` }).items[0]?.id ?? '';
  console.log(`${volume.name}: ${volume.status}, on backend ${placement.backend}`);
  const id = done(await plane.reserveAttachment(volume.id, { instance: 'vm-1' })).part?.id ?? '';
  const stage = (): string => plane.attachments.get(volume.id, id)?.stage ?? 'released';
  console.log(`  ${stage()} for vm-1`);

  done(await plane.connectAttachment(volume.id, { id, accessPath: path, connector }, wait));
  const info = done(await plane.attachments.connectionInfo(volume.id, id));
  const portals = info.targets.flatMap((target) => target.portals.map(({ ip, port }) => `${ip}:${port}`));
  console.log(`  ${stage()}: ${connector.host} finds LUN ${info.lun} at ${portals.join(', ')} as ${info.chap?.user}`);

  done(await plane.completeAttachment(volume.id, { id, host: connector.host, mountPoint: '/dev/vdb' }));
  console.log(`  ${stage()} to ${connector.host} as /dev/vdb`);
  const deletion = await plane.deleteVolume(volume.id, {});
  console.log(`  to delete it now is ${deletion._tag === 'Left' ? `refused: ${deletion.left._tag}` : 'allowed'}`);

  done(await plane.beginDetaching(volume.id, { id }));
  console.log(`  ${stage()}`);
  done(await plane.disconnectAttachments(volume.id, { id }, wait));
  console.log(`  ${stage()}`);
  done(await plane.releaseAttachment(volume.id, { id }, wait));
  console.log(`  ${stage()}`);
  done(await plane.deleteVolume(volume.id, {}, wait));
}

await plane.idle();
console.log(`left behind: ${xdc.luns('gw1').length} LUNs on gw1, ${xdc.luns('gw2').length} on gw2, ${array.state().volumes.length} volumes and ${array.state().targets.length} targets on the array`);
await plane.close();
await array.stop();
