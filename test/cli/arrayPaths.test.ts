/** Access paths of a QSAN array on the command line: what is shown there, and every way to be told no. */
import * as assert from 'uvu/assert';
import { QSAN, CEPH, twoBackends, type TwoBackends } from '../support/cinder/twoBackends.ts';
import { looksAsGolden } from '../support/cliGolden.ts';
import { GIB, right } from '../support/plane.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell, type Ran } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('an array with blockledger');
let world: TwoBackends;

const run = (line: string): Promise<Ran> => shell(`blockledger ${line}`, { env: world.env });

/** What is looked at, by the golden file; nothing of it changes anything. */
const LOOKS: Readonly<Record<string, string>> = {
  'array-path-show': 'path show array-front',
  'array-path-targets': 'path targets --path array-front',
  'array-backend-show': 'backend show array',
  'array-backend-list': 'backend list',
  'gateways-backend-show': 'backend show xdc',
  'array-connection-info': 'attachment connection-info attached vm-1',
  'array-path-map-elsewhere': 'path map front --clients web --volume mapped',
  'array-path-map-another': 'path map array-back --clients web --volume mapped --shared',
  'array-path-unmap-unknown': 'path unmap array-front --clients web --yes',
  'array-path-unmap-force': 'path unmap array-front --clients web --force --yes',
  'array-attachment-all': 'attachment disconnect attached --all --yes',
  'array-rollback': 'volume rollback free nightly --yes',
};

const RULES = [
  [/\b[0-9a-f]{16}\b/g, '<hash>'],
  [/(?<="(?:version|wanted_version|confirmed_version)": )\d+/g, '0'],
] as const;

for (const [name, line] of Object.entries(LOOKS)) {
  test(`${line} looks the same on every screen, and is one document as JSON [S1-17, S1-20, S1-22, I-25]`, async () => {
    await looksAsGolden({ name, line: `blockledger ${line}`, place: { env: world.env }, atOnce: true, rules: RULES });
  });
}

test('what an array cannot show is taken away on somebody’s word, mapped and attached [X-7, I-21, S1-35]', async () => {
  for (const line of ['path unmap array-front --clients web --logged-out --yes --wait', 'attachment disconnect attached --all --logged-out --yes --wait', 'attachment release attached vm-1 --yes --wait']) {
    const { code, stderr } = await run(line);
    assert.is(code, 0, `${line}: ${stderr}`);
  }
  assert.equal(world.array.state().targets, []);
});

test.before(async () => {
  world = await twoBackends();
  const { plane } = world;
  const done = { wait: 'done' } as const;
  const [mapped, attached] = [right(await plane.createVolume({ pool: QSAN.pool, name: 'mapped', sizeBytes: GIB }, done)).resource, right(await plane.createVolume({ pool: QSAN.pool, name: 'attached', sizeBytes: GIB }, done)).resource];
  const free = right(await plane.createVolume({ pool: QSAN.pool, name: 'free', sizeBytes: GIB }, done)).resource;
  right(await plane.createSnapshot({ volume: free.id, name: 'nightly' }, done));
  const clients = right(await plane.createClientGroup({ name: 'web', clients: ['iqn.1994-05.com.redhat:web1'] }, done)).resource;
  right(await plane.createAccessPath({ name: 'array-back', hosts: ['qsan'] }, done));
  right(await plane.createMappingGroup(2, { clientGroup: clients.id, volumes: [mapped.id], shared: true }, done));
  right(await plane.reserveAttachment(attached.id, { instance: 'vm-1', connect: { accessPath: 2, connector: { initiator: 'iqn.1994-05.com.redhat:node1', multipath: true } } }, done));
  await plane.idle();
  assert.is(plane.accessPaths.get(1)?.name, CEPH.accessPath);
});
test.after(() => world.close());
test.run();
