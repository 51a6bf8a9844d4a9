/** The methods of the library face: each is a request as data, answered with the resource and its task. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { kinds } from '../queries/kinds/index.ts';
import type { Lookup } from '../queries/kinds/lookup.ts';
import { partIn } from '../queries/parts/index.ts';
import type { States } from '../queries/states.ts';
import { hasEnded, type TaskQueries } from '../queries/tasks.ts';
import type { PoolView, SnapshotView, TaskView, VolumeView } from '../queries/views.ts';
import type { AcceptedAttachment } from './attachmentFace.ts';
import { makeAttachmentVerbs } from './attachmentVerbs.ts';
import type { Accepting, Asks } from './commands/callers.ts';
import { refusalOfStore } from './commands/commandHandler.ts';
import type { Accepted, Answer, Verbs } from './controlPlane.ts';
import { makePathVerbs, type SendPath } from './pathVerbs.ts';
import { notFound, refuseEngine } from './refusals.ts';
import type { PlaneRequest, RequestOptions } from './requests.ts';
import type { ChapSecrets } from './secrets/chap.ts';
import type { TaskWaits } from './tasks/face.ts';

export interface VerbParts {
  readonly callers: Asks;
  readonly chap: Pick<ChapSecrets, 'submit'>;
  readonly states: States;
  readonly lookup: Lookup;
  readonly tasks: TaskQueries;
  readonly waits: TaskWaits;
  readonly closing: AbortSignal;
}

/** What a task's end is to a caller who waited for it. */
const verdict = (task: TaskView): E.Either<Refusal, TaskView> => {
  if (task.status === 'succeeded') return E.right(task);
  if (task.error?.refusal !== undefined) return E.left(task.error.refusal);
  return E.left(refuseEngine('TaskFailed', `task ${task.id} ${task.status}: ${task.error?.message ?? 'it was given up'}`, { operationId: task.id, value: task.error?.code ?? task.status }));
};

/** A snapshot has no stream before its volume has told it, and who does that may be another process, or one that is just taking over. */
const notYet = ({ id, resource }: TaskView): Refusal =>
  refuseEngine('TimedOut', `the ${resource.kind} ${resource.id} is accepted and not there yet`, { operationId: id, value: resource.id });

export const makeVerbs = ({ callers, chap, states, lookup, tasks, waits, closing }: VerbParts): Verbs => {
  const present = async ({ commandId, addressed, executed }: Accepting): Promise<E.Either<Refusal, Accepted>> => {
    const { part, resource: { kind, id } } = addressed;
    const loaded = await states.load(`${kind}-${id}`);
    if (E.isLeft(loaded)) return E.left(refusalOfStore(loaded.left));
    const resource = kinds[kind].view(loaded.right.state, lookup);
    const task = tasks.get(commandId) ?? null;
    if (resource === undefined) return E.left(task === null || hasEnded(task) ? notFound(kind, id) : notYet(task));
    return E.right({ commandId, resource, part: part === undefined ? null : (partIn(resource, part) ?? null), task, repeated: executed.repeated, position: states.head() });
  };

  const send = async (request: PlaneRequest, options: RequestOptions = {}): Promise<E.Either<Refusal, Accepted>> => {
    if (closing.aborted) return E.left(refuseEngine('PlaneIsClosed', 'the control plane was closed'));
    const accepting = await chap.submit(callers, request, options);
    if (E.isLeft(accepting)) return accepting;
    const task = tasks.get(accepting.right.commandId);
    if (options.wait === 'done' && task !== undefined) {
      const ended = await waits.await(task.id, options.timeoutMs);
      const judged = E.isLeft(ended) ? ended : verdict(ended.right);
      if (E.isLeft(judged)) return judged;
    }
    return present(accepting.right);
  };

  // Every request answers with the kind of resource that it names.
  const volume = (request: PlaneRequest, options?: RequestOptions): Answer<Accepted<VolumeView>> => send(request, options) as Answer<Accepted<VolumeView>>;
  const snapshot = (request: PlaneRequest, options?: RequestOptions): Answer<Accepted<SnapshotView>> => send(request, options) as Answer<Accepted<SnapshotView>>;
  const pool = (request: PlaneRequest, options?: RequestOptions): Answer<Accepted<PoolView>> => send(request, options) as Answer<Accepted<PoolView>>;
  const path: SendPath = <A extends Accepted>(request: PlaneRequest, options?: RequestOptions) => send(request, options) as Answer<A>;

  return {
    request: send,
    ...makePathVerbs(path),
    ...makeAttachmentVerbs((request, options) => send(request, options) as Answer<AcceptedAttachment>),
    createVolume: (input, options) => volume({ do: 'createVolume', input }, options),
    adoptVolume: (input, options) => volume({ do: 'adoptVolume', input }, options),
    updateVolume: (ref, input, options) => volume({ do: 'updateVolume', volume: ref, input }, options),
    flattenVolume: (ref, options) => volume({ do: 'flattenVolume', volume: ref }, options),
    migrateVolume: (ref, input, options) => volume({ do: 'migrateVolume', volume: ref, input }, options),
    rollBackVolume: (ref, input, options) => volume({ do: 'rollBackVolume', volume: ref, input }, options),
    deleteVolume: (ref, input = {}, options) => volume({ do: 'deleteVolume', volume: ref, input }, options),
    undeleteVolume: (ref, options) => volume({ do: 'undeleteVolume', volume: ref }, options),
    disownVolume: (ref, options) => volume({ do: 'disownVolume', volume: ref }, options),
    promoteVolume: (ref, options) => volume({ do: 'promoteVolume', volume: ref }, options),
    demoteVolume: (ref, options) => volume({ do: 'demoteVolume', volume: ref }, options),
    reserveMapping: (ref, input, options) => volume({ do: 'reserveMapping', volume: ref, input }, options),
    releaseMapping: (ref, input, options) => volume({ do: 'releaseMapping', volume: ref, input }, options),
    joinVolumeGroup: (ref, input, options) => volume({ do: 'joinVolumeGroup', volume: ref, input }, options),
    leaveVolumeGroup: (ref, input, options) => volume({ do: 'leaveVolumeGroup', volume: ref, input }, options),
    createSnapshot: (input, options) => snapshot({ do: 'createSnapshot', input }, options),
    deleteSnapshot: (ref, input = {}, options) => snapshot({ do: 'deleteSnapshot', snapshot: ref, input }, options),
    protectSnapshot: (ref, options) => snapshot({ do: 'protectSnapshot', snapshot: ref }, options),
    unprotectSnapshot: (ref, options) => snapshot({ do: 'unprotectSnapshot', snapshot: ref }, options),
    registerPool: (input, options) => pool({ do: 'registerPool', input }, options),
    updatePool: (ref, input, options) => pool({ do: 'updatePool', pool: ref, input }, options),
    reportPoolHealth: (ref, input, options) => pool({ do: 'reportPoolHealth', pool: ref, input }, options),
    pausePool: (ref, input, options) => pool({ do: 'pausePool', pool: ref, input }, options),
    resumePool: (ref, options) => pool({ do: 'resumePool', pool: ref }, options),
    retirePool: (ref, options) => pool({ do: 'retirePool', pool: ref }, options),
  };
};
