/** What an access path owes: reservations, releases, and every target of every host that is not as the latest version wants it. */
import { releaseNameOf, reserveNameOf, reserveNumberOf, type Named } from '../kernel/naming.ts';
import { onceFor } from '../kernel/onceFor.ts';
import { performOnTarget, tell, tellTogether, unstuck, type WorkStep } from '../kernel/owing.ts';
import type { OperationId } from '../kernel/ids.ts';
import type { Work } from '../kernel/work.ts';
import type { DomainCommand } from '../messages.ts';
import { END_STEP, overdue } from './ends.ts';
import { lunsByOperation, reachableHosts, type AccessPathFields, type AccessPathState, type LunRelease, type MappedLun, type PathDue, type PathVips, type TargetHost } from './state.ts';
import { targetRefOf, wantedKeys, wantedTargets } from './targets.ts';
import { hasConfirmed, wantedSince } from './wanted.ts';

type PathWork = Work<DomainCommand>;

const namedOf = ({ accessPathId, tenant }: AccessPathFields): Named => ({ of: 'accessPath', holder: accessPathId, tenant });

const useHost = ({ accessPathId }: AccessPathFields, { hostId }: TargetHost): DomainCommand => ({ to: 'host', command: { type: 'UseHost', hostId, accessPathId } });

const reserveLun = ({ accessPathId, scope }: AccessPathFields, { volumeId, mappingId, shared, holders }: MappedLun): DomainCommand => ({
  to: 'volume',
  command: { type: 'ReserveMapping', volumeId, mappingId, shared, accessPathId, onePath: scope === 'volume', connectionId: holders[0]?.connectionId ?? null },
});

/** Attachments hear that it is over when the volume is not mapped any more. */
const release = ({ mappingId, volumeId, ends, refusal }: LunRelease): readonly DomainCommand[] => [
  ...(mappingId === null ? [] : [{ to: 'volume', command: { type: 'ReleaseMapping', volumeId, mappingId } } as const]),
  ...ends.map(({ connectionId, attachmentId }) => ({ to: 'volume', command: { type: 'EndConnection', volumeId, attachmentId, connectionId, refusal } }) as const),
];

const give = (path: AccessPathFields, gives: Exclude<PathDue['gives'], { readonly target: unknown }>): readonly DomainCommand[] => {
  const { accessPathId } = path;
  if ('name' in gives) return [releaseNameOf(namedOf(path), gives.name)];
  if ('hostId' in gives) return [{ to: 'host', command: { type: 'ReleaseHost', hostId: gives.hostId, accessPathId } }];
  if ('clientGroupId' in gives) return [{ to: 'clientGroup', command: { type: 'ReleaseClientGroup', clientGroupId: gives.clientGroupId, mappingGroupId: gives.mappingGroupId } }];
  return release(gives);
};

const dueWork = ({ troubles }: AccessPathState, path: AccessPathFields, { operationId, due, gives }: PathDue): PathWork =>
  'target' in gives ? performOnTarget(troubles, { operationId, step: due }, { do: 'ensureTargetGone', target: gives.target, force: true }) : tell(troubles, { operationId, step: due }, give(path, gives));

/** What is still to be given back is not asked for again: the two might change places on their way. */
const isDue = ({ dues }: AccessPathState, due: string): boolean => dues.some((one) => one.due === due);
const isGivenBack = ({ dues }: AccessPathState, { volumeId }: MappedLun): boolean => dues.some(({ gives }) => 'volumeId' in gives && gives.volumeId === volumeId);

const groupWork = (state: AccessPathState, path: AccessPathFields): readonly PathWork[] =>
  path.groups.flatMap((group): readonly PathWork[] => {
    const { mappingGroupId, operationId, clientGroupId, initiators } = group;
    const together = (of: OperationId, step: string, commands: readonly DomainCommand[]): PathWork => tellTogether(state.troubles, { operationId: of, step }, commands);
    if (group.stage === 'joining') {
      const use: DomainCommand = { to: 'clientGroup', command: { type: 'UseClientGroup', clientGroupId, mappingGroupId, accessPathId: path.accessPathId, accessType: path.accessType, initiators } };
      return isDue(state, `release clients ${mappingGroupId}`) || group.luns.some((lun) => isGivenBack(state, lun)) ? [] : [together(operationId, `reserve group ${mappingGroupId}`, [use, ...group.luns.map((lun) => reserveLun(path, lun)), reserveNumberOf('mappingGroup', mappingGroupId)])];
    }
    return lunsByOperation(group, 'reserving')
      .filter(([, luns]) => !luns.some((lun) => isGivenBack(state, lun)))
      .map(([of, luns]) => together(of, `reserve volumes ${mappingGroupId}`, luns.map((lun) => reserveLun(path, lun))));
  });

