/** Every `blockledger backend …`. */
import * as E from 'fp-ts/lib/Either.js';
import type { BackendBody } from '../../../api/bodies/backend.ts';
import type { CliCommand, Outcome } from '../../frame/command.ts';
import type { Ending } from '../../exit.ts';
import type { Io } from '../../frame/io.ts';
import { needed } from '../../frame/parts.ts';
import { text } from '../../frame/readers.ts';
import { record } from '../../frame/table.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { listText } from '../../show/lists.ts';
import { backendColumns, backendFields } from '../../show/pools.ts';

const takes = { backend: needed('<backend>', 'the name in the configuration', text) } as const;

const shown = (io: Io, answered: E.Either<Ending, { readonly body: { readonly backend: BackendBody } }>): Outcome =>
  E.isLeft(answered) ? answered : E.right({ json: answered.right.body, show: (screen) => record(backendFields(io), answered.right.body.backend, screen) });

const backendList = serviceCommand({
  words: 'backend list',
  summary: 'List the backends and what runs on them',
  shows: 'report',
  takes: {},
  options: {},
  examples: [{ line: 'blockledger backend list', does: 'the backends' }],
  run: async (_given, { client }, io) => {
    const answered = orEnd(await client.listBackends());
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => listText(screen, { columns: backendColumns(io), rows: body.backends, noun: 'backend' }) });
  },
});

const backendShow = serviceCommand({
  words: 'backend show',
  summary: 'Show everything about a backend',
  shows: 'report',
  takes,
  options: {},
  examples: [{ line: 'blockledger backend show ceph', does: 'the backend named ceph' }],
  run: async ({ backend }, { client }, io) => shown(io, orEnd(await client.getBackend({ path: { backend } }))),
});

const backendPause = serviceCommand({
  words: 'backend pause',
  summary: 'Keep all work of a backend and do not run it',
  shows: 'report',
  takes,
  options: { reason: needed('--reason <text>', 'why; told with every piece of work that waits', text) },
  examples: [{ line: "blockledger backend pause ceph --reason 'upgrade tonight'", does: 'work is accepted and kept' }],
  run: async ({ backend, reason }, { client }, io) => shown(io, orEnd(await client.pauseBackend({ path: { backend }, body: { backend: { reason } } }))),
});

const backendResume = serviceCommand({
  words: 'backend resume',
  summary: 'Run the work of a backend again',
  shows: 'report',
  takes,
  options: {},
  examples: [{ line: 'blockledger backend resume ceph', does: 'what was kept runs' }],
  run: async ({ backend }, { client }, io) => shown(io, orEnd(await client.resumeBackend({ path: { backend } }))),
});

export const backendCommands: readonly CliCommand[] = [backendList, backendShow, backendPause, backendResume];
