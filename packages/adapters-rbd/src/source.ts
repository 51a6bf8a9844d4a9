/** How a gateway opens a volume that is an image. */
import type { LunSource, VolumeRef } from '@blockledger/domain';
import { imageName } from './names.ts';
import type { RbdOptions } from './options.ts';

/**
 * The image of a volume, and where its cluster is and as whom, as far as we were told it. A keyring is not among it: a gateway has one of its
 * own, for that user.
 */
export const sourceOf =
  ({ conf, name }: Pick<RbdOptions, 'conf' | 'name'>) =>
  ({ placement: { pool }, volumeId }: VolumeRef): LunSource => ({
    kind: 'rbd',
    pool,
    image: imageName(volumeId),
    ...(conf === undefined ? {} : { conf }),
    ...(name === undefined ? {} : { client: name }),
  });
