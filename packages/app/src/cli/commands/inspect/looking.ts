/** `blockledger actions`, `drift`, `orphans`, `warnings`. */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionBody, DriftBody } from '../../../api/bodies/inspection.ts';
import { ending, EXIT_CODES } from '../../exit.ts';
import type { Io } from '../../frame/io.ts';
import { flag, maybe } from '../../frame/parts.ts';
import { moment, text } from '../../frame/readers.ts';
import type { Screen } from '../../frame/screen.ts';
import type { Column } from '../../frame/table.ts';
import { clean, counted, marked } from '../../frame/text.ts';
import { showMoment } from '../../frame/time.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { listText } from '../../show/lists.ts';
import { limitOf, pagingParts } from '../../show/paging.ts';
import { paintState } from '../../show/states.ts';

const actionColumns = (io: Io): readonly Column<ActionBody>[] => [
  { title: 'WHEN', cell: ({ start }) => showMoment(io.screen, start === null ? null : Date.parse(start)) },
  { title: 'WHO', cell: ({ user }) => user, elastic: true },
  { title: 'ASKED FOR', cell: ({ action }) => action },
  { title: 'ABOUT', cell: ({ resource_type: type, resource_id: id }) => (type === null ? '' : `${type.replace('block_', '')} ${id ?? ''}`), elastic: true },
  { title: 'RESULT', cell: ({ status }) => status, paint: paintState(io.screen) },
  { title: 'WHY', cell: ({ problem }) => (problem === null ? '' : `${problem.detail} (rule ${problem.rule})`), elastic: true },
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
    return E.right({ json: body, show: (screen) => listText(screen, { columns: actionColumns(io), rows: body.actions, noun: 'action', paging: body.paging }) });
  },
});

const driftText = (screen: Screen, { kind, message, backend_name: name, mend }: DriftBody): string =>
  marked(screen, 'problem', `${kind}: ${clean(message)}`, `On the backend: ${clean(name)}`, mend === null ? 'To do: a person must look at it' : `To do: ${clean(JSON.stringify(mend))}`);

export const driftCommand = serviceCommand({
  words: 'drift',
  summary: 'Compare the log with the backends, both ways',
  about: 'Every backend is asked, which takes a while where there is much. Nothing is repaired; each difference names the request that would mend it. Ends with exit code 3 where anything differs or could not be looked at.',
  shows: 'report',
  takes: {},
  options: {},
  examples: [{ line: 'blockledger drift', does: 'what differs' }],
  run: async (_given, { client }) => {
    const answered = orEnd(await client.getDrift());
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const { drifts, unseen, busy } = body.drift;
    const isWell = drifts.length === 0 && unseen.length === 0;
    const show = (screen: Screen): string =>
      [
        ...drifts.map((drift) => driftText(screen, drift)),
        ...unseen.map(({ pool, code, message }) => marked(screen, 'warning', `pool ${pool} could not be looked at: ${clean(message)} (${code})`)),
        ...(busy.length === 0 ? [] : [marked(screen, 'warning', `${counted(busy.length, 'resource')} left out, since work runs there.`)]),
        ...(isWell ? [marked(screen, 'ok', busy.length === 0 ? 'The log and the backends agree.' : 'Apart from that the log and the backends agree.')] : []),
      ].join('\n');
    return E.right({ json: body, show, code: isWell ? EXIT_CODES.done : EXIT_CODES.failed });
  },
});

export const orphansCommand = serviceCommand({
  words: 'orphans',
  summary: 'List objects of this installation that the log does not know',
  shows: 'report',
  takes: {},
  options: {},
  examples: [{ line: 'blockledger orphans', does: 'what nobody knows any more' }],
  run: async (_given, { client }) => {
    const answered = orEnd(await client.listOrphans());
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const show = (screen: Screen): string => (body.orphans.length === 0 ? marked(screen, 'ok', 'There are none.') : body.orphans.map((drift) => driftText(screen, drift)).join('\n'));
    return E.right({ json: body, show, code: body.orphans.length === 0 ? EXIT_CODES.done : EXIT_CODES.failed });
  },
});

export const warningsCommand = serviceCommand({
  words: 'warnings',
  summary: 'List what an operator should know',
  shows: 'report',
  takes: {},
  options: {},
  examples: [{ line: 'blockledger warnings', does: 'absent backends, a log restored from an old copy' }],
  run: async (_given, { client }, io) => {
    const answered = orEnd(await client.listWarnings());
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const show = (screen: Screen): string =>
      body.warnings.length === 0
        ? marked(screen, 'ok', 'There is nothing to know.')
        : body.warnings.map(({ code, message, since }) => marked(screen, 'warning', clean(message), `${code}, since ${showMoment(io.screen, since === null ? null : Date.parse(since))}`)).join('\n');
    return E.right({ json: body, show });
  },
});
