/** What the engine looks after by itself, at intervals: whether backends answer, and whether what stands on them is what the log says. */
import type { PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import type { DriftReport } from './driftViews.ts';
import type { Engine } from '../parts.ts';
import type { Questions } from '../backends/questions.ts';

/** How a backend answered when it was last asked who it is. `unknown`: not asked yet, or no pool is on it. */
export interface BackendCheck {
  /** The name that pools carry. */
  readonly backend: string;
  /** `rbd`; null for one that pools name and this process does not have. */
  readonly kind: string | null;
  readonly state: 'up' | 'down' | 'absent' | 'unknown';
  /** In ms since 1970; null before the first. */
  readonly checkedAt: number | null;
  readonly error: PortError | null;
}

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
  readonly closing: AbortSignal;
}

/** The first audit comes after this part of its interval, when the start is over. */
const FIRST_AUDIT = 0.1;

export const makeRounds = ({ engine, states, resources, questions, audit, closing }: RoundsParts): Rounds => {
  const { clock, limits, logger } = engine;
  const checks = new Map<string, BackendCheck>();
  let latest: AuditNote | null = null;

  const placements = () => [...resources.indexes.pool.ids()].flatMap((id) => states.poolState(id)?.pool?.placement ?? []);

  const check = async (backend: string): Promise<void> => {
    const kind = engine.backends.get(backend)?.kind ?? null;
    const placement = placements().find((one) => one.backend === backend);
    if (kind === null) return void checks.set(backend, { backend, kind, state: 'absent', checkedAt: clock.nowMs(), error: null });
    if (placement === undefined) return void checks.set(backend, { backend, kind, state: 'unknown', checkedAt: null, error: null });
    const answer = await questions.identify(placement);
    const error = E.isLeft(answer) ? answer.left : null;
    const before = checks.get(backend)?.state;
    checks.set(backend, { backend, kind, state: error === null ? 'up' : 'down', checkedAt: clock.nowMs(), error });
    if (error !== null && before !== 'down') logger.warn({ backend, error }, 'a backend does not answer');
    if (error === null && before === 'down') logger.info({ backend }, 'a backend answers again');
  };

  const checkAll = async (): Promise<void> => {
    const names = new Set([...engine.backends.keys(), ...placements().map(({ backend }) => backend)]);
    for (const name of checks.keys()) if (!names.has(name)) checks.delete(name);
    await Promise.all([...names].map(check));
  };

  const auditNow = async (): Promise<DriftReport> => {
    const began = clock.nowMs();
    const report = await audit();
    latest = { at: clock.nowMs(), tookMs: clock.nowMs() - began, report };
    return report;
  };

  const auditByItself = async (): Promise<void> => {
    const { drifts, unseen } = await auditNow();
    if (drifts.length > 0 || unseen.length > 0) logger.warn({ drifts: drifts.length, unseenPools: unseen.length }, 'log and backends differ, or a pool could not be looked at');
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
    backends: () => [
      ...[...engine.backends].map(([backend, { kind }]): BackendCheck => checks.get(backend) ?? { backend, kind, state: 'unknown', checkedAt: null, error: null }),
      ...[...checks.values()].filter(({ kind }) => kind === null),
    ],
    lastAudit: () => latest,
    audit: auditNow,
    start: () => {
      void every(limits.backendCheckEveryMs, 0, checkAll);
      void every(limits.auditEveryMs, limits.auditEveryMs * FIRST_AUDIT, auditByItself);
    },
  };
};
