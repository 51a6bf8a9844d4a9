/** What commands have in common that change something at once: a plan, a key, and how a plan is shown. */
import * as E from 'fp-ts/lib/Either.js';
import type { PlanReply } from '../../api/operation.ts';
import type { ClientFailure } from '../../client/index.ts';
import type { Outcome } from '../frame/command.ts';
import { changeParts, planText, type ChangeArguments } from './changing.ts';
import { orEnd } from './serviceCommand.ts';

/** Their options. */
export const immediateParts = { plan: changeParts.plan, key: changeParts.key } as const;

/** What the client's call takes of them. */
export const immediately = ({ plan, key }: { readonly plan: boolean; readonly key: string | undefined }): ChangeArguments => ({
  query: plan ? { plan } : {},
  ...(key === undefined ? {} : { idempotencyKey: key }),
});

const isPlan = (body: object): body is PlanReply => 'plan' in body;

/** Shows what came of it, or the plan of what was only planned. */
export const planOr = <R extends { readonly body: object }>(answered: E.Either<ClientFailure, R>, shown: (body: Exclude<R['body'], PlanReply>) => Outcome): Outcome => {
  const ended = orEnd(answered);
  if (E.isLeft(ended)) return ended;
  const { body } = ended.right;
  if (isPlan(body)) return E.right({ json: body, show: (screen) => planText(screen, body.plan) });
  return shown(body as Exclude<R['body'], PlanReply>);
};
