/** What is heard on the wire, and what is refused. */
import type { HostPlace } from '../../ports/targetBackend.ts';
import type { VipResult } from '../../ports/vipBackend.ts';
import { check, failed, same } from '../blockBackend/given.ts';
import { FIRST, making, SECOND, uuid, type OnVipScene, type VipScene } from './given.ts';

/** Longer than three adverts, in ms. */
const LISTEN_MS = 3_500;

/** Where time is simulated, it passes while somebody listens. */
const scanning = async ({ hosts, done, wait }: VipScene): Promise<VipResult> => {
  const answer = done({ do: 'scanVrids', place: hosts[SECOND].place, interface: hosts[SECOND].interface, listenMs: LISTEN_MS });
  await wait(LISTEN_MS);
  return answer;
};

export const theWireIsHeard = (on: OnVipScene): void => {
  on('a scan tells every router id that is spoken for, and by whom [S0-74, I-23]', async (scene) => {
    const { vip, running, hosts, done, heldBy } = scene;
    const [one, other] = [vip(), vip()];
    await running(one);
    await running(other);
    await done(making(hosts[FIRST], other.on[FIRST], true));
    await heldBy(other, SECOND);
    const heard = (await scanning(scene)).heard ?? [];
    const of = (vrid: number): unknown => heard.filter((advert) => advert.vrid === vrid).map(({ source, priority }) => [source, priority]);
    same([of(one.on[FIRST].vrid), of(other.on[FIRST].vrid)], [[[hosts[FIRST].source, 101]], [[hosts[SECOND].source, 100]]], 'what is heard');
  });

  on('two groups that meet on one router id both hold their addresses, and a scan shows that the id is spoken for [I-23]', async (scene) => {
    const { vip, ensure, admit, hosts, until, observe } = scene;
    const one = vip();
    const other = vip({ vrid: one.on[FIRST].vrid });
    await ensure(one, FIRST);
    await ensure(other, SECOND);
    await admit();
    await until('both are up', async () => (await observe(one, FIRST)).holds === true && (await observe(other, SECOND)).holds === true);
    const heard = ((await scanning(scene)).heard ?? []).filter(({ vrid }) => vrid === one.on[FIRST].vrid);
    // A router that hears an advert of its own id puts off its own, each time: whoever is a little ahead may silence the other for good.
    check(heard.length > 0, 'the router id is heard');
    for (const { source } of heard) check(hosts.some((host) => host.source === source), `${source} is one of the two who speak`);
  });

  on('a silent wire is an answer, too', async (scene) => {
    const { vrid } = scene.fresh();
    check(!((await scanning(scene)).heard ?? []).some((advert) => advert.vrid === vrid), 'nobody speaks for an id that nobody uses');
  });

  on('a device that is not there cannot be listened on [S0-74]', async ({ perform, hosts }) => {
    same(failed(await perform({ do: 'scanVrids', place: hosts[FIRST].place, interface: 'nosuch0', listenMs: 500 }), 'Permanent', 'listening').code, 'InterfaceMissing', 'the code');
  });
};

export const badInstancesAreRefused = (on: OnVipScene): void => {
  on('what cannot work is refused, and what runs goes on as it was', async ({ vip, running, perform, hosts, observe, list }) => {
    const one = vip();
    await running(one);
    const wrongs = [{ interface: 'nosuch0' }, { ip: '10.77.0.999' }, { ip: '10.0.0.1 dev eth0\n}' }, { mask: 33 }, { vrid: 256 }, { priority: 255 }, { priority: 0 }];
    for (const wrong of wrongs) {
      failed(await perform(making(hosts[FIRST], { ...one.on[FIRST], ...wrong })), 'Permanent', JSON.stringify(wrong));
    }
    same((await observe(one, FIRST)).state, 'master', 'the state');
    const seen = (await list(FIRST)).find(({ vipId }) => vipId === one.vipId);
    same(seen && [seen.vrid, seen.priority], [one.on[FIRST].vrid, 101], 'as it is listed');
  });

  on('an instance that is refused from the beginning does not run', async ({ vip, perform, hosts, observe }) => {
    const one = vip();
    same(failed(await perform(making(hosts[FIRST], { ...one.on[FIRST], interface: 'nosuch0' })), 'Permanent', 'a device that is not there').code, 'InterfaceMissing', 'the code');
    const seen = await observe(one, FIRST);
    same([seen.state, seen.holds], ['stopped', false], 'as it is seen');
  });

  on('a host that the backend does not know is refused', async ({ vip, perform, hosts, backend, context }) => {
    const place: HostPlace = { ...hosts[FIRST].place, host: 'no-such-host' };
    same(failed(await perform({ ...making(hosts[FIRST], vip().on[FIRST]), place }), 'Permanent', 'the call').code, 'UnknownHost', 'the code');
    same(failed(await backend.list(place, context)(), 'Permanent', 'the list').code, 'UnknownHost', 'the code');
    check(!backend.hosts().includes('no-such-host') && hosts.every((host) => backend.hosts().includes(host.place.host)), 'the hosts that it knows');
  });

  on('a call that is stopped says so', async ({ vip, perform, hosts, context }) => {
    const stopped = { ...context, signal: { ...context.signal, aborted: true } };
    failed(await perform(making(hosts[FIRST], vip().on[FIRST]), stopped), 'Cancelled', 'the call');
  });

  on('a plan tells the steps and touches nothing', async ({ vip, hosts, backend, observe }) => {
    const one = vip();
    const { interface: device } = hosts[FIRST];
    const actions = [making(hosts[FIRST], one.on[FIRST]), { do: 'scanVrids', place: hosts[FIRST].place, interface: device, listenMs: 3_000 }, { do: 'admitHost', place: hosts[FIRST].place, token: uuid() }] as const;
    for (const action of actions) check(backend.plan(action).length > 0, `${action.do} has no steps`);
    same((await observe(one, FIRST)).exists, false, 'nothing was made');
  });
};
