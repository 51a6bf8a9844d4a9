/** Targets change: what is added is there before anything is taken away, and a call that was cut off is finished by the next. */
import type { SeenTarget, TargetCallContext } from '../../ports/targetBackend.ts';
import { check, client, ensuring, freshInitiator, same, SECRETS, type OnTargetScene, type TargetScene, type Wish } from './given.ts';
import { fullWish } from './making.ts';

/** A context whose signal is given when the backend makes its nth call to the outside. */
const cutAt = (context: TargetCallContext, nth: number): { readonly context: TargetCallContext; readonly wasCut: () => boolean } => {
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    addEventListener: (_: 'abort', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_: 'abort', listener: () => void) => void listeners.delete(listener),
  };
  let calls = 0;
  const onExternalCall = (): (() => void) => {
    calls += 1;
    if (calls === nth) {
      signal.aborted = true;
      for (const listener of listeners) listener();
    }
    return () => undefined;
  };
  return { context: { ...context, signal, onExternalCall }, wasCut: () => signal.aborted };
};

/** Never more cuts than this, however many calls a change takes. */
const MOST_CUTS = 200;

type Look = (seen: SeenTarget | undefined) => void | Promise<void>;

/** Whoever is let in must prove himself: by the account that is shown or, where none is, seen by somebody who tries to come in without one. */
const provesEverybody = async ({ backend, login, target, portals, done }: TargetScene, seen: SeenTarget, user?: string): Promise<void> => {
  if (backend.capabilities.showsChap) {
    check(user === undefined ? (seen.chapUsers?.length ?? 0) > 0 : seen.chapUsers?.includes(user) === true, 'whoever is let in must prove himself');
    return;
  }
  const portal = (await done({ do: 'observeTarget', target })).portals?.[0] ?? portals(1)[0];
  if (login === undefined || portal === undefined) return;
  for (const { code } of seen.clients) check((await login({ target, portal, initiator: code })) === undefined, `${code} must prove himself`);
};

/** One call of `ensureTarget` that is cut off; false when it came to its end before. */
const cutOff = async (scene: TargetScene, wish: Wish, nth: number, look: Look): Promise<boolean> => {
  const cut = cutAt(scene.context, nth);
  const answer = await scene.perform(ensuring(wish), cut.context);
  if (!cut.wasCut()) return false;
  check(answer._tag === 'Right' || answer.left._tag === 'Cancelled', `cut at call ${nth}: ${answer._tag === 'Left' ? answer.left.code : ''}`);
  await look(await scene.seen(wish.target));
  await scene.done(ensuring(wish));
  await scene.stands(wish, `after a cut at call ${nth}`);
  return true;
};

/** Changes there and back, cut at the first call, at the second, and so on; `look` is given what stands then. */
const cutChanges = async (scene: TargetScene, from: Wish, to: Wish, look: Look): Promise<number> => {
  await scene.done(ensuring(from));
  for (let nth = 1; nth < MOST_CUTS; nth += scene.cutEvery ?? 1) {
    const there = await cutOff(scene, to, nth, look);
    const back = await cutOff(scene, from, nth, look);
    if (!there && !back) return nth - 1;
  }
  return MOST_CUTS;
};

/** The same with the making of a target. */
const cutMaking = async (scene: TargetScene, wish: Wish, look: Look): Promise<void> => {
  for (let nth = 1; nth < MOST_CUTS; nth += scene.cutEvery ?? 1) {
    await scene.done({ do: 'ensureTargetGone', target: wish.target, force: true });
    if (!(await cutOff(scene, wish, nth, look))) return;
  }
};

/** Another wish for the same target, of which part stays and part is new. */
const otherWish = async (scene: TargetScene, { target, config }: Wish): Promise<Wish> => {
  const { forwardChap, scope } = scene.backend.capabilities;
  const luns = scope === 'volume' ? config.luns : [...config.luns.slice(0, 1), await scene.lun(7)];
  const [staying] = config.clients;
  const mutual = staying?.mutual ?? null;
  return {
    target,
    config: {
      portals: [...config.portals.slice(0, 1), ...scene.portals(1)],
      chap: forwardChap ? scene.account('other', SECRETS[2]) : null,
      luns,
      clients: [client(staying?.code ?? freshInitiator(), luns, mutual), client(freshInitiator(), luns, mutual)],
    },
  };
};

