/** Targets go, and so do sessions. */
import { check, client, ending, ensuring, failed, freshInitiator, idOf, same, SECRETS, type Login, type OnTargetScene, type TargetScene, type Wish } from './given.ts';
import { fullWish } from './making.ts';

/** A target with two clients of which each is logged in. */
const loggedIn = async (scene: TargetScene): Promise<{ readonly wish: Wish; readonly logins: readonly Login[] } | undefined> => {
  const { login, backend } = scene;
  if (login === undefined || !backend.capabilities.sessions) return undefined;
  const full = await fullWish(scene);
  const wish: Wish = { ...full, config: { ...full.config, clients: full.config.clients.map((one) => ({ ...one, mutual: null })) } };
  const result = await scene.done(ensuring(wish));
  const portal = result.portals?.[0] ?? wish.config.portals[0];
  check(portal !== undefined, 'a portal');
  const proof = wish.config.chap === null ? {} : { user: wish.config.chap.user, secret: SECRETS[0] };
  const logins: Login[] = [];
  for (const { code } of wish.config.clients) {
    const one = await login({ target: wish.target, portal, initiator: code, ...proof });
    check(one !== undefined, `${code} is let in`);
    logins.push(one);
  }
  return { wish, logins };
};

const initiatorsOf = async (scene: TargetScene): Promise<readonly string[]> => (await scene.seen(scene.target))?.sessions.map(({ initiator }) => initiator).toSorted() ?? [];

