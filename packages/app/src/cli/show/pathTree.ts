/** An access path as a tree: on which hosts it is, by which virtual IPs it is reached, and who sees which volume. */
import type { AccessPathBody, MappingGroupBody, TargetBody } from '../../api/bodies/accessPath.ts';
import type { ClientGroupBody } from '../../api/bodies/clientGroup.ts';
import type { VipBody } from '../../api/bodies/vipGroup.ts';
import type { Io } from '../frame/io.ts';
import { clean } from '../frame/text.ts';
import { showMoment } from '../frame/time.ts';
import type { Branch } from '../frame/tree.ts';
import { nameOf, titledLink } from './links.ts';
import { sizeText } from './sizes.ts';
import { paintState, standing } from './states.ts';
import { vipBranch } from './vipTree.ts';

/** Client groups by their UUID. */
export type ClientsSeen = ReadonlyMap<string, Pick<ClientGroupBody, 'clients' | 'chap' | 'iname'>>;

/** What the tree is drawn of. */
export interface PathSeen {
  readonly path: AccessPathBody;
  readonly vips: readonly VipBody[];
  readonly clients: ClientsSeen;
}

type Drawn = Pick<Io, 'screen' | 'bytes'>;

/** How far a host is. What cannot be reached is a debt: it is tried until it is done. */
const progressOf = ({ screen }: Drawn, target: TargetBody): string => {
  const { colour } = screen;
  const { status, confirmed, confirmed_version: done, wanted_version: wanted, off, unreachable } = target;
  const owed = `version ${done ?? 0} of ${wanted}`;
  if (off) return colour.yellow(`declared off, ${owed}`);
  if (unreachable !== null) {
    const since = unreachable.since === null ? '' : ` since ${showMoment(screen, Date.parse(unreachable.since))}`;
    return colour.red(`owed, ${owed}: not reached${since}: ${clean(`${unreachable.code}: ${unreachable.message}`)}`);
  }
  if (status === 'deleting') return colour.yellow('going');
  return confirmed ? colour.green('confirmed') : colour.yellow(`not confirmed, ${owed}`);
};

const targetBranch = (io: Drawn, target: TargetBody): Branch => ({
  text: `target on ${io.screen.colour.bold(clean(nameOf(target.host)))} by ${clean(target.backend)}: ${progressOf(io, target)}`,
  branches: [
    ...target.iqns.map((iqn) => ({ text: clean(iqn) })),
    { text: target.portals.length === 0 ? 'no portals' : `${target.portals.length === 1 ? 'portal' : 'portals'} ${clean(target.portals.map(({ ip, port }) => `${ip}:${port}`).join(', '))}` },
  ],
});

const STAGES = { beside: ', beside the physical portals', alone: '', leaving: ', about to go' } as const;

/** A group whose virtual IPs may not be looked at shows their addresses alone. */
const groupBranch = (io: Drawn, { id, uuid, stage, ips }: AccessPathBody['vip_groups'][number], vips: readonly VipBody[]): Branch => {
  const own = vips.filter(({ vip_group: group }) => group.uuid === uuid);
  return {
    text: clean(`${titledLink('VIP group', { id, uuid })}${STAGES[stage]}`),
    branches: own.length === 0 ? ips.map((ip) => ({ text: clean(ip) })) : own.map((vip) => vipBranch(io, vip)),
  };
};

const lunBranch = (io: Drawn, { lun_id: lun, block_volume: volume, size, status }: MappingGroupBody['luns'][number]): Branch => {
  const { colour, glyphs } = io.screen;
  return { text: `LUN ${lun} ${glyphs.arrow} ${colour.bold(clean(titledLink('volume', volume)))}${size === null ? '' : `, ${sizeText(io, size)}`}${status === 'active' ? '' : `, ${colour.yellow(status)}`}` };
};

const mappingBranch = (io: Drawn, mapping: MappingGroupBody, clients: ClientsSeen): Branch => {
  const { colour } = io.screen;
  const { id, uuid, client_group: group, shared, status, luns } = mapping;
  const seen = clients.get(group.uuid);
  const more = [...(shared ? ['shared'] : []), ...(seen?.chap === true ? [`mutual CHAP as ${seen.iname ?? '?'}`] : [])].map((word) => `, ${clean(word)}`).join('');
  return {
    text: `mapping group ${id ?? uuid} of ${colour.bold(clean(titledLink('client group', group)))}${more}${status === 'active' ? '' : `, ${colour.yellow(status)}`}`,
    branches: [...luns.map((lun) => lunBranch(io, lun)), ...(seen?.clients ?? []).map(({ code }) => ({ text: `seen by ${clean(code)}` }))],
  };
};

const troubles = ({ screen }: Drawn, { failure, operations }: AccessPathBody): readonly Branch[] => [
  ...operations.map(({ kind, task }) => ({ text: `under way: ${clean(kind)} (task ${task})` })),
  ...(failure === null ? [] : [{ text: screen.colour.red(clean(`failed: ${failure.step}: ${failure.code}: ${failure.message} (task ${failure.task})`)) }]),
];

const titleOf = ({ screen }: Drawn, path: AccessPathBody): string => {
  const { colour } = screen;
  const chap = path.chap ? `CHAP as ${path.tname ?? '?'}` : 'no CHAP';
  return `${colour.bold(clean(titledLink('access path', path)))}: ${paintState(screen)(standing(path))}, ${path.type}, ${clean(chap)}, version ${path.version}`;
};

/** The whole of it. */
export const pathTree = (io: Drawn, { path, vips, clients }: PathSeen): Branch => ({
  text: titleOf(io, path),
  branches: [
    ...troubles(io, path),
    ...path.targets.map((target) => targetBranch(io, target)),
    ...path.vip_groups.map((group) => groupBranch(io, group, vips)),
    ...path.mapping_groups.map((mapping) => mappingBranch(io, mapping, clients)),
  ],
});
