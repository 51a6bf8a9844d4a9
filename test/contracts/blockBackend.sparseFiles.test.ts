/** The block backend contract, over the example of a backend of one's own. */
import type { VolumeRef } from '@blockledger/domain';
import { blockBackendContract } from '@blockledger/domain/testing';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sparseFiles } from '../../examples/sparse-files/backend.ts';
import { suite } from '../support/suite.ts';

const test = suite('a directory of sparse files');

blockBackendContract(test, () => {
  const root = mkdtempSync(join(tmpdir(), 'blockledger-sparse-'));
  for (const pool of ['fast', 'slow']) mkdirSync(join(root, pool));
  const disk = ({ placement, volumeId }: VolumeRef): string => join(root, placement.pool, volumeId, 'disk');
  return Promise.resolve({
    backend: sparseFiles({ root }),
    placement: { backend: 'files', pool: 'fast' },
    otherPlacement: { backend: 'files', pool: 'slow' },
    write: async (volume: VolumeRef, text: string) => {
      const file = await open(disk(volume), 'r+');
      await file.write(text.padEnd(64, '\0'), 0);
      await file.close();
    },
    read: async (volume: VolumeRef) => (await readFile(disk(volume))).subarray(0, 64).toString().replaceAll('\0', ''),
    dispose: () => Promise.resolve(rmSync(root, { recursive: true, force: true })),
  });
});

test.run();
