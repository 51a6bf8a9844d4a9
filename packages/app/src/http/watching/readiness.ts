/** Whether the service should be sent requests: asked of memory and of the store's head, in bounded time. */
import type { ControlPlane, Warning } from '../../engine/controlPlane.ts';
import type { BackendCheck } from '../../engine/audit/backendChecks.ts';
import { headInTime, STORE_PATIENCE_MS } from '../../engine/watching/storeHead.ts';

/** Events stored and not folded yet, beyond which what readers see is too old. */
const MOST_LAG_EVENTS = 1_000;

/** `unready` and `draining`: send nobody here. `degraded`: it serves, and somebody should look. */
export type Readiness = 'ready' | 'degraded' | 'unready' | 'draining';

type Check = { readonly status: 'ok' | 'warning' | 'failed' } & Readonly<Record<string, unknown>>;

/** What is told of whether the service is ready. */
export interface ReadinessBody {
  readonly status: Readiness;
  readonly checks: Readonly<Record<'store' | 'projection' | 'backends' | 'audit' | 'warnings' | 'draining', Check>>;
}

export interface ReadinessQuestion {
  readonly plane: ControlPlane;
  readonly nowMs: number;
  readonly isDraining: boolean;
  /** Also names and messages; only for somebody whose token was looked at. */
  readonly verbose: boolean;
}

const SECOND_MS = 1_000;
const ageSeconds = (nowMs: number, at: number): number => Math.round(Math.max(0, nowMs - at) / SECOND_MS);

const storeCheck = (head: number | undefined, trouble: Warning | undefined, verbose: boolean): Check => {
  if (head === undefined) return { status: 'failed', message: `the event store did not tell its head within ${STORE_PATIENCE_MS} ms` };
  if (trouble === undefined) return { status: 'ok', head };
  return { status: 'failed', head, message: 'the event store takes no events', ...(verbose ? { detail: trouble.message } : {}) };
};

const projectionCheck = (head: number | undefined, folded: number): Check => {
  if (head === undefined) return { status: 'warning', folded };
  const lag = Math.max(0, head - folded);
  return { status: lag > MOST_LAG_EVENTS ? 'failed' : 'ok', folded, lag, limit: MOST_LAG_EVENTS };
};

const backendsCheck = (backends: readonly BackendCheck[], { nowMs, verbose }: ReadinessQuestion): Check => {
  const isWell = ({ state }: BackendCheck): boolean => state === 'up' || state === 'unknown';
  const of = ({ backend, kind, state, checkedAt, error }: BackendCheck): object => ({
    ...(verbose ? { backend, kind } : {}),
    state,
    checkedSecondsAgo: checkedAt === null ? null : ageSeconds(nowMs, checkedAt),
    ...(error === null ? {} : { code: error.code, ...(verbose ? { message: error.message } : {}) }),
  });
  return { status: backends.every(isWell) ? 'ok' : 'warning', backends: backends.map(of) };
};

const auditCheck = (plane: ControlPlane, nowMs: number): Check => {
  const latest = plane.monitor.lastAudit();
  if (latest === null) return { status: 'ok', at: null };
  const { drifts, unseen } = latest.report;
  return { status: drifts.length + unseen.length > 0 ? 'warning' : 'ok', at: new Date(latest.at).toISOString(), secondsAgo: ageSeconds(nowMs, latest.at), drift: drifts.length, unseenPools: unseen.filter(({ poolId }) => poolId !== null).length, unseenHosts: unseen.filter(({ hostId }) => hostId !== null).length };
};

const warningsCheck = (warnings: readonly Warning[], verbose: boolean): Check => ({
  status: warnings.length === 0 ? 'ok' : 'warning',
  codes: [...new Set(warnings.map(({ code }) => code))],
  ...(verbose ? { warnings: warnings.map(({ code, message, since }) => ({ code, message, since: new Date(since).toISOString() })) } : {}),
});

/** The HTTP status that says the same. */
export const statusOf = ({ status }: ReadinessBody): number => (status === 'ready' || status === 'degraded' ? 200 : 503);

const overall = (checks: readonly Check[]): Readiness => {
  if (checks.some(({ status }) => status === 'failed')) return 'unready';
  return checks.every(({ status }) => status === 'ok') ? 'ready' : 'degraded';
};

/** Looks at everything once. A backend that is down degrades the service and does not end it: other pools go on. */
export const readinessOf = async (question: ReadinessQuestion): Promise<ReadinessBody> => {
  const { plane, nowMs, isDraining, verbose } = question;
  const head = await headInTime(plane.monitor);
  const warnings = plane.warnings();
  const checks: ReadinessBody['checks'] = {
    store: storeCheck(head, warnings.find(({ code }) => code === 'StoreTrouble'), verbose),
    projection: projectionCheck(head, plane.monitor.status().position),
    backends: backendsCheck(plane.monitor.backends(), question),
    audit: auditCheck(plane, nowMs),
    warnings: warningsCheck(warnings, verbose),
    draining: { status: isDraining ? 'failed' : 'ok' },
  };
  return { status: isDraining ? 'draining' : overall(Object.values(checks)), checks };
};
