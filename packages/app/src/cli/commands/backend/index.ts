/** Every `blockledger backend …`. */
import * as E from 'fp-ts/lib/Either.js';
import type { CliCommand } from '../../frame/command.ts';
import { needed } from '../../frame/parts.ts';
import { text } from '../../frame/readers.ts';
import { immediately, immediateParts } from '../../service/immediate.ts';
import { recordCommand } from '../../service/record.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { listText } from '../../show/lists.ts';
import { backendColumns, backendFields } from '../../show/pools.ts';
import type { BackendBody } from '../../../api/bodies/backend.ts';

const shown = { kind: 'backend', resource: ({ backend }: { readonly backend: BackendBody }): BackendBody => backend, fields: backendFields } as const;

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

const backendShow = recordCommand({
  ...shown,
  words: 'backend show',
  summary: 'Show everything about a backend',
  examples: [{ line: 'blockledger backend show ceph', does: 'the backend named ceph' }],
  call: async (client, backend) => client.getBackend({ path: { backend } }),
});

const backendPause = recordCommand({
  ...shown,
  words: 'backend pause',
  summary: 'Keep all work of a backend and do not run it',
  options: { reason: needed('--reason <text>', 'why; told with every piece of work that waits', text), ...immediateParts },
  examples: [{ line: "blockledger backend pause ceph --reason 'upgrade tonight'", does: 'work is accepted and kept' }],
  call: async (client, backend, { reason, ...how }) => client.pauseBackend({ path: { backend }, body: { backend: { reason } }, ...immediately(how) }),
});

const backendResume = recordCommand({
  ...shown,
  words: 'backend resume',
  summary: 'Run the work of a backend again',
  examples: [{ line: 'blockledger backend resume ceph', does: 'what was kept runs' }],
  options: immediateParts,
  call: async (client, backend, how) => client.resumeBackend({ path: { backend }, ...immediately(how) }),
});

export const backendCommands: readonly CliCommand[] = [backendList, backendShow, backendPause, backendResume];
