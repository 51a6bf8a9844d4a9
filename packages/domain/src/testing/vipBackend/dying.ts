/** Daemons die, addresses stay behind, instances go. */
import { check, same } from '../blockBackend/given.ts';
import { FIRST, refOf, SECOND, type OnVipScene } from './given.ts';

export const daemonsDie = (on: OnVipScene): void => {
  on('a killed daemon leaves its address behind: it is seen on two hosts, and goes with the instance [I-23]', async ({ vip, running, kill, hosts, observe, list, until, gone, heldBy }) => {
    const one = vip();
    await running(one);
    await kill(hosts[FIRST], one.vipId);
    await until('the other host has it', async () => (await observe(one, SECOND)).holds === true);
    const left = await observe(one, FIRST);
    same([left.exists, left.state, left.holds], [true, 'stopped', true], 'what is left');
    const listed = (await list(FIRST)).find(({ vipId }) => vipId === one.vipId);
    same([listed?.state, listed?.holds], ['stopped', true], 'as it is listed');
    const answer = await gone(one, FIRST);
    same([answer.exists, answer.holds], [false, false], 'the answer');
    await heldBy(one, SECOND);
  });

  on('a killed daemon is started again with what it left, and holds once [R-14]', async ({ vip, running, kill, hosts, observe, ensure, until, admit, heldBy }) => {
    const one = vip();
    await running(one);
    await kill(hosts[FIRST], one.vipId);
    await until('the other host has it', async () => (await observe(one, SECOND)).holds === true);
    await ensure(one, FIRST);
    await admit();
    await heldBy(one, FIRST);
  });
};

export const instancesGo = (on: OnVipScene): void => {
  on('an instance goes, and going again is success [S0-80]', async ({ vip, running, gone, list, observe }) => {
    const one = vip();
    await running(one);
    for (const which of [FIRST, SECOND]) {
      const first = await gone(one, which);
      same([first.exists, first.state, first.holds], [false, 'stopped', false], 'the answer');
      same(await gone(one, which), first, 'again');
      same(await observe(one, which), first, 'and as it is seen');
      check(!(await list(which)).some(({ vipId }) => vipId === one.vipId), 'it is listed no more');
    }
  });

  on('an instance that never was is gone [S0-80]', async ({ vip, gone }) => {
    same((await gone(vip(), FIRST)).exists, false, 'the answer');
  });

  on('instances are listed with their router ids, priorities and states', async ({ vip, running, list }) => {
    const one = vip();
    await running(one);
    const { ip, vrid } = one.on[FIRST];
    for (const [which, priority, state] of [[FIRST, 101, 'master'], [SECOND, 100, 'backup']] as const) {
      const seen = (await list(which)).find(({ vipId }) => vipId === one.vipId);
      same(seen && [seen.ip, seen.vrid, seen.priority, seen.state, seen.holds], [ip, vrid, priority, state, state === 'master'], 'as it is listed');
    }
  });

  on('an instance of another installation is left alone', async ({ vip, running, perform, hosts, context, backend, observe }) => {
    const one = vip();
    await running(one);
    const stranger = { ...context, installationId: `${context.installationId}-other` };
    const place = hosts[FIRST].place;
    const taken = await perform({ do: 'ensureInstanceGone', place, instance: refOf(hosts[FIRST], one.on[FIRST]) }, stranger);
    check(taken._tag === 'Left' && taken.left._tag === 'Mismatch', `removing it is no Mismatch: ${JSON.stringify(taken)}`);
    const listed = await backend.list(place, stranger)();
    check(listed._tag === 'Right' && listed.right.length === 0, 'nor does the other installation list it');
    same((await observe(one, FIRST)).state, 'master', 'it goes on');
  });
};
