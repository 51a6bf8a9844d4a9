/** A model of gateway hosts: the targets and instances that calls left on them, who may hold addresses, and who was heard on the wire. */
import type { CallResult, HeardAdvert, Perform, SeenVip, TargetConfig, TargetPerform, TargetRef, VipGroupFields, VipInstance, VipPerform } from '@blockledger/domain';

/** A target that stands on a host. */
export interface StandingTarget {
  readonly host: string;
  readonly ref: TargetRef;
  readonly config: TargetConfig;
  /** Opened before the host was fenced: the storage locks it out. Making it what it is already opens nothing anew. */
  readonly isStale: boolean;
}

/** An instance that runs on a host. */
export interface RunningInstance {
  readonly host: string;
  readonly instance: VipInstance;
  readonly yielding: boolean;
}

export interface PathHosts {
  readonly targets: ReadonlyMap<string, StandingTarget>;
  readonly instances: ReadonlyMap<string, RunningInstance>;
  /** What a call does; it can be asked of a world as `paths.act`. */
  readonly act: (work: Perform) => CallResult | undefined;
  /** Hosts that may hold addresses, by the token that they were admitted with. */
  readonly admitted: ReadonlyMap<string, string>;
  /** What it has open is locked out by the storage, and it says that it must be admitted. */
  readonly fence: (host: string) => void;
  /** What instances of a group are seen doing. */
  readonly seen: (group: VipGroupFields) => readonly SeenVip[];
  /** Hosts that were admitted too early, or made unfit for an address by what was taken away. */
  readonly faults: readonly string[];
  /** Somebody else speaks on the wire, or falls silent. */
  readonly stranger: (adverts: readonly HeardAdvert[]) => void;
}

/** `onCall` sees every call before it is done. `isBehind`: an instance may check what went long ago, since its host was away, or its group is about to go. */
export const pathHosts = (onCall: (work: Perform) => void = () => undefined, isBehind: (running: RunningInstance) => boolean = () => false): PathHosts => {
  const targets = new Map<string, StandingTarget>();
  const instances = new Map<string, RunningInstance>();
  const admitted = new Map<string, string>();
  const used = new Set<string>();
  const faults: string[] = [];
  let strangers: readonly HeardAdvert[] = [];

  /** An instance checks what stands there and is about to go. */
  const isUnfit = (host: string, iqn: string, isLost: (luns: readonly number[]) => boolean): boolean =>
    admitted.has(host) && [...instances.values()].some((one) => one.host === host && !one.yielding && !isBehind(one) && one.instance.checks.some((check) => check.iqn === iqn && isLost(check.luns)));
  const leads = (host: string, { config }: StandingTarget): boolean => [...instances.values()].some((one) => one.host === host && config.portals.some(({ ip }) => ip === one.instance.ip));

  /** Whoever comes in by an address of the host would find nothing behind it. */
  const lockedOut = (host: string, how: string): void => {
    if (!admitted.has(host)) return;
    for (const one of targets.values()) if (one.host === host && one.isStale && leads(host, one)) faults.push(`${host} ${how} with LUNs of ${one.ref.iqn} that the storage locks out`);
  };

  const onTarget = ({ action }: TargetPerform): CallResult => {
    const { host } = action.target.place;
    const key = `${host} ${action.target.iqn}`;
    const before = targets.get(key);
    const kept = new Set(action.do === 'ensureTarget' ? action.config.luns.map(({ lun }) => lun) : []);
    const goes = new Set((before?.config.luns ?? []).map(({ lun }) => lun).filter((lun) => !kept.has(lun)));
    const isLost = (luns: readonly number[]): boolean => (action.do === 'ensureTargetGone' && before !== undefined) || luns.some((lun) => goes.has(lun));
    const isForced = action.do === 'ensureTarget' ? action.fenced.length > 0 : action.do === 'ensureTargetGone' && action.force;
    if (action.do !== 'observeTarget' && !isForced && isUnfit(host, action.target.iqn, isLost)) faults.push(`${host} may hold no address, since ${action.do} took away what it checks`);
    if (action.do === 'ensureTarget') targets.set(key, { host, ref: action.target, config: action.config, isStale: before?.isStale ?? false });
    lockedOut(host, 'serves an address');
    if (action.do === 'ensureTargetGone') targets.delete(key);
    return { exists: action.do === 'ensureTarget' };
  };

  /** A token that was used admits nobody anew: the call may be one that is repeated, since nobody heard of its end, and the host was fenced since. */
  const admit = (host: string, token: string): void => {
    if (used.has(token)) return;
    used.add(token);
    admitted.set(host, token);
    lockedOut(host, 'was admitted');
  };

  const onVip = ({ action }: VipPerform): CallResult => {
    const { host } = action.place;
    if (action.do === 'admitHost') admit(host, action.token);
    if (action.do === 'ensureInstance') {
      instances.set(`${host} ${action.instance.source} ${action.instance.vipId}`, { host, instance: action.instance, yielding: action.yielding });
      lockedOut(host, 'may hold an address');
      return { exists: true, ...(admitted.has(host) ? {} : { notReady: 'admission' }) };
    }
    if (action.do === 'observeInstance') {
      const runs = [...instances.values()].some((one) => one.host === host && one.instance.vipId === action.instance.vipId && !one.yielding);
      return { exists: runs, holds: runs && admitted.has(host), ...(runs && !admitted.has(host) ? { notReady: 'admission' } : {}) };
    }
    if (action.do === 'ensureInstanceGone') for (const [key, running] of instances) if (running.host === host && running.instance.vipId === action.instance.vipId) instances.delete(key);
    if (action.do !== 'scanVrids') return { exists: true };
    return { heard: [...strangers, ...[...instances.values()].map(({ instance }): HeardAdvert => ({ source: instance.source, vrid: instance.vrid, priority: instance.priority }))] };
  };

  return {
    targets,
    instances,
    admitted,
    faults,
    fence: (host) => {
      admitted.delete(host);
      for (const [key, one] of targets) if (one.host === host) targets.set(key, { ...one, isStale: true });
    },
    seen: ({ vipGroupId, members }) =>
      [...instances.values()].flatMap(({ host, instance }): readonly SeenVip[] => {
        const member = members.find(({ ip }) => ip === instance.source);
        if (instance.vipGroupId !== vipGroupId || member === undefined) return [];
        const isAdmitted = admitted.has(host);
        return [{ vipId: instance.vipId, networkAddressId: member.networkAddressId, state: isAdmitted ? 'backup' : 'fault', holds: false, ...(isAdmitted ? {} : { notReady: 'admission' }) }];
      }),
    stranger: (adverts) => {
      strangers = adverts;
    },
    act: (work) => {
      onCall(work);
      if (work.on === 'block') return undefined;
      return work.on === 'target' ? onTarget(work) : onVip(work);
    },
  };
};
