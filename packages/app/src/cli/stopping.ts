/** How a service ends in order. */
import type { ControlPlane, DrainReport } from '../engine/controlPlane.ts';
import type { HttpService } from '../http/index.ts';
import { systemClock } from '../system/clock.ts';
import type { Settings } from './settings.ts';

/** What holds where the configuration says nothing of `shutdownGraceMs`. */
const DEFAULT_GRACE_MS = 10_000;

/** What is to end. */
export interface Ended {
  readonly settings: Settings;
  readonly service: HttpService;
  readonly plane: ControlPlane;
  /** Closes everything at once. */
  readonly stop: () => Promise<void>;
}

/** Answers what was asked while calls of backends end, both at most for the time of grace; what has not ended by then is handed back to the log. */
export const stopInOrder = async ({ settings, service, plane, stop }: Ended): Promise<DrainReport> => {
  const graceMs = settings.config.shutdownGraceMs ?? DEFAULT_GRACE_MS;
  const enough = new AbortController();
  const [report] = await Promise.all([plane.drain(graceMs), Promise.race([service.drain(), systemClock.sleep(graceMs, enough.signal)])]);
  enough.abort();
  await stop();
  return report;
};
