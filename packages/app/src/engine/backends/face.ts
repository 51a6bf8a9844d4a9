/** Pausing and resuming backends, as methods of the library face. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { BackendQueries } from '../../queries/backends.ts';
import type { BackendView } from '../../queries/backendViews.ts';
import type { Answer } from '../answer.ts';
import type { Callers, Wish } from '../commands/callers.ts';
import type { AdminPlans, PlanWish } from '../commands/plan.ts';
import type { BackendVerbs, Plan } from '../controlPlane.ts';
import { refuseEngine } from '../refusals.ts';
import type { AdminRequest, RequestOptions } from '../requests.ts';

export interface BackendFaceParts {
  readonly callers: Pick<Callers, 'carry'>;
  readonly backends: BackendQueries;
  readonly closing: AbortSignal;
}

type Pausing = Extract<AdminRequest, { readonly do: 'pauseBackend' | 'resumeBackend' }>;

const backendWish = (request: Pausing): Wish<'backend'> => {
  const { backend } = request;
  const command = request.do === 'pauseBackend' ? { type: 'PauseBackend', reason: request.reason } : { type: 'ResumeBackend' };
  return { request, address: () => E.right({ to: 'backend', command: { ...command, backend }, resource: { kind: 'backend', id: backend } }) };
};

export const backendPlans = (planWish: PlanWish): Pick<AdminPlans, Pausing['do']> => {
  const plan = (request: Pausing, options: RequestOptions): Answer<Plan> => planWish(backendWish(request), options);
  return { pauseBackend: plan, resumeBackend: plan };
};

export const makeBackendVerbs = ({ callers, backends, closing }: BackendFaceParts): BackendVerbs => {
  const carry = async (request: Pausing, options: RequestOptions = {}): Promise<E.Either<Refusal, BackendView>> => {
    if (closing.aborted) return E.left(refuseEngine('PlaneIsClosed', 'the control plane was closed'));
    const { backend: name } = request;
    const carried = await callers.carry(backendWish(request), options);
    if (E.isLeft(carried)) return carried;
    return E.fromNullable(refuseEngine('BackendIsUnknown', `there is no backend named "${name}"`, { value: name }))(backends.get(name));
  };

  return {
    pauseBackend: (name, input, options) => carry({ do: 'pauseBackend', backend: name, ...input }, options),
    resumeBackend: (name, options) => carry({ do: 'resumeBackend', backend: name }, options),
  };
};
