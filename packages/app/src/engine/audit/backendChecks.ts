/** Whether backends answer: each is asked who it is, by way of one of its pools. */
import type { PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import type { Questions } from '../backends/questions.ts';
import type { Engine } from '../parts.ts';

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

export interface BackendChecks {
  /** How each answered when it was last asked. */
  readonly latest: () => readonly BackendCheck[];
  /** Asks all of them, those that pools name and nobody has included. */
  readonly ask: () => Promise<void>;
}

export interface BackendCheckParts {
  readonly engine: Pick<Engine, 'backends' | 'clock' | 'logger'>;
  readonly states: States;
  readonly resources: Pick<ResourceQueries, 'indexes'>;
  readonly questions: Questions;
}

export const makeBackendChecks = ({ engine, states, resources, questions }: BackendCheckParts): BackendChecks => {
  const { clock, logger } = engine;
  const checks = new Map<string, BackendCheck>();

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

  return {
    latest: () => [
      ...[...engine.backends].map(([backend, { kind }]): BackendCheck => checks.get(backend) ?? { backend, kind, state: 'unknown', checkedAt: null, error: null }),
      ...[...checks.values()].filter(({ kind }) => kind === null),
    ],
    ask: async () => {
      const names = new Set([...engine.backends.keys(), ...placements().map(({ backend }) => backend)]);
      for (const name of checks.keys()) if (!names.has(name)) checks.delete(name);
      await Promise.all([...names].map(check));
    },
  };
};
