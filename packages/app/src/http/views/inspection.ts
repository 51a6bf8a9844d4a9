/** Events, actions, drift and warnings as JSON. */
import type { ActionBody, DriftBody, DriftReportBody, EventBody, RebuildBody, WarningBody } from '../../api/bodies/inspection.ts';
import type { ActionPlan } from '../../api/bodies/plan.ts';
import type { HistoryEntry, Plan, Warning } from '../../engine/controlPlane.ts';
import type { Drift, DriftReport, RebuildReport } from '../../engine/audit/driftViews.ts';
import type { ActionView } from '../../queries/actionViews.ts';
import { SUBJECT_WORDS } from '../../queries/eventMessage.ts';
import { problemOf } from '../refusing/problems.ts';
import { moment } from './common.ts';

type Loose = Readonly<Record<string, unknown>>;

export const eventBody = ({ position, revision, eventId, type, stream, data, meta }: HistoryEntry): EventBody => ({
  position,
  revision,
  event_id: eventId,
  type,
  stream,
  data: data as Loose,
  at: moment(meta.at),
  issued_by: meta.issuedBy,
  tenant: meta.tenant,
  command_id: meta.commandId,
  correlation_id: meta.correlationId,
  request: meta.request ?? null,
});

export const actionBody = (action: ActionView): ActionBody => ({
  command_id: action.commandId,
  action: action.action,
  status: action.result._tag,
  user: action.issuedBy,
  tenant: action.tenant,
  correlation_id: action.correlationId,
  client_ip: action.clientAddress,
  resource_type: action.resource === null ? null : SUBJECT_WORDS[action.resource.kind],
  resource_id: action.resource?.id ?? null,
  related_resources: action.related.map(({ kind, id }) => ({ resource_type: SUBJECT_WORDS[kind], resource_id: id })),
  parameter: action.parameters,
  events: action.result._tag === 'accepted' ? action.result.events : [],
  told: action.told,
  message: action.result._tag === 'refused' ? action.result.refusal.message : null,
  problem: action.result._tag === 'refused' ? problemOf(action.result.refusal) : null,
  start: moment(action.startedAt),
  finish: moment(action.finishedAt),
});

export const driftBody = (drift: Drift): DriftBody => ({
  kind: drift.kind,
  backend_name: drift.backendName,
  message: drift.message,
  mend: drift.mend,
  ...(drift.poolId === null ? {} : { pool: drift.poolId }),
  ...(drift.hostId === null ? {} : { host: drift.hostId }),
  ...(drift.accessPathId === undefined ? {} : { access_path: drift.accessPathId }),
  ...(drift.vipGroupId === undefined ? {} : { vip_group: drift.vipGroupId }),
  ...(drift.volumeId === undefined ? {} : { block_volume: drift.volumeId }),
  ...(drift.snapshotId === undefined ? {} : { block_snapshot: drift.snapshotId }),
  ...(drift.kind === 'differing' ? { field: drift.field, expected: drift.expected, found: drift.found } : {}),
});

export const driftReportBody = ({ drifts, unseen, busy }: DriftReport): DriftReportBody => ({
  drifts: drifts.map(driftBody),
  unseen: unseen.map(({ poolId, hostId, error }) => ({ ...(poolId === null ? {} : { pool: poolId }), ...(hostId === null ? {} : { host: hostId }), code: error.code, message: error.message })),
  busy,
});

export const rebuildBody = ({ volumes, snapshots, skipped }: RebuildReport): RebuildBody => ({
  block_volumes: volumes,
  block_snapshots: snapshots,
  skipped: skipped.map(({ poolId, backendName, why }) => ({ pool: poolId, backend_name: backendName, why })),
});

export const warningBody = ({ code, message, poolId, hostId, vipGroupId, since }: Warning): WarningBody => ({
  code,
  message,
  since: moment(since),
  ...(poolId === undefined ? {} : { pool: poolId }),
  ...(hostId === undefined ? {} : { host: hostId }),
  ...(vipGroupId === undefined ? {} : { vip_group: vipGroupId }),
});

export const planBody = ({ stream, events, work }: Plan): ActionPlan => ({
  stream,
  events: events.map((event) => ({ stream: event.stream, type: event.type, data: event.data as Loose })),
  work: work.map(({ workId, step, stream: owner, tells, performs }) => ({
    work_id: workId,
    step,
    stream: owner,
    ...(tells === undefined ? {} : { tells: tells.map((told) => ({ stream: told.stream, type: told.type, ...(told.refusal === undefined ? {} : { refusal: problemOf(told.refusal) }) })) }),
    ...(performs === undefined ? {} : { performs: { ...(performs.poolId === null ? {} : { pool: performs.poolId }), ...(performs.host === null ? {} : { host: performs.host }), backend: performs.backend, action: performs.action.do, steps: performs.steps } }),
  })),
});
