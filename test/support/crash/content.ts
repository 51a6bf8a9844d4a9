/** What images should hold, byte for byte. */
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import type { CephCluster } from '../ceph.ts';

const PATCH_BYTES = 64 * 1024;

/** Zeros, as a new image. */
export const emptyImage = (bytes: number): Buffer => Buffer.alloc(bytes);

/** What stays and what comes when an image changes its size. */
export const resized = (content: Buffer, bytes: number): Buffer => {
  const after = Buffer.alloc(bytes);
  content.copy(after, 0, 0, Math.min(bytes, content.length));
  return after;
};

export const md5 = (content: Buffer): string => createHash('md5').update(content).digest('hex');

/** A patch at the beginning, in the middle and at the end: each filled with the text. */
const patchOffsets = (bytes: number): readonly number[] => [0, Math.floor(bytes / 2), bytes - PATCH_BYTES];

/** Writes patches of a text, on the cluster with `rbd` alone as a host would, and returns what the image holds then. */
export const writePatches = (ceph: CephCluster, image: string, content: Buffer, text: string): Buffer => {
  const after = Buffer.from(content);
  const pieces: Buffer[] = [Buffer.from('rbd diff v1\n')];
  for (const offset of patchOffsets(content.length)) {
    const data = Buffer.alloc(PATCH_BYTES, `${text} at ${offset}\n`);
    data.copy(after, offset);
    const head = Buffer.alloc(17);
    head.write('w');
    head.writeBigUInt64LE(BigInt(offset), 1);
    head.writeBigUInt64LE(BigInt(PATCH_BYTES), 9);
    pieces.push(head, data);
  }
  const { exitCode, stderr } = ceph.tryRbd(['import-diff', '--no-progress', '-', image], Buffer.concat([...pieces, Buffer.from('e')]));
  if (exitCode !== 0) throw new Error(`import-diff ${image}: ${stderr}`);
  return after;
};

/** The md5 of an image or a snapshot on the cluster. */
export const md5OnCluster = (ceph: CephCluster, spec: string): string => {
  const { status, stdout, stderr } = spawnSync('rbd', ['--conf', ceph.conf, 'export', '--no-progress', spec, '-'], { maxBuffer: 2 ** 27 });
  if (status !== 0) throw new Error(`export ${spec}: ${stderr.toString()}`);
  return md5(stdout);
};
