/** Joins words, answers and actions to a `VipBackend`. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import { type CallContext, type HostPlace, permanent, type VipAction, type VipBackend, type VipId, type VipResult } from '@blockledger/domain';
import { endInstance } from './commands.ts';
import { diagnose } from './diagnose.ts';
import { ensureInstance, ensureInstanceGone } from './ensure.ts';
import { layoutOf } from './layout.ts';
import { admitHost, list, observeInstance, scanVrids } from './looking.ts';
import { settle, type KeepalivedOptions } from './options.ts';
import { planned } from './plan.ts';
import { say, type Eventually, type Session } from './session.ts';

/** What this backend started, or took over, by host. */
type Minded = Map<string, Map<VipId, VipAction & { readonly do: 'ensureInstance' }>>;

const perform = (session: Session, action: VipAction): Eventually<VipResult> =>
  match(action)
    .with({ do: 'ensureInstance' }, (wanted) => ensureInstance(session, wanted))
    .with({ do: 'ensureInstanceGone' }, (wanted) => ensureInstanceGone(session, wanted))
    .with({ do: 'observeInstance' }, (wanted) => observeInstance(session, wanted))
    .with({ do: 'scanVrids' }, (wanted) => scanVrids(session, wanted))
    .with({ do: 'admitHost' }, (wanted) => admitHost(session, wanted))
    .exhaustive();

/** Notes what is started, for the end. */
const mind = (minded: Minded, action: VipAction): void => {
  if (action.do === 'ensureInstance') {
    const there = minded.get(action.place.host) ?? new Map<VipId, typeof action>();
    minded.set(action.place.host, there.set(action.instance.vipId, action));
  }
  if (action.do === 'ensureInstanceGone') minded.get(action.place.host)?.delete(action.instance.vipId);
};

/** Ends, on all hosts at once, what was minded. A host that does not answer keeps what it has. */
async function endAll(sessionOn: (host: string) => Session | undefined, minded: Minded): Promise<void> {
  const ends = [...minded].map(async ([host, actions]) => {
    const session = sessionOn(host);
    if (session === undefined) return;
    for (const { instance } of actions.values()) await say(session, endInstance(layoutOf(session.settings, host, instance.vipId), false, [instance]));
  });
  await Promise.all(ends);
  minded.clear();
}

const never = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };

/**
 * Keeps virtual IPs with keepalived on gateway hosts: one daemon, one folder and one unit for each address on each host (S0-75).
 *
 * Needs keepalived, `ip`, `ss` and `timeout` on the hosts, `tcpdump` for `scanVrids`, and root there. A host holds nothing before `admitHost`.
 * Throws for a host's name that comes twice and for paths that cannot be used.
 *
 * @example
 * import { keepalivedVips, localHost } from '@blockledger/adapters-xdc';
 * const vips = keepalivedVips({ hosts: [localHost({ name: 'gw1', prefix: ['ip', 'netns', 'exec', 'gw1'] })], supervise: 'child' });
 * vips.hosts(); // => ['gw1']
 */
export function keepalivedVips(options: KeepalivedOptions): VipBackend {
  const settings = settle(options);
  const hosts = new Map(options.hosts.map((host) => [host.name, host]));
  if (hosts.size !== options.hosts.length) throw new TypeError('two hosts have the same name');
  const minded: Minded = new Map();
  const on =
    <A>({ host: name }: HostPlace, context: CallContext, work: (session: Session) => Eventually<A>) =>
    (): Eventually<A> => {
      const host = hosts.get(name);
      return host === undefined ? Promise.resolve(E.left(permanent('UnknownHost', `there is no host ${name}`))) : work({ settings, host, context });
    };
  const endingOn = (name: string): Session | undefined => {
    const host = hosts.get(name);
    return host && { settings, host, context: { signal: never, installationId: '' } };
  };
  return {
    kind: 'keepalived',
    lateEffectsMs: Math.max(0, ...options.hosts.map(({ lateEffectsMs }) => lateEffectsMs)),
    hosts: () => [...hosts.keys()],
    perform: (action, context) =>
      on(action.place, context, (session) => {
        mind(minded, action);
        return perform(session, action);
      }),
    list: (place, context) => on(place, context, list),
    plan: (action) => planned(settings, action),
    diagnose: (_, context) => () => diagnose(options.hosts.map((host) => ({ settings, host, context }))),
    close: () => (settings.supervise === 'child' && settings.onClose === 'end' ? endAll(endingOn, minded) : Promise.resolve()),
  };
}
