/** What the engine looks after by itself, at intervals: whether backends answer, what virtual IPs do, and whether what stands is what the log says. */
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import { makeBackendChecks, type BackendCheck } from './backendChecks.ts';
import type { DriftReport } from './driftViews.ts';
import type { VipLooks } from './vipLooks.ts';
import type { Engine } from '../parts.ts';
import type { Questions } from '../backends/questions.ts';

/** The latest comparison of log and backends. It was only looked at, never repaired. */
export interface AuditNote {
  /** When it ended, in ms since 1970. */
  readonly at: number;
  readonly tookMs: number;
  readonly report: DriftReport;
}

export interface Rounds {
  readonly backends: () => readonly BackendCheck[];
  readonly lastAudit: () => AuditNote | null;
  /** When an audit first missed something in a pool, of those since which one always has; in ms since 1970. */
  readonly missingSince: (poolId: string) => number | undefined;
  /** Compares now. */
  readonly audit: () => Promise<DriftReport>;
  /** Begins to look by itself, at the intervals of the limits. */
  readonly start: () => void;
}

export interface RoundsParts {
  readonly engine: Pick<Engine, 'backends' | 'clock' | 'limits' | 'logger'>;
  readonly states: States;
  readonly resources: Pick<ResourceQueries, 'indexes'>;
  readonly questions: Questions;
  readonly audit: () => Promise<DriftReport>;
  readonly vipLooks: VipLooks;
  readonly closing: AbortSignal;
}

/** The first audit comes after this part of its interval, when the start is over. */
const FIRST_AUDIT = 0.1;

export const makeRounds = ({ engine, states, resources, questions, audit, vipLooks, closing }: RoundsParts): Rounds => {
  const { clock, limits, logger } = engine;
  const checks = makeBackendChecks({ engine, states, resources, questions });
  let latest: AuditNote | null = null;
  let missing: ReadonlyMap<string, number> = new Map();

  const auditNow = async (): Promise<DriftReport> => {
    const began = clock.nowMs();
    const [report] = await Promise.all([audit(), vipLooks.look(true)]);
    const at = clock.nowMs();
    latest = { at, tookMs: at - began, report };
    missing = new Map(report.drifts.flatMap(({ kind, poolId }) => (kind === 'missing' && poolId !== null ? [[poolId, missing.get(poolId) ?? at] as const] : [])));
    return report;
  };

  const auditByItself = async (): Promise<void> => {
    const { drifts, unseen } = await auditNow();
    if (drifts.length > 0 || unseen.length > 0) logger.warn({ drifts: drifts.length, unseen: unseen.length }, 'log and backends differ, or a pool or a host could not be looked at');
  };

  const every = async (intervalMs: number, firstMs: number, look: () => Promise<void>): Promise<void> => {
    if (intervalMs <= 0) return;
    await clock.sleep(firstMs, closing);
    while (!closing.aborted) {
      await look();
      await clock.sleep(intervalMs, closing);
    }
  };

  return {
    backends: checks.latest,
    lastAudit: () => latest,
    missingSince: (poolId) => missing.get(poolId),
    audit: auditNow,
    start: () => {
      void every(limits.backendCheckEveryMs, 0, async () => void (await Promise.all([checks.ask(), vipLooks.look(false)])));
      void every(limits.auditEveryMs, limits.auditEveryMs * FIRST_AUDIT, auditByItself);
    },
  };
};
