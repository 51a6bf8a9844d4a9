/** `blockledger actions`. */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionBody } from '../../../api/bodies/inspection.ts';
import { ending } from '../../exit.ts';
import type { Io } from '../../frame/io.ts';
import { flag, maybe } from '../../frame/parts.ts';
import { moment, text } from '../../frame/readers.ts';
import type { Column } from '../../frame/table.ts';
import { showMoment } from '../../frame/time.ts';
import { makeNames, type Names } from '../../history/names.ts';
import { aboutOf, aboutParts } from '../../service/about.ts';
import { isNamedKind, kindOf } from '../../service/kinds.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { listText } from '../../show/lists.ts';
import { limitOf, pagingParts } from '../../show/paging.ts';
import { paintState } from '../../show/states.ts';

/** More names are not asked for: who wants so many actions reads their ids. */
const MOST_NAMED = 200;

const learn = async (names: Names, actions: readonly ActionBody[]): Promise<void> => {
  if (actions.length > MOST_NAMED) return;
  for (const { resource_type: type, resource_id: id } of actions) {
    const kind = kindOf(type ?? '');
    if (isNamedKind(kind) && id !== null) await names.ask(kind, id);
  }
};

const actionColumns = (io: Io, names: Names): readonly Column<ActionBody>[] => [
  { title: 'WHEN', cell: ({ start }) => showMoment(io.screen, start === null ? null : Date.parse(start)) },
  { title: 'WHO', cell: ({ user }) => user, elastic: true },
  { title: 'ASKED FOR', cell: ({ action }) => action },
  { title: 'ABOUT', cell: ({ resource_type: type, resource_id: id }) => (type === null ? '' : `${kindOf(type)} ${names.of(id ?? '') ?? id ?? ''}`), elastic: true },
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
    ...aboutParts,
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
  run: async ({ refused, volume, host, clientGroup, path, vipGroup, all, limit, ...filters }, { client }, io) => {
    const about = await aboutOf(client, { volume, host, clientGroup, path, vipGroup });
    if (E.isLeft(about)) return about;
    if (Object.keys(about.right).length > 0 && filters.resource !== undefined) return E.left(ending('usage', '--resource and the name of a resource exclude each other'));
    const { user, tenant, action, since, until } = filters;
    const wanted = given({ user, tenant, action, since, until, q: filters.search, resource_id: filters.resource, correlation_id: filters.correlation, status: refused ? ('refused' as const) : undefined });
    const query = { ...wanted, ...about.right, sort: '-order', limit: limitOf(io, { all, limit }) };
    const answered = orEnd(await client.listActions({ query }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const names = makeNames(client);
    if (!io.json) await learn(names, body.actions);
    return E.right({ json: body, show: (screen) => listText(screen, { columns: actionColumns(io, names), rows: body.actions, noun: 'action', paging: body.paging }) });
  },
});
