/**
 * A new image as a stream for `rbd import --export-format 2`: no data, but its object order, its metas and its size.
 *
 * Image, identity and limits are so made by one process. `rbd create` takes no metas, and each meta is a process of 25 to 40 ms
 * (measured: one import 55 ms; create, identity and four limits 250 ms). librbd makes the image one object long, then writes the metas in
 * the order of their keys, then sets the size: `BORN_BYTES` is what a maker that died leaves.
 */
import type { Metas } from '../marks.ts';

const ORDER = 22;

/** The size of an image while `rbd import` has not yet set its real one: one object, 4 MiB. */
export const BORN_BYTES = 2 ** ORDER;

const utf8 = new TextEncoder();

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

function text(value: string): Uint8Array {
  const body = utf8.encode(value);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, body.length, true);
  return joined([length, body]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** A record: its tag, the length of its body, its body. */
const record = (tag: string, body: Uint8Array): Uint8Array => joined([utf8.encode(tag), u64(body.length), body]);

/** The stream for an empty image of this size with these metas. */
export function importStream(sizeBytes: number, metas: Metas): Uint8Array {
  const size = record('s', u64(sizeBytes));
  return joined([
    utf8.encode('rbd image v2\n'),
    record('O', u64(ORDER)),
    ...Object.entries(metas).map(([key, value]) => record('M', joined([text(key), text(value)]))),
    utf8.encode('E'),
    utf8.encode('rbd image diffs v2\n'),
    u64(1),
    utf8.encode('rbd diff v2\n'),
    size,
    utf8.encode('e'),
  ]);
}

/** Reads such a stream back; `undefined` for anything else. The simulator does what the real `rbd` does with it. */
export function readImportStream(stream: Uint8Array): { readonly sizeBytes: number; readonly metas: Metas } | undefined {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const decode = (from: number, length: number): string => new TextDecoder().decode(stream.subarray(from, from + length));
  const banner = 'rbd image v2\n';
  if (stream.length < banner.length || decode(0, banner.length) !== banner) return undefined;
  const metas: Record<string, string> = {};
  let offset = banner.length;
  let sizeBytes = 0;
  while (offset < stream.length) {
    const tag = decode(offset, 1);
    offset += 1;
    if (tag === 'E') {
      offset += 'rbd image diffs v2\n'.length + 8 + 'rbd diff v2\n'.length;
      continue;
    }
    if (tag === 'e') break;
    const length = Number(view.getBigUint64(offset, true));
    offset += 8;
    if (tag === 's') sizeBytes = Number(view.getBigUint64(offset, true));
    if (tag === 'M') {
      const keyLength = view.getUint32(offset, true);
      const valueLength = view.getUint32(offset + 4 + keyLength, true);
      metas[decode(offset + 4, keyLength)] = decode(offset + 8 + keyLength, valueLength);
    }
    offset += length;
  }
  return { sizeBytes, metas: sorted(metas) };
}

/** librbd writes metas in the order of their keys; the identity comes before the limits. */
const sorted = (metas: Metas): Metas =>
  Object.fromEntries(Object.entries(metas).toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));
