/** The pages for machines that look, the same on the port of the service and on one of their own. */
import type { ControlPlane } from '../../engine/controlPlane.ts';
import { systemClock } from '../../system/clock.ts';
import { readinessOf, statusOf } from './readiness.ts';

/** What is answered, as JSON, and never from a cache. */
export interface StatusPage {
  readonly status: number;
  readonly body: object;
}

/** `/healthz`: the process lives, whatever it has to say besides. */
export const healthPage = (plane: ControlPlane): StatusPage => {
  const warnings = plane.warnings().map(({ code }) => code);
  return { status: 200, body: { status: warnings.length === 0 ? 'ok' : 'degraded', warnings } };
};

/** Whose readiness is asked for, and by whom. */
export interface ReadyQuestion {
  readonly plane: ControlPlane;
  /** Given when the service begins to end: it is not ready from then on. */
  readonly ending: AbortSignal;
  /** Also names and messages; only for somebody whose token was looked at. */
  readonly verbose: boolean;
}

/** `/readyz`: whether requests should be sent here. */
export const readyPage = async ({ plane, ending, verbose }: ReadyQuestion): Promise<StatusPage> => {
  const body = await readinessOf({ plane, nowMs: systemClock.nowMs(), isDraining: ending.aborted, verbose });
  return { status: statusOf(body), body };
};
