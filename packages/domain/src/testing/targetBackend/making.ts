/** Targets are made as wanted, and made so again. */
import type { LunSource } from '../../ports/lunSource.ts';
import type { TargetRef } from '../../ports/targetBackend.ts';
import { check, client, ensuring, failed, freshInitiator, LARGE, same, SECRETS, type OnTargetScene, type TargetScene, type Wish } from './given.ts';

/** A wish with everything that the backend can do, for the scene's own target unless another one is named. */
export const fullWish = async (
  { target: own, account, lun, portals, backend }: TargetScene,
  { target = own, ...more }: { readonly luns?: number; readonly clients?: number; readonly target?: TargetRef } = {},
): Promise<Wish> => {
  const { forwardChap, mutualChap, scope } = backend.capabilities;
  const count = scope === 'volume' ? 1 : (more.luns ?? 2);
  const luns = await Promise.all(Array.from({ length: count }, (_, at) => lun(at, target)));
  const mutual = mutualChap === 'none' ? null : account('prover', SECRETS[1]);
  return {
    target,
    config: {
      portals: portals(2),
      chap: forwardChap ? account('storage', SECRETS[0]) : null,
      luns,
      clients: Array.from({ length: more.clients ?? 2 }, () => client(freshInitiator(), luns, mutual)),
    },
  };
};

