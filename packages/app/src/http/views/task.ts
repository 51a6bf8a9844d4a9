/** A task as the source writes it (S0-6, S0-135). */
import type { Progress } from '@blockledger/domain';
import type { TaskBody } from '../../api/bodies/task.ts';
import type { TaskView } from '../../queries/views.ts';
import { problemOf } from '../refusing/problems.ts';
import { moment } from './common.ts';
import { ENVELOPES } from './envelopes.ts';

const percent = ({ done, total, unit }: Progress): number => (unit === 'percent' ? done : Math.floor((100 * done) / Math.max(1, total)));

/** The resource inside `task` (S0-6, S0-135). `data` is written as the source writes it, with the id of the resource itself. */
export const taskBody = (task: TaskView): TaskBody => ({
  id: task.number,
  uuid: task.id,
  type: task.type,
  status: task.status,
  data: { [ENVELOPES[task.resource.kind]]: { id: task.resource.number, uuid: task.resource.id } },
  step: task.step,
  attempts: task.attempts,
  progress: task.progress === null ? null : { ...task.progress, percent: percent(task.progress) },
  error_msg: task.error?.message ?? null,
  error:
    task.error === null
      ? null
      : { code: task.error.code, message: task.error.message, ...(task.error.refusal === undefined ? {} : { refusal: problemOf(task.error.refusal) }) },
  issued_by: task.issuedBy,
  tenant: task.tenant,
  correlation_id: task.correlationId,
  execute: moment(task.startedAt),
  finish: moment(task.finishedAt),
});
