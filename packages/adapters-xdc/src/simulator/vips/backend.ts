/** The port over a simulated segment. */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { match } from 'ts-pattern';
import { type CallContext, type Clock, type HeardAdvert, type HostPlace, type NotReady, permanent, type PortError, type VipAction, type VipActionOf, type VipBackend, type VipId, type VipInstance, type VipResult } from '@blockledger/domain';
import { unreachable } from '../../hosts/host.ts';
import { instanceTrouble } from '../../keepalived/config.ts';
import { mismatch } from '../../keepalived/errors.ts';
import { settle } from '../../keepalived/options.ts';
import { planned } from '../../keepalived/plan.ts';
import { advance, giveUp, script, takePart, type SimHost, type SimInstance, type Wire } from './wire.ts';

type Answer<A> = E.Either<PortError, A>;

/** What a call works with. */
interface Session {
  readonly wire: Wire;
  readonly host: SimHost;
  readonly context: CallContext;
  readonly clock: Clock;
}

const cancelled: PortError = { _tag: 'Cancelled', code: 'Cancelled', message: 'stopped because we asked' };

const notReadyOf = ({ notReady }: SimInstance): { readonly notReady?: NotReady } => (notReady === undefined ? {} : { notReady });

const resultOf = (one: SimInstance | undefined): VipResult => {
  if (one === undefined) return { exists: false, state: 'stopped', holds: false };
  if (!one.running) return { exists: true, state: 'stopped', holds: one.holds };
  return { exists: true, state: one.state, holds: one.holds, ...notReadyOf(one) };
};

const foreign = ({ context, host }: Session, one: SimInstance | undefined): PortError | undefined =>
  one === undefined || one.installationId === context.installationId
    ? undefined
    : mismatch('NotOurs', `the instance ${one.instance.vipId} on host ${host.name} was made by another installation`);

const noDevice = ({ name }: SimHost, device: string): PortError => permanent('InterfaceMissing', `host ${name} has no network device ${device}`);

/** Not ready is the default, and admission is asked for only where the host lacks it: on one that is admitted, the script has not spoken yet. */
const begun = ({ admission, instances }: SimHost, installationId: string, instance: VipInstance): SimInstance => ({
  installationId,
  instance,
  yielding: false,
  running: true,
  state: 'fault',
  holds: false,
  ready: false,
  otherwiseSince: undefined,
  notReady: admission === undefined || [...instances.values()].some(({ fenced }) => fenced === admission) ? 'admission' : undefined,
  good: undefined,
  fenced: undefined,
  masterDownAt: 0,
  advertAt: 0,
});

/** A daemon that was killed begins anew, but what the host noted of the instance stands. */
const restarted = (host: SimHost, { good, fenced, installationId }: SimInstance, instance: VipInstance): SimInstance => ({ ...begun(host, installationId, instance), good, fenced });

function ensureInstance(session: Session, { instance, yielding }: VipActionOf<'ensureInstance'>): Answer<VipResult> {
  const { wire, host, context } = session;
  const known = host.instances.get(instance.vipId);
  const trouble = instanceTrouble(instance) ?? foreign(session, known) ?? (instance.interface === host.interface ? undefined : noDevice(host, instance.interface));
  if (trouble !== undefined) return E.left(trouble);
  const one = known === undefined ? begun(host, context.installationId, instance) : known.running ? known : restarted(host, known, instance);
  host.instances.set(instance.vipId, one);
  const moved = one.instance.vrid !== instance.vrid || one.instance.ip !== instance.ip;
  if (moved && one.ready) {
    giveUp(wire, host, one);
    takePart(wire, one);
  }
  one.instance = instance;
  one.yielding = yielding;
  // Its script has run before this is answered, as on a real host.
  if (one !== known) one.notReady = script(wire, host, one);
  if (yielding) {
    giveUp(wire, host, one);
    one.ready = false;
    one.notReady = host.admission === undefined ? 'admission' : 'yielding';
  }
  return E.right(resultOf(one));
}

