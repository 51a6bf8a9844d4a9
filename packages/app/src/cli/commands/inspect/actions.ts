/** `blockledger actions`. */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionBody } from '../../../api/bodies/inspection.ts';
import { ending } from '../../exit.ts';
import type { Io } from '../../frame/io.ts';
import { flag, maybe } from '../../frame/parts.ts';
import { moment, text } from '../../frame/readers.ts';
import type { Column } from '../../frame/table.ts';
import { showMoment } from '../../frame/time.ts';
import { makeNames, type NamedThing, type Names } from '../../history/names.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { listText } from '../../show/lists.ts';
import { limitOf, pagingParts } from '../../show/paging.ts';
import { paintState } from '../../show/states.ts';

/** More names are not asked for: who wants so many actions reads their ids. */
const MOST_NAMED = 200;
const NAMED: Readonly<Record<string, NamedThing>> = { block_volume: 'volume', block_snapshot: 'snapshot', pool: 'pool' };

const learn = async (names: Names, actions: readonly ActionBody[]): Promise<void> => {
  if (actions.length > MOST_NAMED) return;
  for (const { resource_type: type, resource_id: id } of actions) {
    const kind = NAMED[type ?? ''];
    if (kind !== undefined && id !== null) await names.ask(kind, id);
  }
};

const actionColumns = (io: Io, names: Names): readonly Column<ActionBody>[] => [
  { title: 'WHEN', cell: ({ start }) => showMoment(io.screen, start === null ? null : Date.parse(start)) },
  { title: 'WHO', cell: ({ user }) => user, elastic: true },
  { title: 'ASKED FOR', cell: ({ action }) => action },
  { title: 'ABOUT', cell: ({ resource_type: type, resource_id: id }) => (type === null ? '' : `${type.replace('block_', '')} ${names.of(id ?? '') ?? id ?? ''}`), elastic: true },
  { title: 'RESULT', cell: ({ status }) => status, paint: paintState(io.screen) },
  { title: 'WHY', cell: ({ problem }) => (problem === null ? '' : `${problem.detail} (rule ${problem.rule})`), below: true },
];

export const actionsCommand = serviceCommand({
  words: 'actions',
  summary: 'List who asked for what, the newest first, and what came of it',
  shows: 'report',
  takes: {},
  options: {
    refused: flag('--refused', 'only what was refused, with the rule'),
    search: maybe('--search <text>', 'part of anything in it: a name, an id, an address, the words of a refusal', text),
    volume: maybe('--volume <volume>', 'only those about this volume', refOf('volume')),
    resource: maybe('--resource <uuid>', 'only those about this resource, or the backend of this name', text),
    user: maybe('--user <principal>', 'only those of this principal, such as token:ci', text),
    tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
    action: maybe('--action <name>', 'only those of this kind, such as createVolume', text),
    correlation: maybe('--correlation <id>', 'only those with this correlation id', text),
    since: maybe('--since <moment>', 'only those asked for then or later: a date, "yesterday 22:00", 2h', moment),
    until: maybe('--until <moment>', 'only those asked for before then', moment),
    ...pagingParts,
  },
  examples: [
    { line: 'blockledger actions --refused', does: 'what was refused, and why' },
    { line: 'blockledger actions --volume 1 --since "yesterday 22:00"', does: 'what was asked of volume 1 since last night' },
  ],
  run: async ({ refused, volume, all, limit, ...filters }, { client }, io) => {
    if (volume !== undefined && filters.resource !== undefined) return E.left(ending('usage', '--volume and --resource exclude each other'));
    const ref = volume === undefined ? E.right(undefined) : await resolveRef(client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const { user, tenant, action, since, until } = filters;
    const wanted = given({ user, tenant, action, since, until, q: filters.search, resource_id: filters.resource, correlation_id: filters.correlation, block_volume_id: ref.right, status: refused ? ('refused' as const) : undefined });
    const query = { ...wanted, sort: '-order', limit: limitOf(io, { all, limit }) };
    const answered = orEnd(await client.listActions({ query }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const names = makeNames(client);
    if (!io.json) await learn(names, body.actions);
    return E.right({ json: body, show: (screen) => listText(screen, { columns: actionColumns(io, names), rows: body.actions, noun: 'action', paging: body.paging }) });
  },
});
