/** One array: its volumes and its targets, over one login. */
import type { BlockBackend, CallContext, TargetBackend } from '@blockledger/domain';
import { volumesOf } from './backend.ts';
import { linkTo } from './http/link.ts';
import { inTurn } from './inTurn.ts';
import { type QsanOptions, settle } from './options.ts';
import { newProofs } from './proofs.ts';
import type { Session } from './session.ts';
import { targetsOf } from './targetBackend.ts';

/** The two backends of one array. They are registered under the same name: an access path of an array takes volumes of that array only. */
export interface QsanBackends {
  readonly volumes: BlockBackend;
  readonly targets: TargetBackend;
}

/** A function that calls the other one the first time only. */
const onceOnly = (work: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
};

/**
 * Drives a QSAN array through its REST interface (S1-1…S1-24): its volumes and snapshots, and one target for each volume that is mapped. Both
 * share one login, one set of connections and what is known of the array; the last one that is closed logs out.
 *
 * - The certificate of the array is checked: give who signed it as `ca`.
 * - The array cannot list, so orphans are not found and a lost log cannot be rebuilt from it (S1-42, decision 15).
 * - A volume is ours by its name. A log that was restored from an old backup is not noticed.
 *
 * @param options where the array is and who logs in. See `QsanOptions`.
 *
 * @example
 * import { passwordFromEnvironment, qsanArray } from '@blockledger/adapters-qsan';
 * const { volumes, targets } = qsanArray({ url: 'https://10.252.1.50', username: 'blockledger', password: passwordFromEnvironment('QSAN_PASSWORD') });
 * [volumes.kind, targets.capabilities.scope, targets.hosts()]; // => ['qsan', 'volume', ['qsan']]
 * await volumes.close();
 * await targets.close();
 */
export const qsanArray = (options: QsanOptions): QsanBackends => {
  const settings = settle(options);
  const link = linkTo(settings);
  const proofs = newProofs(settings);
  const sessionOf = (context: CallContext): Session => ({ link, settings, proofs, context });
  link.open();
  link.open();
  return {
    volumes: volumesOf(sessionOf, settings, onceOnly(link.close)),
    targets: targetsOf({ settings, sessionOf, turns: inTurn(), close: onceOnly(link.close) }),
  };
};