export const targetsAreMade = (on: OnTargetScene): void => {
  on('a target is made with its portals, LUNs, accounts and clients, and is seen so [S0-86, S0-87, S0-91, S0-93]', async (scene) => {
    const wish = await fullWish(scene);
    same(await scene.seen(scene.target), undefined, 'nothing before');
    const result = await scene.done(ensuring(wish));
    same([result.exists, result.sessions ?? 0], [true, 0], 'the answer');
    await scene.stands(wish, 'made');
    same((await scene.done({ do: 'observeTarget', target: scene.target })).exists, true, 'observed');
  });

  on('doing it again changes nothing, and answers the same [I-7]', async (scene) => {
    const wish = await fullWish(scene);
    const first = await scene.done(ensuring(wish));
    const before = await scene.stands(wish, 'once');
    same(await scene.done(ensuring(wish)), first, 'the answer');
    same(await scene.seen(scene.target), before, 'the target');
  });

  on('initiators see the serial number of the volume [S0-18, I-19]', async (scene) => {
    const wish = await fullWish(scene);
    await scene.done(ensuring(wish));
    const shown = await scene.stands(wish, 'made');
    const serials = wish.config.luns.map(({ volume }) => volume.serial);
    same(shown.luns.toSorted((a, b) => a.lun - b.lun).map(({ serial }, at) => serial ?? serials[at]), serials, 'the serial numbers');
  });

  on('clients are let in by name and, where the backend can, by address; one of another kind is refused [S0-93, X-6]', async (scene) => {
    const { backend, target } = scene;
    const wish = await fullWish(scene, { luns: 1, clients: 1 });
    const { luns } = wish.config;
    const withCode = (code: string): Wish => ({ target, config: { ...wish.config, clients: [client(code, luns)] } });
    for (const [kind, code] of [['iqn', freshInitiator()], ['ip', '10.77.0.100'], ['wwn', '50:06:01:60:3b:20:19:ab']] as const) {
      if (backend.capabilities.clientCodes.includes(kind)) {
        await scene.done(ensuring(withCode(code)));
        await scene.stands(withCode(code), kind);
      } else {
        same(failed(await scene.perform(ensuring(withCode(code))), 'Permanent', kind).code, 'Unsupported', kind);
      }
    }
  });

  on('a client sees its LUNs alone where the backend can mask, and masks are refused where it cannot [S0-94]', async (scene) => {
    const { backend, target } = scene;
    if (backend.capabilities.scope === 'volume') return;
    const wish = await fullWish(scene, { luns: 2, clients: 2 });
    const [first, second] = wish.config.clients;
    check(first !== undefined && second !== undefined, 'two clients');
    const masked: Wish = { target, config: { ...wish.config, clients: [{ ...first, luns: [0] }, { ...second, luns: [0, 1] }] } };
    if (backend.capabilities.scope === 'accessPath') {
      await scene.done(ensuring(masked));
      await scene.stands(masked, 'masked');
    } else {
      same(failed(await scene.perform(ensuring(masked)), 'Permanent', 'masked').code, 'Unsupported', 'the code');
      same(await scene.seen(target), undefined, 'nothing was made');
    }
  });

  on('accounts by which targets prove themselves differ by client only where the backend can tell clients apart [S0-87, S0-88]', async (scene) => {
    const { backend, target, account } = scene;
    if (backend.capabilities.mutualChap === 'none') return;
    const wish = await fullWish(scene, { luns: 1, clients: 2 });
    const [first, second] = wish.config.clients;
    check(first !== undefined && second !== undefined, 'two clients');
    const different: Wish = { target, config: { ...wish.config, clients: [first, { ...second, mutual: account('another', SECRETS[2]) }] } };
    if (backend.capabilities.mutualChap === 'client') {
      await scene.done(ensuring(different));
      await scene.stands(different, 'two accounts');
    } else {
      same(failed(await scene.perform(ensuring(different)), 'Permanent', 'two accounts').code, 'Unsupported', 'the code');
      same(await scene.seen(target), undefined, 'nothing was made');
    }
  });

  on('a type of target that the backend does not have is refused before anything is touched [X-6]', async (scene) => {
    const wish = await fullWish(scene, { luns: 1, clients: 1 });
    for (const type of ['iscsi', 'local', 'fc'] as const) {
      if (scene.backend.capabilities.types.includes(type)) continue;
      const target = { ...scene.target, type };
      same(failed(await scene.perform(ensuring({ ...wish, target })), 'Permanent', type).code, 'Unsupported', type);
      same(await scene.seen(scene.target), undefined, 'nothing was made');
    }
  });

  on('a volume that hosts cannot open, or one of a kind that they do not open, is refused before anything is touched', async (scene) => {
    const wish = await fullWish(scene, { luns: 1, clients: 1 });
    const sources: readonly LunSource[] = [{ kind: 'rbd', pool: 'vols', image: 'another' }, { kind: 'file', path: '/another' }, { kind: 'array', volume: 'another' }];
    for (const source of [undefined, ...sources.filter(({ kind }) => !scene.backend.capabilities.opens.includes(kind))]) {
      failed(await scene.perform(ensuring(wish), { ...scene.context, sourceOf: () => source }), 'Permanent', source?.kind ?? 'no source');
      same(await scene.seen(scene.target), undefined, 'nothing was made');
    }
  });

  on('portals that the backend chooses itself are told with every target that it makes, and are those that are seen [S1-20]', async (scene) => {
    if (scene.backend.capabilities.portals === 'given') return;
    const wish = await fullWish(scene);
    const { portals = [] } = await scene.done(ensuring(wish));
    check(portals.length > 0 && portals.every(({ ip, port }) => ip !== '' && port > 0), 'there are portals');
    same((await scene.done(ensuring(wish))).portals, portals, 'the same again');
    same((await scene.stands(wish, 'made')).portals, portals, 'as they are seen');
  });

  on('a secret that cannot be opened stops the call before anybody is let in [I-24]', async (scene) => {
    if (!scene.backend.capabilities.forwardChap) return;
    const wish = await fullWish(scene, { luns: 1, clients: 1 });
    const closed = { ...scene.context, secret: () => () => Promise.resolve({ _tag: 'Left' as const, left: { _tag: 'Permanent' as const, code: 'SecretUnreadable', message: 'no key' } }) };
    same(failed(await scene.perform(ensuring(wish), closed), 'Permanent', 'no secret').code, 'SecretUnreadable', 'the code');
    same((await scene.seen(scene.target))?.clients ?? [], [], 'nobody is let in');
    await scene.done(ensuring(wish));
    await scene.stands(wish, 'with the secret');
  });

  on('a volume that has grown is larger on the target, and shrinks no LUN beside it [S0-46, I-18, X-3]', async (scene) => {
    const { growVolume, backend, target, done } = scene;
    if (growVolume === undefined || !backend.capabilities.onlineExtend) return;
    const wish = await fullWish(scene);
    await done(ensuring(wish));
    const [first, ...others] = wish.config.luns;
    check(first !== undefined, 'a LUN');
    await growVolume(first.volume, LARGE);
    const grown: Wish = { target, config: { ...wish.config, luns: [{ ...first, sizeBytes: LARGE }, ...others] } };
    await done(ensuring(grown));
    await scene.stands(grown, 'grown');
  });
};
