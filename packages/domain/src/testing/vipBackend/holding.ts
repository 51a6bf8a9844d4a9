/** Who holds an address: elections, what a host must serve, fencing. */
import type { Portal } from '../../ports/targetBackend.ts';
import { check, same } from '../blockBackend/given.ts';
import { FIRST, making, SECOND, type OnVipScene } from './given.ts';

export const addressesAreHeld = (on: OnVipScene): void => {
  on('no host holds an address before it was admitted; then the preferred one does [S0-75, S0-76, S0-77]', async ({ vip, ensure, observe, admit, heldBy, settlesWithinMs, wait, hosts }) => {
    const one = vip();
    for (const which of [FIRST, SECOND]) await ensure(one, which);
    await wait(settlesWithinMs / 2);
    for (const which of [FIRST, SECOND]) {
      const seen = await observe(one, which);
      same([seen.exists, seen.state, seen.holds, seen.notReady], [true, 'fault', false, 'admission'], `before, on ${hosts[which].place.host}`);
    }
    await admit();
    await heldBy(one, FIRST);
    same([(await observe(one, FIRST)).state, (await observe(one, SECOND)).state], ['master', 'backup'], 'the states');
    same([(await observe(one, FIRST)).notReady, (await observe(one, SECOND)).notReady], [undefined, undefined], 'both are ready');
  });

  on('asking again for what runs already changes nothing [I-23]', async ({ vip, ensure, running, observe }) => {
    const one = vip();
    await running(one);
    for (const which of [FIRST, SECOND]) await ensure(one, which);
    same([(await observe(one, FIRST)).state, (await observe(one, SECOND)).state], ['master', 'backup'], 'the states');
  });

  on('when an instance goes, the other host takes over, and it comes back to the preferred one [R-14, S0-77]', async ({ vip, running, gone, ensure, heldBy }) => {
    const one = vip();
    await running(one);
    await gone(one, FIRST);
    await heldBy(one, SECOND);
    await ensure(one, FIRST);
    await heldBy(one, FIRST);
  });

  on('without preempt the address stays where it is [S0-67]', async ({ vip, gone, ensure, observe, admit, heldBy, settlesWithinMs, wait, until }) => {
    const one = vip({ preempt: false });
    // The first to be ready takes it, whatever its priority.
    await ensure(one, FIRST);
    await admit();
    await heldBy(one, FIRST);
    await ensure(one, SECOND);
    await until('the other host is ready', async () => (await observe(one, SECOND)).state === 'backup');
    await gone(one, FIRST);
    await heldBy(one, SECOND);
    await ensure(one, FIRST);
    await until('the preferred one is ready', async () => (await observe(one, FIRST)).state === 'backup');
    await wait(settlesWithinMs / 2);
    await heldBy(one, SECOND);
  });

  on('an instance that yields lets go before the call ends, and takes part without holding [R-14]', async ({ vip, running, done, hosts, observe, heldBy, ensure }) => {
    const one = vip();
    await running(one);
    const answer = await done(making(hosts[FIRST], one.on[FIRST], true));
    same([answer.exists, answer.holds], [true, false], 'the answer');
    await heldBy(one, SECOND);
    same((await observe(one, FIRST)).notReady, 'yielding', 'why it does not hold');
    await ensure(one, FIRST);
    await heldBy(one, FIRST);
  });

  on('another priority moves the address, and another router id does not lose it [I-23, R-16]', async ({ vip, running, ensure, heldBy, fresh }) => {
    const one = vip();
    await running(one);
    await ensure(one, FIRST, { priority: 90 });
    await heldBy(one, SECOND);
    const { vrid } = fresh();
    for (const which of [FIRST, SECOND]) await ensure(one, which, { vrid, priority: 101 - which });
    await heldBy(one, FIRST);
  });

  on('each address has a life of its own [S0-75]', async ({ vip, running, gone, heldBy }) => {
    const one = vip();
    const other = vip();
    await running(one);
    await running(other);
    await gone(one, FIRST);
    await heldBy(one, SECOND);
    await heldBy(other, FIRST);
  });
};

export const hostsMustServe = (on: OnVipScene): void => {
  on('a host that does not serve a portal does not hold the address, and gives it up when it stops [I-20]', async ({ vip, hosts, ensure, serve, admit, heldBy, observe, until }) => {
    const portal: Portal = { ip: hosts[SECOND].source, port: 20_000 + Math.floor(Math.random() * 20_000) };
    const ofFirst = { ...portal, ip: hosts[FIRST].source };
    const checking = (each: Portal) => ({ checks: [{ iqn: 'iqn.2019-01.com.example:one', portal: each, luns: [0] }] });
    const one = vip();
    await ensure(one, FIRST, checking(ofFirst));
    await ensure(one, SECOND, checking(portal));
    const [endFirst, endSecond] = [await serve(hosts[FIRST], ofFirst), await serve(hosts[SECOND], portal)];
    try {
      await admit();
      await heldBy(one, FIRST);
      await endFirst();
      await heldBy(one, SECOND);
      await until('it says why', async () => (await observe(one, FIRST)).notReady !== undefined);
      check((await observe(one, FIRST)).state === 'fault', 'the state');
    } finally {
      await endFirst();
      await endSecond();
    }
  });

  on('a host whose link was down for long does not get the address back before it was admitted again [I-20, I-21]', async (scene) => {
    const { vip, hosts, running, setLink, wait, fencedAfterMs, settlesWithinMs, until, observe, admit, heldBy } = scene;
    const one = vip();
    await running(one);
    await setLink(hosts[FIRST], false);
    try {
      await until('the other host has it', async () => (await observe(one, SECOND)).holds === true);
      await wait(fencedAfterMs + 2_000);
    } finally {
      await setLink(hosts[FIRST], true);
    }
    await wait(settlesWithinMs / 2);
    await heldBy(one, SECOND);
    same((await observe(one, FIRST)).notReady, 'admission', 'why it does not come back');
    await admit();
    await heldBy(one, FIRST);
  });
};
