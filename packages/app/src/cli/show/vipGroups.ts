/** VIP groups and virtual IPs in lists for people. */
import type { VipBody, VipGroupBody } from '../../api/bodies/vipGroup.ts';
import type { Io } from '../frame/io.ts';
import type { Column } from '../frame/table.ts';
import { nameOf } from './links.ts';
import { paintState, standing } from './states.ts';
import { masterText, preferredOf } from './vipTree.ts';

/** The columns of a list of VIP groups. */
export const vipGroupColumns = (io: Io): readonly Column<VipGroupBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?'), align: 'right' },
  { title: 'PATH', cell: ({ access_path: path }) => nameOf(path), elastic: true },
  { title: 'NETWORK', cell: ({ network }) => network },
  { title: 'STATUS', cell: standing, paint: paintState(io.screen) },
  { title: 'HOSTS', cell: ({ network_addresses: members }) => members.map(({ host }) => nameOf(host)).join(', '), elastic: true },
  { title: 'VIPS', cell: ({ vips }) => vips.map(({ ip }) => ip).join(', '), elastic: true },
];

const vipState = ({ status, split, contested }: VipBody): string => [status, ...(split ? ['split'] : []), ...(contested ? ['contested'] : [])].join(', ');

/** The columns of a list of virtual IPs. */
export const vipColumns = (io: Io): readonly Column<VipBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?'), align: 'right' },
  { title: 'IP', cell: ({ ip }) => ip },
  { title: 'PATH', cell: ({ access_path: path }) => nameOf(path), elastic: true },
  { title: 'STATUS', cell: vipState, paint: paintState(io.screen) },
  { title: 'HELD', cell: masterText },
  { title: 'PREFERRED', cell: (vip) => preferredOf(vip) ?? io.screen.glyphs.dash },
  { title: 'ROUTER', cell: ({ virtual_router_id: id }) => String(id ?? io.screen.glyphs.dash), align: 'right' },
];
