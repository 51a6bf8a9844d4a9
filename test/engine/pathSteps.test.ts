/** What tasks about access paths and virtual IPs say that they are doing: words and names, which people and scripts on the other side can read. */
import * as assert from 'uvu/assert';
import type { ControlPlane } from '@blockledger/app';
import { mapped, pathPlane, type PathPlane } from '../support/pathPlane.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('steps of tasks about paths');
const [HOUR_MS, VIP, OTHER_VIP] = [3_600_000, '10.252.1.200', '10.252.1.201'];
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/;

/** Every step that any task shows while something is done. */
const stepsDuring = async ({ plane, clock }: Pick<PathPlane, 'plane' | 'clock'>, work: (plane: ControlPlane) => Promise<unknown>): Promise<ReadonlySet<string>> => {
  const steps = new Set<string>();
  const ending = new AbortController();
  const watching = (async () => {
    for await (const { step } of plane.tasks.changes({ signal: ending.signal })) if (step !== null) steps.add(step);
  })();
  await work(plane);
  await clock.until(() => plane.monitor.status().owed.length === 0, clock.nowMs() + HOUR_MS);
  ending.abort();
  await watching;
  return steps;
};

test('a task about virtual IPs says which address it runs where, and for which it waits until a host holds it [S0-6, S0-67, R-13]', async () => {
  const made = await mapped(await pathPlane());
  const [first] = made.plane.networkAddresses.list().items;
  const steps = await stepsDuring(made, async (plane) => {
    const group = right(await plane.createVipGroup({ accessPath: 1, network: '10.252.1.0/24', vips: [{ ip: VIP, networkAddress: first!.id }] }, { wait: 'done' })).resource;
    right(await plane.addVip(group.id, { ip: OTHER_VIP, mask: 32, networkAddress: first!.id }, { wait: 'done' }));
    right(await plane.deleteVipGroup(group.id, { force: true }, { wait: 'done' }));
  });
  for (const said of [`run ${VIP} on gw1`, `run ${OTHER_VIP} on gw2`, `wait until a host holds ${VIP}`, `remove ${VIP} from gw2`, 'listen on gw1 for virtual router ids in use']) {
    assert.ok(steps.has(said), `${said}: ${[...steps].join('; ')}`);
  }
  assert.equal([...steps].filter((step) => UUID.test(step)), []);
  await made.plane.close();
});

test('a task about an access path says on which host it works, and for whom, also where it failed [S0-6, S0-98]', async () => {
  const made = await mapped(await pathPlane());
  const steps = await stepsDuring(made, async (plane) => {
    right(await plane.redeployAccessPath(1, { wait: 'done' }));
    right(await plane.deleteMappingGroup(1, { force: true }, { wait: 'done' }));
    right(await plane.deleteAccessPath(1, { wait: 'done' }));
    right(await plane.retireHost('gw1', { wait: 'done' }));
  });
  for (const host of ['gw1', 'gw2']) assert.ok(steps.has(`bring the target on ${host} up to date`), [...steps].join('; '));
  assert.equal([...steps].filter((step) => UUID.test(step)), []);
  await made.plane.close();
});

test.run();
