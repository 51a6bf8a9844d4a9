/** Rounds over virtual IPs: every host is asked what its instances do, and each group is told what was seen (I-23). Nothing is mended here. */
import { type CommandId, type CommandMeta, type HeardAdvert, type HostPlace, type Member, permanent, type PortError, SCAN_MS, type SeenInstance, type SeenVip, type TimestampMs, type VipGroupFields, type VipGroupState, type VipResult } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import type { Ask } from '../backends/bounded.ts';
import type { CommandHandler } from '../commands/commandHandler.ts';
import type { Leases } from '../leases/leases.ts';
import type { Engine } from '../parts.ts';
import type { SeenVips } from './seenVips.ts';

export interface VipLookParts {
  readonly engine: Pick<Engine, 'vips' | 'clock' | 'ids' | 'logger'>;
  readonly states: States;
  readonly resources: Pick<ResourceQueries, 'indexes'>;
  readonly ask: Ask;
  readonly handler: Pick<CommandHandler, 'execute'>;
  readonly seenVips: SeenVips;
  readonly leases: Pick<Leases, 'holds'>;
}

export interface VipLooks {
  /** Asks all hosts; with `scan` somebody of each group listens for strangers, too. */
  readonly look: (scan: boolean) => Promise<void>;
}

/** What a host showed, or why nobody knows. */
type Shown = E.Either<PortError, readonly SeenInstance[]>;

const keyOf = ({ backend, host }: HostPlace): string => `${backend} ${host}`;

const absent = (name: string): PortError => permanent('BackendAbsent', `this process has no backend of virtual IPs named "${name}"`);

/** What is known of one instance. On a host that cannot be asked it stays as it was told last, unless somebody else holds the address now. */
const seenAt = (group: VipGroupFields, member: Member, shownBy: (member: Member) => Shown): readonly SeenVip[] => {
  const shown = shownBy(member);
  const { networkAddressId } = member;
  if (E.isRight(shown)) {
    return shown.right.flatMap(({ vipId, state, holds, notReady }) =>
      vipId !== undefined && group.vips.some((vip) => vip.vipId === vipId) ? [{ vipId, networkAddressId, state, holds, ...(notReady === undefined ? {} : { notReady }) }] : [],
    );
  }
  const others = group.members.filter((other) => other !== member).map(shownBy);
  const isHeldElsewhere = (vipId: string): boolean => others.some((other) => E.isRight(other) && other.right.some((one) => one.vipId === vipId && one.holds));
  return group.vips.filter(({ vipId, holder }) => holder === networkAddressId && !isHeldElsewhere(vipId)).map(({ vipId }) => ({ vipId, networkAddressId, state: 'master', holds: true }));
};

export const makeVipLooks = ({ engine, states, resources, ask, handler, seenVips, leases }: VipLookParts): VipLooks => {
  const { vips, clock, ids, logger } = engine;

  const groups = (): readonly VipGroupState[] => [...resources.indexes.vipGroup.ids()].flatMap((id) => states.vipGroupState(id) ?? []).filter(({ instances }) => Object.keys(instances).length > 0);

  const list = async (place: HostPlace): Promise<Shown> => {
    const backend = vips.get(place.backend);
    return backend === undefined ? E.left(absent(place.backend)) : ask(place.backend, (context) => backend.list(place, context));
  };

  /** Every host once, whatever groups it takes part in. */
  const listAll = async (all: readonly VipGroupState[]): Promise<ReadonlyMap<string, Shown>> => {
    const places = new Map(all.flatMap(({ group }) => (group?.members ?? []).filter(({ off }) => !off).map(({ backend, host }) => [keyOf({ backend, host }), { backend, host }] as const)));
    return new Map(await Promise.all([...places].map(async ([key, place]) => [key, await list(place)] as const)));
  };

  /** What is heard on the segment of a group, by the first host that answered; null where none listened. */
  const hear = async (members: readonly Member[]): Promise<readonly HeardAdvert[] | null> => {
    const [member] = members;
    const backend = member === undefined ? undefined : vips.get(member.backend);
    if (member === undefined || backend === undefined) return null;
    const place = { backend: member.backend, host: member.host };
    const heard = await ask(member.backend, (context) => backend.perform({ do: 'scanVrids', place, interface: member.interface, listenMs: SCAN_MS }, context));
    if (E.isLeft(heard)) logger.warn({ ...place, error: heard.left }, 'nobody can say who speaks on the segment');
    return E.foldW(() => null, (result: VipResult) => result.heard ?? null)(heard);
  };

  const note = (group: VipGroupFields, shownBy: (member: Member) => Shown): void => {
    const at = clock.nowMs();
    for (const member of group.members) {
      const shown = shownBy(member);
      for (const { vipId } of group.vips) {
        const found = E.isRight(shown) ? shown.right.find((one) => one.vipId === vipId) : undefined;
        if (found === undefined) seenVips.forget(vipId, member.networkAddressId);
        else seenVips.note(vipId, member.networkAddressId, { state: found.state, holds: found.holds, notReady: found.notReady ?? null, at });
      }
    }
  };

  const report = async (group: VipGroupFields, shown: ReadonlyMap<string, Shown>, scan: boolean): Promise<void> => {
    const shownBy = (member: Member): Shown => shown.get(keyOf({ backend: member.backend, host: member.host })) ?? E.right([]);
    note(group, shownBy);
    // Everybody looks, for its own readers; whoever has the group writes down what it saw.
    if (!leases.holds(`vipGroup-${group.vipGroupId}`)) return;
    const answering = group.members.filter((member) => !member.off && E.isRight(shownBy(member)));
    const heard = scan ? await hear(answering) : null;
    const seen = group.members.filter(({ off }) => !off).flatMap((member) => seenAt(group, member, shownBy));
    const commandId = ids.fresh() as CommandId;
    const meta: CommandMeta = { commandId, issuedAt: clock.nowMs() as TimestampMs, issuedBy: 'rounds', tenant: group.tenant, correlationId: commandId };
    const reported = await handler.execute('vipGroup', { type: 'ReportVips', vipGroupId: group.vipGroupId, seen, heard }, meta);
    if (E.isLeft(reported)) logger.warn({ vipGroupId: group.vipGroupId, refusal: reported.left }, 'what virtual IPs do could not be written down');
  };

  return {
    look: async (scan) => {
      const all = groups();
      const shown = await listAll(all);
      await Promise.all(all.flatMap(({ group }) => (group === null ? [] : [report(group, shown, scan)])));
    },
  };
};