export const targetsGo = (on: OnTargetScene): void => {
  on('a target goes with all that belongs to it, and going again is no error [R-12, I-7]', async (scene) => {
    const wish = await fullWish(scene);
    await scene.done(ensuring(wish));
    for (const force of [false, false, true]) {
      same((await scene.done(ending(scene.target, force))).exists, false, 'the answer');
      same(await scene.seen(scene.target), undefined, 'gone');
    }
    await scene.done(ensuring(wish));
    await scene.stands(wish, 'and can be made again');
  });

  on('a target that never was is gone already', async (scene) => {
    same((await scene.done(ending(scene.target))).exists, false, 'the answer');
    same((await scene.done({ do: 'observeTarget', target: scene.target })).exists, false, 'observed');
  });

  on('sessions are seen, by who is in them [S0-92]', async (scene) => {
    const given = await loggedIn(scene);
    if (given === undefined) return;
    same(await initiatorsOf(scene), given.wish.config.clients.map(({ code }) => code).toSorted(), 'the sessions');
    same((await scene.done({ do: 'observeTarget', target: scene.target })).sessions, 2, 'counted');
    for (const login of given.logins) await login.logout();
  });

  on('a target with sessions goes only by force, and then they are ended [X-7]', async (scene) => {
    const given = await loggedIn(scene);
    if (given === undefined) return;
    const refused = failed(await scene.perform(ending(scene.target)), 'Retryable', 'without force');
    same([refused.code, refused.outcomeUnknown], ['Busy', false], 'the refusal');
    await scene.stands(given.wish, 'not touched');
    same((await scene.done(ending(scene.target, true))).exists, false, 'by force');
    same(await scene.seen(scene.target), undefined, 'gone');
    for (const login of given.logins) await login.logout();
  });

  on('a fenced client has no session left and gets none, and another one keeps his [I-21]', async (scene) => {
    const given = await loggedIn(scene);
    if (given === undefined) return;
    const { wish, logins } = given;
    const [out, staying] = wish.config.clients;
    check(out !== undefined && staying !== undefined, 'two clients');
    const fenced: Wish = { ...wish, config: { ...wish.config, clients: [staying] } };
    await scene.done(ensuring(fenced, { fenced: [out.code] }));
    same(await initiatorsOf(scene), [staying.code], 'who is in');
    await scene.stands(fenced, 'fenced');
    check((await logins[0]?.reads(0)) === false, 'the fenced one reads nothing');
    same(await logins[1]?.reads(0), true, 'the other one reads');
    same(await initiatorsOf(scene), [staying.code], 'who is in afterwards');
    for (const login of logins) await login.logout();
  });

  on('who is not let in any more has no session left, unless he is let in by his address, and another one keeps his [I-21, S0-93]', async (scene) => {
    const given = await loggedIn(scene);
    if (given === undefined) return;
    const { wish, logins } = given;
    const [out, staying] = wish.config.clients;
    check(out !== undefined && staying !== undefined, 'two clients');
    const address = (await scene.seen(scene.target))?.sessions.find(({ initiator }) => initiator === out.code)?.address;
    if (address !== undefined) {
      await scene.done(ensuring({ ...wish, config: { ...wish.config, clients: [{ ...out, code: address }, staying] } }));
      same(await logins[0]?.reads(0), true, 'let in by address');
    }
    const without: Wish = { ...wish, config: { ...wish.config, clients: [staying] } };
    await scene.done(ensuring(without));
    same(await initiatorsOf(scene), [staying.code], 'who is in');
    check((await logins[0]?.reads(0)) === false, 'who is out reads nothing');
    same(await logins[1]?.reads(0), true, 'the other one reads');
    for (const login of logins) await login.logout();
  });

  on('a volume that is unmapped is out of everybody’s reach when the call has succeeded, and the others are not [I-21, S0-96]', async (scene) => {
    const given = await loggedIn(scene);
    if (given === undefined || given.wish.config.luns.length < 2) return;
    const { wish, logins } = given;
    const [first, second] = wish.config.luns;
    check(first !== undefined && second !== undefined, 'two LUNs');
    same(await logins[0]?.reads(1), true, 'before');
    const unmapped: Wish = { ...wish, config: { ...wish.config, luns: [first], clients: wish.config.clients.map(({ code }) => client(code, [first])) } };
    await scene.done(ensuring(unmapped, { unmapped: [idOf(second)] }));
    await scene.stands(unmapped, 'unmapped');
    same([await logins[0]?.reads(1), await logins[0]?.reads(0)], [false, true], 'what can be read');
    for (const login of logins) await login.logout();
  });

  on('only who is on the list and proves himself gets in, also after the secret was changed [S0-86, S0-93]', async (scene) => {
    const { login, backend, target, account } = scene;
    if (login === undefined || !backend.capabilities.forwardChap) return;
    const full = await fullWish(scene, { luns: 1, clients: 1 });
    const code = full.config.clients[0]?.code ?? '';
    const withSecret = (text: string): Wish => ({ target, config: { ...full.config, chap: account('storage', text), clients: [client(code, full.config.luns)] } });
    const isLetIn = async (initiator: string, user?: string, secret?: string): Promise<boolean> => {
      const portal = (await scene.done({ do: 'observeTarget', target })).portals?.[0] ?? full.config.portals[0];
      check(portal !== undefined, 'a portal');
      const one = await login({ target, portal, initiator, ...(user === undefined ? {} : { user }), ...(secret === undefined ? {} : { secret }) });
      await one?.logout();
      return one !== undefined;
    };
    await scene.done(ensuring(withSecret(SECRETS[0])));
    same([await isLetIn(code, 'storage', SECRETS[0]), await isLetIn(code, 'storage', SECRETS[2]), await isLetIn(code), await isLetIn(freshInitiator(), 'storage', SECRETS[0])], [true, false, false, false], 'at first');
    await scene.done(ensuring(withSecret(SECRETS[2])));
    same([await isLetIn(code, 'storage', SECRETS[0]), await isLetIn(code, 'storage', SECRETS[2])], [false, true], 'with the new secret');
    const open: Wish = { target, config: { ...full.config, chap: null, clients: [client(code, full.config.luns)] } };
    if (!backend.capabilities.clearsChap) {
      same(failed(await scene.perform(ensuring(open)), 'Retryable', 'without an account').code, 'Busy', 'the code');
      same([await isLetIn(code, 'storage', SECRETS[2]), await isLetIn(code)], [true, false], 'as it was');
      await scene.done(ensuring({ ...open, config: { ...open.config, clients: [] } }));
    }
    await scene.done(ensuring(open));
    same(await isLetIn(code), true, 'without an account');
  });
};