/** A target goes when another one is what it should be: else nobody might come in by any portal. One that was off served nobody, and may have what was released. */
const isLastStanding = (state: AccessPathState, path: AccessPathFields, { stage, force, wasOff }: TargetHost): boolean => {
  const others = path.hosts.filter((other) => other.stage !== 'leaving');
  return stage === 'leaving' && !force && !wasOff && others.length > 0 && !others.some((other) => other.stage === 'serving' && hasConfirmed(state, other));
};

/** Whoever is cut off by force is cut off now. */
const isFencing = ({ groups }: AccessPathFields): boolean =>
  groups.some(({ stage, force, luns }) => (stage === 'leaving' && force) || luns.some((lun) => lun.stage === 'leaving' && lun.force));

/**
 * What hosts must serve to hold a virtual IP is not taken from them before they know that they need not: no host would be fit for it meanwhile.
 * One that was off may still have what was released since: that goes at once (I-20, I-21).
 */
const isHeldBack = (path: AccessPathFields, { force, wasOff }: TargetHost): boolean =>
  !force && !wasOff && path.vips.some(({ stage, servingKnown, lowered }) => stage !== 'leaving' && servingKnown < lowered) && !isFencing(path);

const hostWork = (state: AccessPathState, path: AccessPathFields, host: TargetHost): readonly PathWork[] => {
  const { troubles, latest } = state;
  if (host.stage === 'joining' || latest === null) return host.stage === 'joining' && !isDue(state, `release host ${host.hostId}`) ? [tell(troubles, { operationId: host.operationId, step: `use host ${host.hostId}` }, [useHost(path, host)])] : [];
  if (host.stage === 'used' || isHeldBack(path, host) || isLastStanding(state, path, host)) return [];
  const wanted = wantedTargets(path, host);
  const names = wantedKeys(path, host);
  /** The work of a target is the same until that target is to be otherwise, whatever becomes of others. */
  const stepOf = (word: string, key: string): WorkStep => {
    const { version, operationId } = wantedSince(state, key) ?? { version: state.version, operationId: latest };
    return { operationId, step: `${word} ${host.name} ${key} ${version}` };
  };
  const ensuring = wanted
    .filter(({ key }) => !host.stale.includes(key) && (host.standing[key] ?? -1) < (wantedSince(state, key)?.version ?? state.version))
    .map(({ key, ref, config, fenced, unmapped }) => performOnTarget(troubles, stepOf('converge', key), { do: 'ensureTarget', target: ref, config, fenced, unmapped }));
  const removing = Object.keys(host.standing)
    .filter((key) => host.stale.includes(key) || !names.has(key))
    .map((key) => performOnTarget(troubles, stepOf('remove', key), { do: 'ensureTargetGone', target: targetRefOf(path, host, key), force: host.force || host.stale.includes(key) || isForced(path, key) }));
  return [...ensuring, ...removing];
};

/** A target that stood for a mapping group, or for a volume, goes by force if that did. */
const isForced = ({ groups }: AccessPathFields, key: string): boolean =>
  groups.some(({ mappingGroupId, force, luns }) => (key === mappingGroupId && force) || luns.some((lun) => lun.volumeId === key && lun.stage === 'leaving' && lun.force));

/** Whether the path counts among those with virtual IPs follows whether it has any: its first group is counted by that group, within the limit (S0-69). */
const countWork = (state: AccessPathState, path: AccessPathFields): readonly PathWork[] => {
  const has = path.vips.length > 0;
  if (has === path.countsAsVipPath) return [];
  const about = { key: { kind: 'vipPaths' }, holder: path.accessPathId } as const;
  const command = has ? ({ type: 'Reserve', ...about, amount: 1, bounded: false } as const) : ({ type: 'Release', ...about } as const);
  // Each way has a name of its own: the answer to what was under way before is not taken for the answer to the other.
  return [tell<DomainCommand>(state.troubles, { operationId: state.latest ?? (path.accessPathId as string as OperationId), step: has ? 'count' : 'uncount' }, [{ to: 'reservation', command }])];
};

/** A VIP group is told what its hosts are sure to serve, which they check before they hold an address, and which of them are off: it does not wait for these (I-20). */
const servingWork = (state: AccessPathState, path: AccessPathFields): readonly PathWork[] =>
  path.vips
    .filter(({ servingTold, serves }) => servingTold < serves)
    .map(({ vipGroupId, serves, serving, off }) =>
      tell<DomainCommand>(state.troubles, { operationId: state.latest ?? (path.accessPathId as string as OperationId), step: `tell serving ${vipGroupId} ${serves}` }, [
        { to: 'vipGroup', command: { type: 'ShowServing', vipGroupId, serves, serving, off } },
      ]),
    );

