/** Reading what librbd writes into buffers: structs by their layout on 64 bit machines, and lists whose length is not known before. */
import type { Library } from './bindings.ts';

/** Room for a pointer. */
export const room = (bytes = 8): Buffer => Buffer.alloc(bytes);

/** The pointer or number in 8 bytes. */
export const wordAt = (buffer: Buffer, offset = 0): bigint => buffer.readBigUInt64LE(offset);

/** The same as a number of JavaScript. */
export const numberAt = (buffer: Buffer, offset = 0): number => Number(buffer.readBigUInt64LE(offset));

/** 8 bytes with a number in them. */
export const word = (value: number): Buffer => {
  const buffer = room();
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
};

/** The text that a pointer in a buffer leads to. */
export const textThrough = (library: Library, buffer: Buffer, offset: number): string => library.textAt(wordAt(buffer, offset));

/** The text in a buffer, up to its end. */
export const textIn = (buffer: Buffer): string => {
  const end = buffer.indexOf(0);
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end);
};

const ERANGE = -34;
const FIRST_GUESS = 64;

/** A list of structs, or librbd's error. */
export type Rows<Row> = { readonly rows: readonly Row[] } | { readonly code: number };

/** How a list is asked for. */
export interface Listing<Row> {
  /** Of one struct, in bytes. */
  readonly size: number;
  /** Fills a buffer; the second holds how many fit in, and then how many there are. */
  readonly fill: (buffer: Buffer, count: Buffer) => Promise<number>;
  readonly read: (buffer: Buffer, offset: number) => Row;
  /** Frees what the structs point to. */
  readonly free: (buffer: Buffer, count: number) => void;
}

/** Asks with more and more room, until the list fits in. */
export async function listed<Row>({ size, fill, read, free }: Listing<Row>, most = FIRST_GUESS): Promise<Rows<Row>> {
  const buffer = room(size * most);
  const count = word(most);
  const code = await fill(buffer, count);
  if (code === ERANGE) return listed({ size, fill, read, free }, Math.max(numberAt(count), most * 2));
  if (code < 0) return { code };
  const there = numberAt(count);
  const rows = Array.from({ length: there }, (_, at) => read(buffer, at * size));
  free(buffer, there);
  return { rows };
}

/** A text as Ceph encodes it: its length, its bytes. */
export const encodedText = (text: string): Buffer => {
  const body = Buffer.from(text, 'utf8');
  const length = room(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
};

/** A table of texts as Ceph encodes it. */
export const encodedTable = (table: Readonly<Record<string, string>>): Buffer => {
  const count = room(4);
  count.writeUInt32LE(Object.keys(table).length);
  return Buffer.concat([count, ...Object.entries(table).flatMap(([key, value]) => [encodedText(key), encodedText(value)])]);
};

/** Reads such a table. */
export function decodedTable(buffer: Buffer): Readonly<Record<string, string>> {
  let offset = 4;
  const text = (): string => {
    const length = buffer.readUInt32LE(offset);
    const read = buffer.toString('utf8', offset + 4, offset + 4 + length);
    offset += 4 + length;
    return read;
  };
  const table: Record<string, string> = {};
  for (let left = buffer.readUInt32LE(0); left > 0; left -= 1) {
    const key = text();
    table[key] = text();
  }
  return table;
}