function ensureInstanceGone(session: Session, vipId: VipId): Answer<VipResult> {
  const { wire, host } = session;
  const one = host.instances.get(vipId);
  const theirs = foreign(session, one);
  if (theirs !== undefined) return E.left(theirs);
  if (one?.running === true) giveUp(wire, host, one);
  host.instances.delete(vipId);
  return E.right(resultOf(undefined));
}

/** Each source and router id once, with the highest priority. */
const together = (adverts: readonly HeardAdvert[]): readonly HeardAdvert[] => {
  const heard = new Map<string, HeardAdvert>();
  for (const { source, vrid, priority } of adverts) {
    const known = heard.get(`${source} ${vrid}`);
    heard.set(`${source} ${vrid}`, { source, vrid, priority: Math.max(priority, known?.priority ?? 0) });
  }
  return [...heard.values()].toSorted((a, b) => a.vrid - b.vrid || a.source.localeCompare(b.source));
};

async function scanVrids({ wire, host, context, clock }: Session, { interface: device, listenMs }: VipActionOf<'scanVrids'>): Promise<Answer<VipResult>> {
  if (device !== host.interface) return E.left(noDevice(host, device));
  const from = clock.nowMs();
  await clock.sleep(listenMs, context.signal);
  if (context.signal.aborted) return E.left(cancelled);
  advance(wire, clock.nowMs());
  if (!host.link) return E.right({ heard: [] });
  return E.right({ heard: together([...wire.heard.filter(({ at }) => at >= from), ...wire.strangers]) });
}

const perform = (session: Session, action: VipAction): Promise<Answer<VipResult>> | Answer<VipResult> =>
  match(action)
    .with({ do: 'ensureInstance' }, (wanted) => ensureInstance(session, wanted))
    .with({ do: 'ensureInstanceGone' }, ({ instance }) => ensureInstanceGone(session, instance.vipId))
    .with({ do: 'observeInstance' }, ({ instance }) => E.right(resultOf(session.host.instances.get(instance.vipId))))
    .with({ do: 'scanVrids' }, (wanted) => scanVrids(session, wanted))
    .with({ do: 'admitHost' }, ({ token }) => {
      session.host.admission = token;
      return E.right({});
    })
    .exhaustive();

const seen = (one: SimInstance) => {
  const { vipId, ip, vrid, priority } = one.instance;
  return { vipId, ip, vrid, priority, state: one.running ? one.state : ('stopped' as const), holds: one.holds, ...(one.running ? notReadyOf(one) : {}) };
};

/** What only looks leaves everything as it is. */
const changes = ({ do: verb }: VipAction): boolean => verb !== 'observeInstance' && verb !== 'scanVrids';

/** The port over a wire; `changed` is told of everything that was asked of it. */
export const backendOn = (wire: Wire, clock: Clock, changed: () => void): VipBackend => {
  const settings = settle({ hosts: [], supervise: 'systemd' });
  const on =
    <A>(place: HostPlace, context: CallContext, work: (session: Session) => Promise<Answer<A>> | Answer<A>): TaskEither<PortError, A> =>
    async () => {
      const host = wire.hosts.find(({ name }) => name === place.host);
      if (host === undefined) return E.left(permanent('UnknownHost', `there is no host ${place.host}`));
      if (context.signal.aborted) return E.left(cancelled);
      if (!host.reachable) return E.left(unreachable(host.name, 'it is simulated to be off the network', false));
      advance(wire, clock.nowMs());
      return work({ wire, host, context, clock });
    };
  return {
    kind: 'keepalived',
    hosts: () => wire.hosts.map(({ name }) => name),
    perform: (action, context) =>
      on(action.place, context, async (session) => {
        const answer = await perform(session, action);
        if (changes(action)) changed();
        return answer;
      }),
    list: (place, context) => on(place, context, ({ host }) => E.right([...host.instances.values()].filter(({ installationId }) => installationId === context.installationId).map(seen))),
    plan: (action) => planned(settings, action),
    close: () => Promise.resolve(),
  };
};