/** A host that waits to be admitted is told when all its targets here were opened anew (I-21). */
const openingWork = (state: AccessPathState, path: AccessPathFields): readonly PathWork[] =>
  path.hosts
    .filter((host) => host.stage === 'serving' && host.openingTold < host.opening && hasConfirmed(state, host, { version: host.openedAt }))
    .map(({ hostId, opening }) =>
      tell<DomainCommand>(state.troubles, { operationId: state.latest ?? (path.accessPathId as string as OperationId), step: `tell opening ${hostId} ${opening}` }, [
        { to: 'host', command: { type: 'TargetsReopened', hostId, accessPathId: path.accessPathId, opening } },
      ]),
    );

/** Of hosts that can be reached there is one, and each has it; where all were declared off, what leaves has left. */
const stands = (state: AccessPathState, path: AccessPathFields, { version, stage }: PathVips): boolean => {
  const there = reachableHosts(path);
  return there.length > 0 ? there.every((host) => hasConfirmed(state, host, { version })) : stage === 'leaving' && path.hosts.every(({ off }) => off);
};

/** A VIP group is told that its portals stand when every host that can be reached has them. */
const vipWork = (state: AccessPathState, path: AccessPathFields): readonly PathWork[] =>
  path.vips
    .filter((vips) => vips.told < vips.shape && stands(state, path, vips))
    .map(({ vipGroupId, shape }) =>
      tell<DomainCommand>(state.troubles, { operationId: state.latest ?? (path.accessPathId as string as OperationId), step: `tell vips ${vipGroupId} ${shape}` }, [
        { to: 'vipGroup', command: { type: 'PortalsStand', vipGroupId, shape } },
      ]),
    );

/** An attachment is told that it is connected when the LUN stands on every host that can be reached: the operation that mapped it has ended. */
const connectionWork = (state: AccessPathState, path: AccessPathFields): readonly PathWork[] => {
  const underWay = new Set(state.operations.map(({ operationId }) => operationId));
  return path.groups
    .filter(({ initiators, stage }) => initiators !== null && stage === 'active')
    .flatMap(({ mappingGroupId, luns }) =>
      luns
        .filter(({ stage, operationId }) => stage === 'mapped' && !underWay.has(operationId))
        .flatMap(({ volumeId, lun, operationId, holders }) =>
          holders
            .filter(({ told }) => !told)
            .map(({ connectionId, attachmentId }) =>
              tell<DomainCommand>(state.troubles, { operationId, step: `tell connection ${connectionId}` }, [{ to: 'volume', command: { type: 'ConfirmConnection', volumeId, attachmentId, connectionId, mappingGroupId, lun } }]),
            ),
        ),
    );
};

const owedBy = (state: AccessPathState): readonly Work<DomainCommand>[] => {
  const { path, troubles, rename } = state;
  if (path === null) return [];
  const dues = state.dues.map((due) => dueWork(state, path, due));
  const creating = state.operations.find(({ kind }) => kind === 'create');
  if (state.lifecycle === 'creating' && path.number === null && creating !== undefined) {
    const commands = [reserveNameOf(namedOf(path), path.name), ...path.hosts.map((host) => useHost(path, host)), reserveNumberOf('accessPath', path.accessPathId)];
    return [...dues, tellTogether(troubles, { operationId: creating.operationId, step: 'reserve' }, commands)];
  }
  if (state.lifecycle === 'refused' || state.lifecycle === 'deleted') return dues;
  // What an earlier rename still gives back may be just what this one reserves again.
  const renaming = rename === null || state.dues.some(({ gives }) => 'name' in gives) ? [] : [tell(troubles, { operationId: rename.operationId, step: 'reserve name' }, [reserveNameOf(namedOf(path), rename.name)])];
  return unstuck(troubles, [...dues, ...renaming, ...groupWork(state, path), ...path.hosts.flatMap((host) => hostWork(state, path, host)), ...countWork(state, path), ...vipWork(state, path), ...servingWork(state, path), ...openingWork(state, path), ...connectionWork(state, path), ...overdue(state).map(({ operationId }) => tell<DomainCommand>(troubles, { operationId, step: END_STEP }, []))]);
};

/**
 * What an access path owes. Work that failed for good is left out until somebody retries, or until a later version makes it different. It is worked out once for each state.
 *
 * @example
 * import { noAccessPath, owedByAccessPath } from '@blockledger/domain';
 * owedByAccessPath(noAccessPath); // => []
 */
export const owedByAccessPath: (state: AccessPathState) => readonly Work<DomainCommand>[] = onceFor(owedBy);
