/** Asks every host what stands on it, and holds that against the log. Hosts that were declared off are not asked: nobody expects anything of them. */
import { type AccessPathState, type CallContext, type HostFields, type HostId, permanent, type PortError, type SeenInstance, type SeenTarget, type TargetBackend, type VipBackend, type VipGroupState, wantedTargets } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import type { Ask } from '../backends/bounded.ts';
import { BACKEND_ABSENT } from '../backends/questions.ts';
import type { Engine } from '../parts.ts';
import type { DriftReport, Unseen } from './driftViews.ts';
import { targetDrifts } from './targetDrift.ts';
import { vipDrifts, type ShownInstances } from './vipDrift.ts';

export interface GatewayAuditParts {
  readonly engine: Pick<Engine, 'targets' | 'vips'>;
  readonly states: States;
  readonly resources: Pick<ResourceQueries, 'indexes'>;
  readonly ask: Ask;
}

/** What a host showed, or why nobody knows. */
type Shown<A> = E.Either<PortError, readonly A[]>;

const absent = (name: string): PortError => permanent(BACKEND_ABSENT, `this process has no backend named "${name}"`);

const hostsOf = ({ states, resources }: GatewayAuditParts): readonly HostFields[] =>
  [...resources.indexes.host.ids()].flatMap((id) => {
    const state = states.hostState(id);
    return state?.lifecycle === 'active' && state.host !== null && state.host.off === null ? [state.host] : [];
  });

const askHost = <B, A>({ ask }: GatewayAuditParts, name: string, backend: B | undefined, question: (backend: B, context: CallContext) => TaskEither<PortError, readonly A[]>): Promise<Shown<A>> =>
  backend === undefined ? Promise.resolve(E.left(absent(name))) : ask(name, (context) => question(backend, context));

const everyPath = ({ states, resources }: GatewayAuditParts): readonly AccessPathState[] => [...resources.indexes.accessPath.ids()].flatMap((id) => states.accessPathState(id) ?? []);
const everyGroup = ({ states, resources }: GatewayAuditParts): readonly VipGroupState[] => [...resources.indexes.vipGroup.ids()].flatMap((id) => states.vipGroupState(id) ?? []);

/** Where targets cannot be listed, those that the log wants on a host are looked at one by one: others stay unknown (S1-42). */
const knownTargets = async (parts: GatewayAuditParts, { hostId }: HostFields, name: string, backend: TargetBackend): Promise<Shown<SeenTarget>> => {
  const seen: SeenTarget[] = [];
  for (const { path } of everyPath(parts)) {
    const host = path?.hosts.find((one) => one.hostId === hostId);
    for (const { ref } of path === null || host === undefined ? [] : wantedTargets(path, host)) {
      const target = await parts.ask(name, (context) => backend.see(ref, context));
      if (E.isLeft(target)) return target;
      if (target.right !== undefined) seen.push(target.right);
    }
  }
  return E.right(seen);
};

const targetsOn = (parts: GatewayAuditParts, host: HostFields): Promise<Shown<SeenTarget>> | undefined => {
  const { targets: name } = host;
  if (name === null) return undefined;
  const backend = parts.engine.targets.get(name);
  if (backend?.capabilities.list === false) return knownTargets(parts, host, name, backend);
  return askHost(parts, name, backend, (asked, context) => asked.list({ backend: name, host: host.name }, context));
};

const instancesOn = (parts: GatewayAuditParts, { name: host, vips: name }: HostFields): Promise<Shown<SeenInstance>> | undefined =>
  name === null ? undefined : askHost(parts, name, parts.engine.vips.get(name), (backend: VipBackend, context) => backend.list({ backend: name, host }, context));

const unseenHost = (hostId: HostId, error: PortError): Unseen => ({ poolId: null, hostId, error });

/** What of a group says how it should be: who holds an address may change at any time. */
const shapeOf = ({ lifecycle, version, operations, dues, instances }: VipGroupState): readonly unknown[] => [lifecycle, version, operations, dues, instances];

/** What has changed since: what hosts showed is older than it. */
const movedSince = (parts: GatewayAuditParts, { paths, groups }: { readonly paths: readonly AccessPathState[]; readonly groups: readonly VipGroupState[] }): ReadonlySet<string> => {
  const [known, shapes] = [new Set(paths), new Map(groups.map((state) => [state.group?.vipGroupId, shapeOf(state)]))];
  const isSame = (state: VipGroupState): boolean => shapes.get(state.group?.vipGroupId)?.every((one, at) => one === shapeOf(state)[at]) === true;
  return new Set([
    ...everyPath(parts).flatMap((state) => (known.has(state) || state.path === null ? [] : [state.path.accessPathId])),
    ...everyGroup(parts).flatMap((state) => (isSame(state) || state.group === null ? [] : [state.group.vipGroupId])),
  ]);
};

/** Looks at all hosts at once, and compares what they showed with the log. What changed meanwhile is left out. */
export const auditGateways = async (parts: GatewayAuditParts): Promise<DriftReport> => {
  const before = { paths: everyPath(parts), groups: everyGroup(parts) };
  const looked = await Promise.all(hostsOf(parts).map(async (host) => ({ host, targets: await targetsOn(parts, host), instances: await instancesOn(parts, host) })));
  const paths = everyPath(parts);
  const moved = movedSince(parts, before);
  const unseen: Unseen[] = [];
  const shown: ShownInstances[] = [];
  const found = looked.flatMap(({ host, targets, instances }) => {
    const { hostId, name: hostName } = host;
    const error = [targets, instances].find((one) => one !== undefined && E.isLeft(one));
    if (error !== undefined && E.isLeft(error)) unseen.push(unseenHost(hostId, error.left));
    if (instances !== undefined) shown.push({ hostId, hostName, seen: E.isLeft(instances) ? undefined : instances.right });
    if (targets === undefined || E.isLeft(targets)) return [];
    return [targetDrifts({ hostId, hostName, seen: targets.right, paths, moved })];
  });
  const all = [...found, vipDrifts(everyGroup(parts), shown, moved)];
  return { drifts: all.flatMap(({ drifts }) => drifts), unseen, busy: [...new Set(all.flatMap(({ busy }) => busy))] };
};
