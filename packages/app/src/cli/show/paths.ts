/** Access paths, targets and mapping groups in lists for people. */
import type { AccessPathBody, MappingGroupBody, TargetBody } from '../../api/bodies/accessPath.ts';
import type { Io } from '../frame/io.ts';
import type { Column } from '../frame/table.ts';
import { nameOf } from './links.ts';
import { paintState, standing } from './states.ts';

/** What its hosts have confirmed, in one word; the state that matters most. */
export const targetState = ({ status, confirmed, off, unreachable }: TargetBody): string => {
  if (off) return 'off';
  if (unreachable !== null) return 'unreachable';
  if (status === 'deleting') return 'deleting';
  return confirmed ? 'active' : status === 'creating' ? 'creating' : 'updating';
};

const pathState = (path: AccessPathBody): string => [standing(path), ...(path.targets.some(({ unreachable, off }) => unreachable !== null && !off) ? ['unreachable'] : [])].join(', ');

const ipsOf = ({ vip_groups: groups }: AccessPathBody): string => groups.flatMap(({ ips }) => ips).join(', ');

/** The columns of a list of access paths. */
export const pathColumns = (io: Io): readonly Column<AccessPathBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?'), align: 'right' },
  { title: 'NAME', cell: ({ name }) => name, elastic: true },
  { title: 'TYPE', cell: ({ type }) => type },
  { title: 'STATUS', cell: pathState, paint: paintState(io.screen) },
  { title: 'CHAP', cell: ({ chap }) => (chap ? 'yes' : io.screen.glyphs.dash) },
  { title: 'HOSTS', cell: ({ targets }) => targets.map(({ host }) => nameOf(host)).join(', '), elastic: true },
  { title: 'VIPS', cell: (path) => ipsOf(path) || io.screen.glyphs.dash, elastic: true },
  { title: 'LUNS', cell: ({ mapping_groups: groups }) => String(groups.reduce((sum, { luns }) => sum + luns.length, 0)), align: 'right' },
];

/** The columns of a list of targets. */
export const targetColumns = (io: Io): readonly Column<TargetBody>[] => [
  { title: 'PATH', cell: ({ access_path: path }) => nameOf(path), elastic: true },
  { title: 'HOST', cell: ({ host }) => nameOf(host), elastic: true },
  { title: 'BACKEND', cell: ({ backend }) => backend },
  { title: 'STATUS', cell: targetState, paint: paintState(io.screen) },
  { title: 'VERSION', cell: ({ confirmed_version: confirmed, wanted_version: wanted }) => `${confirmed ?? 0} of ${wanted}` },
  { title: 'IQN', cell: ({ iqns }) => iqns.join(', '), below: true },
  { title: 'WHY', cell: ({ unreachable }) => (unreachable === null ? '' : `${unreachable.code}: ${unreachable.message}`), below: true },
];

/** The columns of a list of mapping groups. */
export const mappingColumns = (io: Io): readonly Column<MappingGroupBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?'), align: 'right' },
  { title: 'PATH', cell: ({ access_path: path }) => nameOf(path), elastic: true },
  { title: 'CLIENTS', cell: ({ client_group: group }) => nameOf(group), elastic: true },
  { title: 'STATUS', cell: ({ status }) => status, paint: paintState(io.screen) },
  { title: 'SHARED', cell: ({ shared }) => (shared ? 'yes' : io.screen.glyphs.dash) },
  { title: 'LUNS', cell: ({ luns }) => luns.map(({ lun_id: lun, block_volume: volume }) => `${lun} ${nameOf(volume)}`).join(', ') || io.screen.glyphs.dash, below: true },
];
