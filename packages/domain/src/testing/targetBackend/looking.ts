/** Looking, planning, hosts that do not answer, and stopping. */
import type { TargetAction } from '../../ports/targetBackend.ts';
import { check, ending, ensuring, failed, same, SECRETS, succeeded, type OnTargetScene } from './given.ts';
import { fullWish } from './making.ts';

const showsNoSecret = (text: string, what: string): void => {
  for (const secret of SECRETS) check(!text.includes(secret), `${what} shows no secret`);
};

export const targetBackendsTell = (on: OnTargetScene): void => {
  on('the list of a host has its targets, and no secret [S0-91, S0-92, I-24]', async (scene) => {
    const { backend, place, context, target, stranger } = scene;
    const wish = await fullWish(scene);
    await scene.done(ensuring(wish));
    showsNoSecret(JSON.stringify(await scene.seen(target)), 'what is seen');
    if (!backend.capabilities.list) {
      same(failed(await backend.list(place, context)(), 'Permanent', 'list').code, 'Unsupported', 'the code');
      return;
    }
    await scene.done(ensuring(await fullWish(scene, { target: stranger })));
    const listed = succeeded(await backend.list(place, context)(), 'list');
    same(listed.filter(({ iqn }) => iqn === target.iqn || iqn === stranger.iqn).length, 2, 'both are there');
    same(listed.find(({ iqn }) => iqn === target.iqn), await scene.seen(target), 'as it is seen');
    showsNoSecret(JSON.stringify(listed), 'the list');
    await scene.done(ending(target));
    const after = succeeded(await backend.list(place, context)(), 'list');
    same(after.filter(({ iqn }) => iqn === target.iqn).length, 0, 'gone from the list');
  });

  on('a plan has a summary for each step and no secret, and making it touches nothing [I-24]', async (scene) => {
    const { backend, target } = scene;
    const wish = await fullWish(scene);
    const actions: readonly TargetAction[] = [ensuring(wish), ending(target), ending(target, true), { do: 'observeTarget', target }];
    for (const action of actions) {
      const steps = backend.plan(action);
      check(steps.length > 0 && steps.every(({ summary }) => summary !== ''), `${action.do} has steps`);
      same(backend.plan(action), steps, 'the same plan again');
      showsNoSecret(JSON.stringify(steps), 'the plan');
    }
    same(await scene.seen(target), undefined, 'nothing was made');
  });

  on('a host that does not answer is told apart from everything that a host answers [I-20]', async (scene) => {
    const { backend, unreachable, context } = scene;
    if (unreachable === undefined) return;
    const wish = await fullWish(scene, { luns: 1, clients: 1 });
    const target = { ...scene.target, place: unreachable };
    const answers = [
      await scene.perform(ensuring({ ...wish, target })),
      await scene.perform(ending(target, true)),
      await scene.perform({ do: 'observeTarget', target }),
      await backend.see(target, context)(),
      ...(backend.capabilities.list ? [await backend.list(unreachable, context)()] : []),
    ];
    for (const answer of answers) {
      const error = failed(answer, 'Retryable', 'an unreachable host');
      same(error.code, 'HostUnreachable', 'the code');
      showsNoSecret(JSON.stringify(error), 'the error');
    }
  });

  on('a host that the backend does not have is refused', async (scene) => {
    const place = { ...scene.place, host: 'nobody' };
    failed(await scene.perform({ do: 'observeTarget', target: { ...scene.target, place } }), 'Permanent', 'observing');
    failed(await scene.backend.list(place, scene.context)(), 'Permanent', 'listing');
    check(scene.backend.hosts().includes(scene.place.host) && !scene.backend.hosts().includes('nobody'), 'the hosts that there are');
  });

  on('what is cancelled before it begins does nothing', async (scene) => {
    const wish = await fullWish(scene);
    const aborted = { ...scene.context, signal: { aborted: true, addEventListener: () => undefined, removeEventListener: () => undefined } };
    failed(await scene.perform(ensuring(wish), aborted), 'Cancelled', 'making it');
    same(await scene.seen(scene.target), undefined, 'nothing was made');
  });

  on('the capabilities say the same each time', ({ backend }) => {
    const { capabilities } = backend;
    same(backend.capabilities, capabilities, 'the capabilities');
    const { maxLuns, types, clientCodes, opens } = capabilities;
    check(maxLuns > 0 && [types, clientCodes, opens].every(({ length }) => length > 0), 'there are LUNs, types, codes and volumes to open');
    return Promise.resolve();
  });
};
