/** Looking at the whole: actions taken, drift, warnings; and mending a lost log. */
import * as t from 'io-ts';
import { PagingBody } from '../bodies/common.ts';
import { ActionBody, ActionDetailBody, DriftBody, DriftReportBody, RebuildBody, WarningBody } from '../bodies/inspection.ts';
import { closed } from '../closed.ts';
import { immediate, read } from '../operation.ts';
import { aboutResource, anyText, askedWithin, oneOf, orderBy, paging } from '../parameters.ts';

const tag = 'inspection';

export const inspectionOperations = {
  listActions: read({
    path: '/actions',
    tag,
    summary: 'List who asked for what, and what came of it',
    description: 'The latest of them, in the order in which they were answered. A resource is also found where it is related: the volume of a new snapshot, the snapshot of a rollback. What was asked about tokens and webhooks is shown to admins only.',
    query: {
      ...paging,
      sort: orderBy({ order: 'number', start: 'startedAt', finish: 'finishedAt', action: 'action', user: 'issuedBy', status: 'result' }),
      q: anyText('Part of anything in it, upper and lower case alike: a name that was given, an id, an address, the words of a refusal.'),
      user: anyText('Only those of this principal, such as `token:ci`.'),
      tenant: anyText('Only those of this tenant.'),
      action: anyText('Only those of this kind, such as `createVolume`.'),
      status: oneOf('Only those that ended so.', ['accepted', 'refused']),
      correlation_id: anyText('Only those with this correlation id: what came of one request, wherever it was made.'),
      ...askedWithin,
      ...aboutResource,
    },
    reply: closed({ actions: t.readonlyArray(ActionBody), paging: PagingBody }, {}),
  }),
  getAction: read({
    path: '/actions/{action}',
    params: { action: anyText('Its command id.') },
    tag,
    summary: 'Look at one request: who made it, what came of it, and its resource before and after it',
    reply: closed({ action: ActionDetailBody }, {}),
  }),
  listWarnings: read({ path: '/warnings', tag, summary: 'List what an operator should know', reply: closed({ warnings: t.readonlyArray(WarningBody) }, {}) }),
  getDrift: read({
    path: '/drift',
    tag,
    role: 'admin',
    summary: 'Compare the log with the backends, both ways',
    description: 'Asks every backend; slow where there is much. Nothing is repaired.',
    reply: closed({ drift: DriftReportBody }, {}),
  }),
  listOrphans: read({
    path: '/orphans',
    tag,
    role: 'admin',
    summary: 'List objects of this installation that the log does not know',
    reply: closed({ orphans: t.readonlyArray(DriftBody) }, {}),
  }),
  rebuildLog: immediate({
    method: 'POST',
    path: '/rebuild',
    tag,
    role: 'admin',
    summary: 'Write down what stands on the backends, is ours, and is unknown to the log',
    description: 'A repeat looks again, also with the same key: what is written down is not written down twice.',
    replies: { 200: closed({ rebuild: RebuildBody }, {}) },
  }),
} as const;
