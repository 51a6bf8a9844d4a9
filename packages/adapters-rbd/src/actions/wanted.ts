/** What an action that makes a volume wants, in the backend's terms. */
import type { ActionOf } from '@blockledger/domain';
import { identityText, qosMetas, VOLUME_KEY, type Metas } from '../marks.ts';
import { snapshotName, type SnapshotOf } from '../names.ts';
import { imageOf } from '../observe.ts';

/** What a new image is to carry. */
export const metasOf = (action: ActionOf<'ensureVolume'>, installationId: string): Metas => ({
  [VOLUME_KEY]: identityText(action.identity, installationId),
  ...qosMetas(action.qos),
});

/** The snapshot that a clone is made of. */
export const parentOf = ({ parent }: ActionOf<'ensureVolume'>): SnapshotOf | undefined =>
  parent === null ? undefined : { image: imageOf(parent.volume), snapshot: snapshotName(parent.snapshotId) };
