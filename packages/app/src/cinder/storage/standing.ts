/** What a crash, or a caller who did not wait, left half done: it is brought to its end before anything else is asked. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { SnapshotBody } from '../../api/bodies/snapshot.ts';
import type { VolumeBody } from '../../api/bodies/volume.ts';
import type { Asked } from '../errors.ts';
import { change, endOf, type Service } from './service.ts';

/** Waits for the operation under way, tries failed work once more; nothing to do for what stands. Work that fails again is an error here, too. */
export const settled = (service: Service, { failure, operation }: Pick<VolumeBody | SnapshotBody, 'failure' | 'operation'>): Asked<unknown> => {
  if (failure === null) return operation === null ? TE.right(undefined) : endOf(service, operation);
  const { task } = failure;
  return pipe(
    change(service, (waiting) => service.client.retryTask({ path: { task }, ...waiting })),
    // A retry begins no task of its own.
    TE.chain(() => endOf(service, task)),
  );
};