export const targetsChange = (on: OnTargetScene): void => {
  on('portals, LUNs, clients and accounts are added, and what is too much is taken away [R-12, R-13, S0-96]', async (scene) => {
    const wish = await fullWish(scene);
    await scene.done(ensuring(wish));
    const other = await otherWish(scene, wish);
    await scene.done(ensuring(other));
    await scene.stands(other, 'changed');
    await scene.done(ensuring(wish));
    await scene.stands(wish, 'changed back');
  });

  on('a target without portals, LUNs, accounts and clients is one, too', async (scene) => {
    const wish = await fullWish(scene);
    await scene.done(ensuring(wish));
    const empty: Wish = { target: scene.target, config: { portals: wish.config.portals.slice(0, 1), chap: null, luns: [], clients: [] } };
    await scene.done(ensuring(empty));
    await scene.stands(empty, 'emptied');
  });

  on('however a change is cut off, a portal is there, what stays was never away, and the next call finishes it [R-13, I-3, I-7]', async (scene) => {
    const wish = await fullWish(scene, { clients: 1 });
    const other = await otherWish(scene, wish);
    const staying = wish.config.luns[0]?.volume.serial;
    const cuts = await cutChanges(scene, wish, other, (seen) => {
      check(seen !== undefined, 'the target is there');
      if (scene.backend.capabilities.portals === 'given') {
        check(wish.config.portals.some(({ port, ip }) => seen.portals.some((portal) => portal.ip === ip && portal.port === port)), 'the portal that stays is there');
      }
      check(seen.luns.some(({ serial, online }) => (serial ?? staying) === staying && online), 'the LUN that stays is there');
    });
    check(cuts > 0, 'there was something to cut');
  });

  on('however the making of a target is cut off, nobody gets in unproved, and the next call makes it whole [I-3, I-7, R-19]', async (scene) => {
    const wish = await fullWish(scene, { clients: 1 });
    const { chap } = wish.config;
    await cutMaking(scene, wish, async (seen) => {
      if (seen !== undefined && seen.clients.length > 0 && chap !== null) await provesEverybody(scene, seen, chap.user);
    });
  });

  on('while accounts are exchanged nobody gets in unproved, however it is cut off [S0-86, R-19]', async (scene) => {
    if (!scene.backend.capabilities.forwardChap) return;
    const wish = await fullWish(scene, { luns: 1, clients: 1 });
    for (const user of ['storage', 'other']) {
      const other: Wish = { target: wish.target, config: { ...wish.config, chap: scene.account(user, SECRETS[2]) } };
      await cutChanges(scene, wish, other, async (seen) => {
        if (seen !== undefined && seen.clients.length > 0) await provesEverybody(scene, seen);
      });
    }
  });

  on('a host that has forgotten everything is given its target again [X-3]', async (scene) => {
    if (scene.restart === undefined) return;
    const wish = await fullWish(scene);
    await scene.done(ensuring(wish));
    await scene.restart(scene.place);
    await scene.done(ensuring(wish));
    await scene.stands(wish, 'again');
  });

  on('another target is not touched by anything that is done to this one [I-4]', async (scene) => {
    const wish = await fullWish(scene);
    const other = await otherWish(scene, wish);
    for (const [name, target] of [['a neighbour', scene.neighbour], ['a stranger', scene.stranger]] as const) {
      const shared = target.number === wish.target.number;
      const theirs: Wish = { target, config: { ...(await fullWish(scene, { target })).config, ...(shared ? { portals: wish.config.portals, chap: wish.config.chap } : {}) } };
      const mutual = wish.config.clients[0]?.mutual ?? null;
      const beside: Wish = { target, config: { ...theirs.config, clients: theirs.config.clients.map((one) => ({ ...one, mutual })) } };
      await scene.done(ensuring(wish));
      await scene.done(ensuring(beside));
      const before = await scene.stands(beside, name);
      const mine = shared ? { ...other, config: { ...other.config, portals: wish.config.portals, chap: wish.config.chap } } : other;
      await scene.done(ensuring(mine));
      same(await scene.seen(target), before, `${name}, while this one changes`);
      await scene.done({ do: 'ensureTargetGone', target: wish.target, force: true });
      same(await scene.seen(target), before, `${name}, when this one is gone`);
      await scene.done({ do: 'ensureTargetGone', target, force: true });
    }
  });
};
