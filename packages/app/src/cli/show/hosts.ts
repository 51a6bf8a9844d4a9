/** Hosts and their addresses for people. */
import type { HostBody, NetworkAddressBody } from '../../api/bodies/host.ts';
import type { Io } from '../frame/io.ts';
import type { Column } from '../frame/table.ts';
import { showMoment } from '../frame/time.ts';
import { nameOf } from './links.ts';
import { paintState } from './states.ts';

const hostState = ({ status, backends_present: present, paused, off, debts }: HostBody): string =>
  [status, ...(off === null ? [] : ['off']), ...(paused === null ? [] : ['paused']), ...(debts.some(({ error }) => error !== null) ? ['unreachable'] : []), ...(present ? [] : ['backend absent'])].join(', ');

const addressText = ({ ip, mask, interface: device, role }: HostBody['network_addresses'][number]): string => `${ip}/${mask} on ${device}${role === 'gateway' ? '' : ` (${role})`}`;

/** The columns of a list. */
export const hostColumns = (io: Io): readonly Column<HostBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?'), align: 'right' },
  { title: 'NAME', cell: ({ name }) => name, elastic: true },
  { title: 'STATUS', cell: hostState, paint: paintState(io.screen) },
  { title: 'TARGETS', cell: ({ target_backend: backend }) => backend ?? io.screen.glyphs.dash },
  { title: 'VIPS', cell: ({ vip_backend: backend }) => backend ?? io.screen.glyphs.dash },
  { title: 'ADDRESSES', cell: ({ network_addresses: all }) => all.map(({ ip }) => ip).join(', ') || io.screen.glyphs.dash, elastic: true },
  { title: 'OWED', cell: ({ debts }) => String(debts.length), align: 'right' },
];

const debtText =
  (io: Io) =>
  ({ resource_type: type, resource, error, since }: HostBody['debts'][number]): string =>
    `${type === 'access_path' ? 'access path' : 'VIP group'} ${nameOf(resource)}${error === null ? '' : ` since ${showMoment(io.screen, since === null ? null : Date.parse(since))}: ${error.code}: ${error.message}`}`;

/** Everything about one. */
export const hostFields = (io: Io): readonly Column<HostBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?') },
  { title: 'UUID', cell: ({ uuid }) => uuid },
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Status', cell: hostState, paint: paintState(io.screen) },
  { title: 'Paused', cell: ({ paused }) => paused ?? 'no' },
  { title: 'Declared off', cell: ({ off }) => off ?? 'no' },
  { title: 'Targets by', cell: ({ target_backend: backend }) => backend ?? io.screen.glyphs.dash },
  { title: 'Virtual IPs by', cell: ({ vip_backend: backend }) => backend ?? io.screen.glyphs.dash },
  { title: 'Addresses', cell: ({ network_addresses: all }) => all.map(addressText).join(', ') || io.screen.glyphs.dash },
  { title: 'Access paths', cell: ({ access_paths: all }) => all.map(nameOf).join(', ') || io.screen.glyphs.dash },
  { title: 'Owed', cell: ({ debts }) => debts.map(debtText(io)).join('; ') || 'nothing', paint: (text, { debts }) => (debts.length === 0 ? text : io.screen.colour.red(text)) },
  { title: 'Registered', cell: ({ create }) => showMoment(io.screen, create === null ? null : Date.parse(create)) },
];

/** The columns of a list of addresses. */
export const addressColumns = (io: Io): readonly Column<NetworkAddressBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?'), align: 'right' },
  { title: 'HOST', cell: ({ host }) => nameOf(host), elastic: true },
  { title: 'ADDRESS', cell: ({ ip, mask }) => `${ip}/${mask}` },
  { title: 'DEVICE', cell: ({ interface: device }) => device },
  { title: 'SEGMENT', cell: ({ segment }) => segment, elastic: true },
  { title: 'ROLE', cell: ({ role }) => role },
  { title: 'STATUS', cell: ({ status }) => status, paint: paintState(io.screen) },
];
