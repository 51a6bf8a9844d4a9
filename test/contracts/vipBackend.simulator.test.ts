/** The contract of virtual IPs over the simulated segment, and what the simulation itself promises. */
import { simulateVips } from '@blockledger/adapters-xdc/simulator';
import type { CallContext, Portal, ReadyCheck, VipAction, VipGroupId, VipId, VipInstance } from '@blockledger/domain';
import { vipBackendContract, type VipBackendUnderTest, type VipHost } from '@blockledger/domain/testing';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';

const contract = suite('virtual IPs on a simulated segment');
const FENCED_AFTER_MS = 4_000;

const hostOf = (host: string, source: string): VipHost => ({ place: { backend: 'vips', host }, interface: 'eth0', source });

let used = 0;
const fresh = () => {
  used += 1;
  return { ip: `10.77.1.${used}`, vrid: used };
};

vipBackendContract(contract, () => {
  const clock = virtualClock();
  const served = new Set<string>();
  const keyOf = (host: string, { ip, port }: Portal): string => `${host} ${ip}:${port}`;
  const serves = (host: string, { portal }: ReadyCheck): boolean => served.has(keyOf(host, portal));
  const segment = simulateVips({ clock, serves, fencedAfterMs: FENCED_AFTER_MS });
  const given: VipBackendUnderTest = {
    backend: segment.backend,
    hosts: [hostOf('gw1', '10.77.0.1'), hostOf('gw2', '10.77.0.2')],
    fresh,
    wait: (ms) => clock.sleep(ms),
    settlesWithinMs: 12_000,
    fencedAfterMs: FENCED_AFTER_MS,
    kill: ({ place }, vipId) => Promise.resolve(segment.kill(place.host, vipId)),
    setLink: ({ place }, up) => Promise.resolve(segment.setLink(place.host, up)),
    serve: ({ place }, portal) => {
      served.add(keyOf(place.host, portal));
      return Promise.resolve(() => Promise.resolve(void served.delete(keyOf(place.host, portal))));
    },
    dispose: () => Promise.resolve(clock.stop()),
  };
  return Promise.resolve(given);
});

contract.run();

const test = suite('the simulated segment');
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'one' };
const instanceOn = (n: 1 | 2): VipInstance => ({
  vipGroupId: '0b9d7a3e-0000-4000-8000-000000000009' as VipGroupId,
  vipId: '0b9d7a3e-0000-4000-8000-000000000001' as VipId,
  ip: '10.77.0.128',
  mask: 32,
  vrid: 51,
  priority: 102 - n,
  preempt: true,
  interface: 'eth0',
  source: `10.77.0.${n}`,
  peers: [],
  checks: [],
});
const scene = async () => {
  const clock = virtualClock(undefined, { auto: false });
  const segment = simulateVips({ clock });
  const perform = async (action: VipAction) => segment.backend.perform(action, context)();
  for (const n of [1, 2] as const) {
    const place = { backend: 'vips', host: `gw${n}` };
    await perform({ do: 'ensureInstance', place, instance: instanceOn(n), yielding: false });
    await perform({ do: 'admitHost', place, token: '0b9d7a3e-0000-4000-8000-0000000000aa' });
  }
  clock.advance(12_000);
  return { clock, segment, perform };
};

test('a host that cannot be reached is told apart, and what runs on it goes on [I-20]', async () => {
  const { segment, perform } = await scene();
  segment.setReachable('gw1', false);
  const answer = await perform({ do: 'observeInstance', place: { backend: 'vips', host: 'gw1' }, instance: { ...instanceOn(1), place: { backend: 'vips', host: 'gw1' } } });
  assert.is(answer._tag === 'Left' && answer.left.code, 'HostUnreachable');
  assert.equal(segment.holders('10.77.0.128'), ['gw1']);
});

test('a killed daemon makes a split brain that anybody can see, and a restart of its host ends it [I-23]', async () => {
  const { clock, segment } = await scene();
  segment.kill('gw1', instanceOn(1).vipId);
  clock.advance(5_000);
  assert.equal(segment.holders('10.77.0.128'), ['gw1', 'gw2']);
  segment.restart('gw1');
  assert.equal(segment.holders('10.77.0.128'), ['gw2']);
});

test('another address on a host that is admitted asks for no other admission: its targets would be taken away for it [I-21, R-14]', async () => {
  const { perform } = await scene();
  const another: VipInstance = { ...instanceOn(1), vipId: '0b9d7a3e-0000-4000-8000-000000000002' as VipId, ip: '10.77.0.129', vrid: 52 };
  const answer = await perform({ do: 'ensureInstance', place: { backend: 'vips', host: 'gw1' }, instance: another, yielding: false });
  assert.is(answer._tag === 'Right' ? answer.right.notReady : answer.left, undefined);
});

test('a host that serves well all night holds its address in the morning, though nobody looked meanwhile [I-21, R-14]', async () => {
  const { clock, segment } = await scene();
  assert.equal(segment.holders('10.77.0.128'), ['gw1']);
  clock.advance(8 * 3_600_000);
  assert.equal(segment.holders('10.77.0.128'), ['gw1']);
  segment.setLink('gw1', false);
  clock.advance(8 * 3_600_000);
  assert.equal(segment.holders('10.77.0.128'), ['gw2'], 'whose link was down all night does not');
});

test('a stranger on the wire is heard until it is silent [S0-74, I-23]', async () => {
  const { clock, segment, perform } = await scene();
  const heard = async () => {
    const answer = perform({ do: 'scanVrids', place: { backend: 'vips', host: 'gw2' }, interface: 'eth0', listenMs: 3_500 });
    clock.advance(3_500);
    const result = await answer;
    return result._tag === 'Right' ? result.right.heard : result.left;
  };
  const ours = { source: '10.77.0.1', vrid: 51, priority: 101 };
  const stranger = { source: '10.77.0.77', vrid: 19, priority: 150 };
  const silence = segment.advertise(stranger);
  assert.equal(await heard(), [stranger, ours]);
  silence();
  assert.equal(await heard(), [ours]);
});

test.run();
