/** The backends of the configuration, each with the pools that it is to serve. */
import * as E from 'fp-ts/lib/Either.js';
import type { BlockBackend, CallContext, Finding, Placement } from '@blockledger/domain';
import type { ServiceConfig } from '../config.ts';
import { messageOf } from '../exit.ts';
import { showSize } from '../frame/size.ts';
import { showDuration } from '../frame/time.ts';
import { fine, problem, warning, type Section } from './findings.ts';

/** No object on a backend belongs to this installation. */
export const DOCTOR = 'doctor';

/** What every backend can be asked: which pool this is, and how full. */
const askPool = async (backend: BlockBackend, placement: Placement, context: CallContext): Promise<Finding> => {
  const { pool } = placement;
  const identity = await backend.identify(placement, context)();
  if (E.isLeft(identity)) {
    return problem('pool', pool, { found: `pool ${pool} cannot be asked who it is: ${identity.left.message}`, meaning: 'No volume can be made in it.', remedy: 'see whether the storage can be reached, and whether the pool is there' });
  }
  const stats = await backend.stats(placement, context)();
  if (E.isLeft(stats)) {
    return warning('poolRoom', pool, { found: `pool ${pool} does not tell how full it is: ${stats.left.message}`, meaning: 'New volumes wait until it does.', remedy: 'see whether the storage collects its statistics' });
  }
  return fine('poolRoom', pool, `pool ${pool} answers: ${showSize(stats.right.freeBytes)} of ${showSize(stats.right.totalBytes)} are free`);
};

const lookAtBackend = async (backend: BlockBackend, placements: readonly Placement[], signal: AbortSignal): Promise<readonly Finding[]> => {
  const context: CallContext = { signal, onProgress: () => undefined, installationId: DOCTOR };
  const own = backend.diagnose === undefined ? [] : await backend.diagnose(placements, context)();
  // What the backend found wrong would only be found again.
  if (own.some(({ level }) => level === 'problem')) return own;
  return [...own, ...(await Promise.all(placements.map((placement) => askPool(backend, placement, context))))];
};

/** After its signal a backend has so long to end. */
const GRACE_MS = 2_000;

/** A backend never throws and always ends; should one of somebody else's not, the doctor still has an answer. */
export const guarded = async (name: string, patienceMs: number, look: (signal: AbortSignal) => Promise<readonly Finding[]>): Promise<readonly Finding[]> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<readonly Finding[]>((resolve) => {
    const found = `backend ${name} did not say how it is within ${showDuration(patienceMs)}`;
    const late = problem('backend', name, { found, meaning: 'Its work waits, too.', remedy: 'see whether what it drives can be reached' });
    timer = setTimeout(() => resolve([late]), patienceMs + GRACE_MS);
  });
  try {
    return await Promise.race([look(AbortSignal.timeout(patienceMs)), tooLate]);
  } catch (thrown) {
    return [problem('backend', name, { found: `backend ${name} broke while it was asked: ${messageOf(thrown)}`, meaning: 'It may break while it works, too.', remedy: 'tell its authors' })];
  } finally {
    clearTimeout(timer);
  }
};

const placementsOf = ({ pools = {} }: ServiceConfig, name: string): readonly Placement[] =>
  Object.values(pools)
    .filter(({ backend }) => backend === name)
    .map(({ backend, pool, dataPool }) => ({ backend, pool, ...(dataPool === undefined ? {} : { dataPool }) }));

/** How backends are looked at. */
export interface BackendExamination {
  /** Each has so long. */
  readonly patienceMs: number;
  /** Told the name of each. */
  readonly onBegin: (name: string) => void;
}

/** Looks at one backend after the other. */
export const lookAtBackends = async (config: ServiceConfig, { patienceMs, onBegin }: BackendExamination): Promise<readonly Section[]> => {
  const sections: Section[] = [];
  for (const [name, backend] of Object.entries(config.backends)) {
    onBegin(name);
    const findings = await guarded(name, patienceMs, async (signal) => lookAtBackend(backend, placementsOf(config, name), signal));
    sections.push({ title: `Backend ${name} (${backend.kind})`, findings });
    void backend.close().catch(() => undefined);
  }
  return sections;
};
