/** Playing the host on a real cluster: writes, reads and holds images with `rbd` alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CephCluster } from './ceph.ts';

/** The texts of these tests fit here; what is behind them is zeros. */
const READ_BYTES = 4096;

/** A stream for `rbd import-diff` that writes data at one place of an image. */
function diffStream(data: Uint8Array, at: number): Uint8Array {
  const head = Buffer.alloc(17);
  head.write('w');
  head.writeBigUInt64LE(BigInt(at), 1);
  head.writeBigUInt64LE(BigInt(data.length), 9);
  return Buffer.concat([Buffer.from('rbd diff v1\n'), head, data, Buffer.from('e')]);
}

/** Writes data to an image, from a byte on. */
export function writeBytes(ceph: CephCluster, image: string, data: Uint8Array, at = 0): void {
  const { exitCode, stderr } = ceph.tryRbd(['import-diff', '--no-progress', '-', image], diffStream(data, at));
  if (exitCode !== 0) throw new Error(`import-diff ${image}: ${stderr}`);
}

/** Writes a text at the beginning of an image, and zeros behind it. */
export function writeText(ceph: CephCluster, image: string, text: string): void {
  const data = Buffer.alloc(READ_BYTES);
  data.write(text);
  writeBytes(ceph, image, data);
}

/** Reads the text at the beginning of an image or of a snapshot; the export is ended as soon as that has come. */
export async function readText(ceph: CephCluster, image: string): Promise<string> {
  const child = spawn('rbd', ['--conf', ceph.conf, 'export', '--no-progress', image, '-'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  let bytes = Buffer.alloc(0);
  for await (const chunk of child.stdout) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    if (bytes.length >= READ_BYTES) break;
  }
  child.kill('SIGKILL');
  if (bytes.length < READ_BYTES) throw new Error(`export ${image}: ${bytes.length} bytes, then: ${complaint}`);
  return bytes.subarray(0, READ_BYTES).toString('utf8').replaceAll('\0', '');
}

/** A client that has an image open. */
export interface Holder {
  /** Closes the image as it should be closed. */
  readonly close: () => Promise<void>;
  /** Dies with the image open; its watch stays until the cluster forgets it. */
  readonly die: () => Promise<void>;
}

/** Opens an image, as a host does; resolves when the cluster knows the watcher. */
export async function holdImage(ceph: CephCluster, image: string): Promise<Holder> {
  const child = spawn('rbd', ['--conf', ceph.conf, 'watch', image], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(child, 'close');
  for (let tries = 0; tries < 200; tries += 1) {
    if (ceph.rbd('status', image, '--format', 'json').includes('address')) break;
  }
  const end = async (how: () => void): Promise<void> => {
    how();
    await ended;
  };
  return { close: () => end(() => child.stdin.end('\n')), die: () => end(() => child.kill('SIGKILL')) };
}
