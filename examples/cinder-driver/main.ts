// A Cinder volume service on Blockledger, without Cinder: Python calls its driver, the driver the bridge, the bridge a service. Ceph and XDC are simulated.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateXdc } from '@blockledger/adapters-xdc/simulator';
import { controlPlane, memorySecretStore } from '@blockledger/app';
import { cinderBridge, cinderDriver } from '@blockledger/app/cinder-driver';
import { apiClient } from '@blockledger/app/client';
import { httpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';

const done = <A>(answer: { readonly _tag: 'Left'; readonly left: { readonly message: string } } | { readonly _tag: 'Right'; readonly right: A }): A => {
  if (answer._tag === 'Left') throw new Error(answer.left.message);
  return answer.right;
};

// The service, with a pool and an access path on two gateways: what an operator has before Cinder comes.
const xdc = simulateXdc({ hosts: ['gw1', 'gw2'] });
const plane = await controlPlane({
  store: memoryStore(),
  secrets: memorySecretStore(),
  backends: { ceph: rbdBackend({ run: simulateRbd().run }) },
  targets: { gateways: xdcTargets({ hosts: xdc.hosts, endsSessions: true }) },
});
const wait = { wait: 'done' } as const;
done(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, wait));
for (const [at, name] of ['gw1', 'gw2'].entries()) {
  done(await plane.registerHost({ name, targets: 'gateways', addresses: [{ ip: `10.77.0.${at + 1}`, prefix: 24, interface: 'eth0' }] }, wait));
}
done(await plane.createAccessPath({ name: 'front', hosts: ['gw1', 'gw2'], chap: { user: 'cinder-hosts', secret: 'twelve-chars' } }, wait));
const service = httpService(plane, { tokens: { cinder: { token: 'of-the-service', role: 'operator' } } });
const url = done(await service.listen({ port: 0 }));

// The bridge, on the machine of the volume service: `blockledger cinder-bridge` is the same.
const folder = mkdtempSync(join(tmpdir(), 'blockledger-cinder-'));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'of-the-bridge-alone', { mode: 0o600 });
const driver = cinderDriver({ control: apiClient({ url, token: 'of-the-service' }), pool: 'vols', accessPath: 'front', volumeBackendName: 'blockledger' });
const bridge = cinderBridge({ driver, token: 'of-the-bridge-alone' });
const address = done(await bridge.listen({ socket: join(folder, 'cinder.sock') }));

// What Cinder would do.
const play = spawn('python3', ['-B', 'play.py', address, tokenFile], { cwd: import.meta.dirname, stdio: 'inherit' });
const code = await new Promise<number | null>((resolve) => void play.once('close', resolve));

await bridge.close();
await service.close();
await plane.close();
rmSync(folder, { recursive: true });
process.exitCode = code ?? 1;
