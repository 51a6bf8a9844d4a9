/** Answers one operation: a change is sent to the control plane, planned or waited for; what is done at once is done or planned; anything else is its handler's own. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { API_ROOT } from '../api/limits.ts';
import type { Operation } from '../api/operation.ts';
import type { OperationId } from '../api/operations/index.ts';
import type { Accepted, ControlPlane, Plan } from '../engine/controlPlane.ts';
import type { AdminRequest, PlaneRequest, RequestOptions } from '../engine/requests.ts';
import type { AttachmentView } from '../queries/attachmentViews.ts';
import type { PartView } from '../queries/pathViews.ts';
import type { Principal, ResourceView } from '../queries/views.ts';
import type { DecodedRequest } from './requests/decode.ts';
import type { Handled, Immediate, Reply, Streamed } from './handlers/handler.ts';
import { handlers } from './handlers/index.ts';
import { ENVELOPES } from './views/envelopes.ts';
import { planBody } from './views/inspection.ts';
import { partBody, resourceBody } from './views/resource.ts';
import { taskBody } from './views/task.ts';

/** What an answer depends on besides the request's own parts. */
export interface Asking {
  readonly principal: Principal;
  readonly options: RequestOptions;
  /** Seconds to wait for the task; undefined: do not. */
  readonly waitSeconds: number | undefined;
  /** Given when the service is about to end: who waits is answered at once. */
  readonly ending: AbortSignal;
}

/** A change, and how it is answered. */
interface Answering extends Asking {
  /** The envelope of the part of the resource that the change is about. */
  readonly part: string | undefined;
}

/**
 * Accepted: the resource, the part of it that was asked about and the task, all in their envelopes, and where to look at the task (S0-6). 200 where nothing is left to do.
 * A repeat of an earlier request says so in a header, and is the same otherwise (I-16).
 */
const acceptedReply = ({ resource, part, task, repeated }: Accepted, isOver: boolean, partName: string | undefined): Reply => ({
  status: task === null || isOver ? 200 : 202,
  body: {
    [ENVELOPES[resource.kind]]: resourceBody(resource),
    ...(partName === undefined ? {} : { [partName]: part === null ? null : partBody(part) }),
    task: task === null ? null : taskBody(task),
  },
  headers: {
    ...(task === null ? {} : { location: `${API_ROOT}/tasks/${task.number}` }),
    ...(repeated ? { 'idempotent-replayed': 'true' } : {}),
  },
});

const MS = 1000;

/** What comes of the work, or undefined as soon as the signal is given. The signal outlives the work, and does not keep what listened to it. */
const unlessGiven = async <A>(signal: AbortSignal, work: Promise<A>): Promise<A | undefined> => {
  let stop = (): void => undefined;
  const given = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
  });
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work, given]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

/** A resource as it stands now, or stood at its end. It is read: the request is never sent again, for it might then be another command. */
const asItStands = async (plane: ControlPlane, { kind, id }: ResourceView): Promise<ResourceView | undefined> => {
  const { volumes: volume, snapshots: snapshot, pools: pool, hosts: host, clientGroups: clientGroup, accessPaths: accessPath, vipGroups: vipGroup } = plane;
  const found: E.Either<Refusal, ResourceView> = await { volume, snapshot, pool, host, clientGroup, accessPath, vipGroup }[kind].find(id);
  return E.isRight(found) ? found.right : undefined;
};

/** A part as it stands now; null where it is gone. */
const partAsItStands = (plane: ControlPlane, part: PartView | AttachmentView | null): PartView | AttachmentView | null => {
  if (part === null) return null;
  if (part.kind === 'attachment') return plane.attachments.get(part.volume.id, part.id) ?? null;
  const { networkAddresses, targets, mappingGroups, vips } = plane;
  return { networkAddress: networkAddresses, target: targets, mappingGroup: mappingGroups, vip: vips }[part.kind].get(part.id) ?? null;
};

/** Waits for the task, then looks at what became of it and of the resource. */
const waitFor = async (plane: ControlPlane, accepted: Accepted, { waitSeconds, ending, part: partName }: Answering): Handled => {
  const { resource, part, task } = accepted;
  if (waitSeconds === undefined || task === null) return E.right(acceptedReply(accepted, false, partName));
  const ended = await unlessGiven(ending, plane.tasks.await(task.id, waitSeconds * MS));
  const now: Accepted = { ...accepted, resource: (await asItStands(plane, resource)) ?? resource, part: partAsItStands(plane, part), task: plane.tasks.get(task.id) ?? task };
  const reply = acceptedReply(now, ended !== undefined && E.isRight(ended), partName);
  return E.right({ ...reply, headers: { ...reply.headers, 'preference-applied': `wait=${waitSeconds}` } });
};

const planned = async (plane: ControlPlane, request: PlaneRequest | AdminRequest, { options }: Asking): Handled =>
  E.map((plan: Plan): Reply => ({ status: 200, body: { plan: planBody(plan) } }))(await plane.plan(request, options));

const answerChange = async (plane: ControlPlane, asked: E.Either<Refusal, PlaneRequest>, isPlan: boolean, asking: Answering): Handled => {
  if (E.isLeft(asked)) return asked;
  if (isPlan) return planned(plane, asked.right, asking);
  const accepted = await plane.request(asked.right, asking.options);
  return E.isLeft(accepted) ? accepted : waitFor(plane, accepted.right, asking);
};

/** The operations and their handlers fit each other by their types; from here on they are looked up by id. */
const changing = (id: OperationId): ((asked: object) => E.Either<Refusal, PlaneRequest>) => handlers[id] as (asked: object) => E.Either<Refusal, PlaneRequest>;
const acting = (id: OperationId): ((plane: ControlPlane, asked: object) => E.Either<Refusal, Immediate>) => handlers[id] as (plane: ControlPlane, asked: object) => E.Either<Refusal, Immediate>;
const streaming = (id: OperationId): ((plane: ControlPlane, asked: object) => Streamed) => handlers[id] as (plane: ControlPlane, asked: object) => Streamed;
const answering = (id: OperationId): ((plane: ControlPlane, asked: object) => Handled) => handlers[id] as (plane: ControlPlane, asked: object) => Handled;

/** What a decoded request for a stream is told. */
export const streamFor = (plane: ControlPlane, id: OperationId, request: DecodedRequest, { options, principal, lastEventId }: Pick<Asking, 'options' | 'principal'> & { readonly lastEventId: string | undefined }): Streamed =>
  streaming(id)(plane, { ...request, options, principal, lastEventId });

/** Answers a decoded request. */
export const answer = async (plane: ControlPlane, [id, operation]: readonly [OperationId, Operation], request: DecodedRequest, asking: Asking): Handled => {
  const { options, principal, ending } = asking;
  const asked = { ...request, options, principal, ending };
  const { plan, ...query } = request.query;
  if (operation.kind === 'change') return answerChange(plane, changing(id)({ ...asked, query }), plan === true, { ...asking, part: operation.part });
  if (operation.kind !== 'immediate') return answering(id)(plane, asked);
  const act = acting(id)(plane, { ...asked, query });
  if (E.isLeft(act)) return act;
  return plan === true ? planned(plane, act.right.request, asking) : act.right.run();
};
