/** Client groups for people. */
import type { ClientGroupBody } from '../../api/bodies/clientGroup.ts';
import type { Io } from '../frame/io.ts';
import type { Column } from '../frame/table.ts';
import { showMoment } from '../frame/time.ts';
import { nameOf } from './links.ts';
import { paintState, standing } from './states.ts';

const state = (group: ClientGroupBody): string => standing({ ...group, failure: null });

/** The columns of a list. */
export const clientGroupColumns = (io: Io): readonly Column<ClientGroupBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?'), align: 'right' },
  { title: 'NAME', cell: ({ name }) => name, elastic: true },
  { title: 'TYPE', cell: ({ type }) => type },
  { title: 'STATUS', cell: state, paint: paintState(io.screen) },
  { title: 'CHAP', cell: ({ chap }) => (chap ? 'mutual' : io.screen.glyphs.dash) },
  { title: 'SEES BY', cell: ({ mapping_groups: groups }) => groups.map(({ access_path: path }) => nameOf(path)).join(', ') || io.screen.glyphs.dash, elastic: true },
  { title: 'CLIENTS', cell: ({ clients }) => clients.map(({ code }) => code).join(', '), below: true },
];

/** Everything about one. */
export const clientGroupFields = (io: Io): readonly Column<ClientGroupBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?') },
  { title: 'UUID', cell: ({ uuid }) => uuid },
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Description', cell: ({ description }) => description || io.screen.glyphs.dash },
  { title: 'Status', cell: state, paint: paintState(io.screen) },
  { title: 'Type', cell: ({ type }) => type },
  { title: 'Clients', cell: ({ clients }) => clients.map(({ code }) => code).join(', ') },
  { title: 'Mutual CHAP', cell: ({ chap, iname }) => (chap ? `as ${iname ?? '?'}` : 'off') },
  { title: 'Sees by', cell: ({ mapping_groups: groups }) => groups.map(({ id, uuid, access_path: path }) => `access path ${nameOf(path)} (mapping group ${id ?? uuid})`).join(', ') || io.screen.glyphs.dash },
  { title: 'Tenant', cell: ({ tenant }) => tenant },
  { title: 'Created', cell: ({ create }) => showMoment(io.screen, create === null ? null : Date.parse(create)) },
  { title: 'Changed', cell: ({ update }) => showMoment(io.screen, update === null ? null : Date.parse(update)) },
];
