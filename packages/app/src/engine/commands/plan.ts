/** Dry runs: what a request would do, from the present state to the end of its work. */
import type { CommandMeta, Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { SubjectKindName } from '../../queries/views.ts';
import type { Answer } from '../answer.ts';
import type { Inspection, Plan } from '../controlPlane.ts';
import type { AdminRequest, PlaneRequest, RequestOptions } from '../requests.ts';
import { aggregates } from './aggregates.ts';
import { wishOf, type Asks, type Wish } from './callers.ts';
import { changedSince, refusalOfStore } from './commandHandler.ts';
import type { FactSources } from './facts.ts';
import { imagine, type ImaginingParts } from './imagining.ts';
import type { Addressed } from './requests/index.ts';

/** Plans whatever is one command. Other facts than the real ones are given where a command names what is kept only in earnest. */
export type PlanWish = <K extends SubjectKindName>(wish: Wish<K>, options: RequestOptions, facts?: Partial<FactSources>) => Answer<Plan>;

/** How each request of an administrator is planned. */
export type AdminPlans = { readonly [Do in AdminRequest['do']]: (request: Extract<AdminRequest, { readonly do: Do }>, options: RequestOptions) => Answer<Plan> };

export interface PlanParts extends ImaginingParts {
  readonly callers: Pick<Asks, 'address'>;
}

type Meant = Pick<Addressed<SubjectKindName>, 'to' | 'command'>;

/** What would refuse the command as out of date. One that cannot be read has no stream: it is refused as such. */
const staleness = async ({ states }: PlanParts, { to, command }: Meant, expected: number | undefined): Promise<Refusal | undefined> => {
  const decoded = aggregates[to].decodeCommand(command);
  if (expected === undefined || E.isLeft(decoded)) return undefined;
  const stream = aggregates[to].streamOf(decoded.right);
  const loaded = await states.load(stream);
  return E.isLeft(loaded) ? refusalOfStore(loaded.left) : changedSince(expected, stream, loaded.right.revision);
};

const planCommand = async (parts: ImaginingParts, { to, command }: Meant, meta: CommandMeta): Promise<E.Either<Refusal, Plan>> => {
  const imagined = imagine(parts);
  const executed = await imagined.execute(to, command, meta);
  if (E.isLeft(executed)) return executed;
  await imagined.finish(meta);
  const { events, work } = imagined.told();
  const refused = work.flatMap(({ tells }) => tells ?? []).find(({ refusal }) => refusal !== undefined)?.refusal;
  // What a reservation would refuse is the caller's answer, as it would be in earnest.
  return refused === undefined ? E.right({ stream: executed.right.stream, events, work }) : E.left(refused);
};

export const makePlanWish =
  (parts: PlanParts): PlanWish =>
  async (wish, options, facts = {}) => {
    const addressed = parts.callers.address(wish, options);
    if (E.isLeft(addressed)) return addressed;
    const { meta, addressed: meant } = addressed.right;
    const changed = await staleness(parts, meant, options.expectedRevision);
    return changed === undefined ? planCommand({ ...parts, facts: { ...parts.facts, ...facts } }, meant, meta) : E.left(changed);
  };

/** How a request is planned whose secret is not kept. */
export type PlannedAs = (request: PlaneRequest, options: RequestOptions) => Promise<E.Either<Refusal, { readonly request: PlaneRequest; readonly options: RequestOptions; readonly facts: Partial<FactSources> }>>;

export const makePlan = (planWish: PlanWish, admin: AdminPlans, plannedAs: PlannedAs): Inspection['plan'] => {
  const isAdmin = (request: PlaneRequest | AdminRequest): request is AdminRequest => Object.hasOwn(admin, request.do);
  /** Each request finds its own planner. */
  const planAdmin = <Do extends AdminRequest['do']>(request: Extract<AdminRequest, { readonly do: Do }>, options: RequestOptions): Answer<Plan> => admin[request.do](request, options);
  const planPlain = async (request: PlaneRequest, options: RequestOptions): Answer<Plan> => {
    const meant = await plannedAs(request, options);
    return E.isLeft(meant) ? meant : planWish(wishOf(meant.right.request), meant.right.options, meant.right.facts);
  };
  return (request: PlaneRequest | AdminRequest, options = {}) => (isAdmin(request) ? planAdmin(request, options) : planPlain(request, options));
};
