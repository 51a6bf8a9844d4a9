/** One connection to a cluster, and what is asked through it: pools, images, objects. */
import type { Image } from '../names.ts';
import type { Library, Pointer } from './bindings.ts';
import type { Connection } from './calls.ts';
import { decodedTable, encodedTable, encodedText, numberAt, room, textIn, word, wordAt } from './memory.ts';

/** How something ended: the errno of `rbd` (0: well), what `rbd` would say to it, what it answers. */
export interface Outcome {
  readonly code: number;
  readonly said?: string;
  readonly answer?: unknown;
}

/** A connection. */
export interface Cluster {
  readonly native: Library;
  readonly handle: Pointer;
}

/** All went well. */
export const done: Outcome = { code: 0 };

/** What librbd returned, as `rbd` would end. */
export const ended = (code: number, said = ''): Outcome => (code >= 0 ? done : { code: -code, said });

const NO_ENTRY = -2;
/** `rbd` ends with it when it does not come to asking the cluster. */
const USAGE = 1;

/** Little of what happens is worth its time to be noted down in memory. The configuration file has the last word. */
const QUIET = ['ms', 'objecter', 'objectcacher', 'rbd', 'rados', 'monc', 'auth', 'client', 'asok', 'finisher', 'perfcounter', 'throttle', 'timer', 'tp', 'context'];

/** Connects. A cluster that is not reached, or not named, is what `rbd` says to it: never "not there". */
export async function connect(native: Library, { conf, name, keyring, connectSeconds, osdSeconds }: Connection): Promise<Cluster | Outcome> {
  const { call, quick } = native;
  const out = room();
  const made = quick('rados_create2', out, 'ceph', name, 0);
  if (made < 0) return { code: USAGE, said: `cannot be ${name}` };
  const handle = wordAt(out);
  const set = (option: string, value: string): void => void quick('rados_conf_set', handle, option, value);
  for (const part of QUIET) set(`debug_${part}`, '0/0');
  const read = quick('rados_conf_read_file', handle, conf ?? null);
  // Without a file of ours there may be none: then the environment says where the cluster is.
  const failed = read < 0 && (conf !== undefined || read !== NO_ENTRY) ? `unable to open config file ${conf ?? ''}` : undefined;
  quick('rados_conf_parse_env', handle, null);
  if (keyring !== undefined) set('keyring', keyring);
  set('client_mount_timeout', connectSeconds);
  set('rados_mon_op_timeout', connectSeconds);
  set('rados_osd_op_timeout', osdSeconds);
  // What the libraries have to complain about is their answer's business.
  for (const where of ['log_to_stderr', 'err_to_stderr']) set(where, 'false');
  const code = failed === undefined ? await call('rados_connect', handle) : 0;
  if (failed === undefined && code >= 0) return { native, handle };
  await call('rados_shutdown', handle);
  return failed === undefined ? { code: code === NO_ENTRY ? USAGE : -code, said: `couldn't connect to the cluster: (${-code})` } : { code: USAGE, said: failed };
}

/** Works in a pool. */
export async function inPool({ native, handle }: Cluster, pool: string, work: (io: Pointer) => Promise<Outcome>): Promise<Outcome> {
  const out = room();
  const code = await native.call('rados_ioctx_create', handle, pool, out);
  if (code < 0) return ended(code, `error opening pool '${pool}'`);
  const io = wordAt(out);
  try {
    return await work(io);
  } finally {
    native.quick('rados_ioctx_destroy', io);
  }
}

/** How an image is opened, and which of its snapshots is looked at. */
export interface Opening {
  readonly to: 'read' | 'write';
  readonly snapshot?: string;
}

/** Works on an image that is open meanwhile. */
export const onImage = (cluster: Cluster, { pool, name }: Image, { to, snapshot }: Opening, work: (image: Pointer, io: Pointer) => Promise<Outcome>): Promise<Outcome> =>
  inPool(cluster, pool, async (io) => {
    const { call } = cluster.native;
    const out = room();
    const code = await call(to === 'read' ? 'rbd_open_read_only' : 'rbd_open', io, name, out, snapshot ?? null);
    if (code < 0) return ended(code, `error opening image ${name}`);
    const image = wordAt(out);
    try {
      return await work(image, io);
    } finally {
      await call('rbd_close', image);
    }
  });

const ID_BYTES = 4_096;

/** The id of an image, read without opening it; librbd's error as a number. */
export async function idOf({ native }: Cluster, io: Pointer, name: string): Promise<string | number> {
  const bytes = room(ID_BYTES);
  const code = await native.call('rados_read', io, `rbd_id.${name}`, bytes, bytes.length, 0);
  return code < 4 ? Math.min(code, NO_ENTRY) : bytes.toString('utf8', 4, 4 + bytes.readUInt32LE(0));
}

/** Works on the header of an image, which nobody need have open for it. */
export const onHeader = (cluster: Cluster, { pool, name }: Image, work: (io: Pointer, id: string) => Promise<Outcome>): Promise<Outcome> =>
  inPool(cluster, pool, async (io) => {
    const id = await idOf(cluster, io, name);
    return typeof id === 'number' ? ended(id, `error opening image ${name}`) : work(io, id);
  });

const headerOf = (id: string): string => `rbd_header.${id}`;

/** Writes marks into the header of an image, all at once. Who has it open does not hear of them. */
export function writeMarks({ native }: Cluster, io: Pointer, id: string, metas: Readonly<Record<string, string>>): Promise<number> {
  const table = encodedTable(metas);
  const out = room();
  return native.call('rados_exec', io, headerOf(id), 'rbd', 'metadata_set', table, table.length, out, 0);
}

/** So many at once, as librbd itself asks for them. */
const MARKS_PAGE = 64;
const MARKS_BYTES = 2 ** 16;
const MOST_BYTES = 2 ** 24;
const ERANGE = -34;

/** All marks of an image, read off its header: to read them nobody need have it open. */
export async function readMarks({ native }: Cluster, io: Pointer, id: string): Promise<Readonly<Record<string, string>> | number> {
  const all: Record<string, string> = {};
  for (let [start, bytes] = ['', MARKS_BYTES]; ; ) {
    const ask = Buffer.concat([encodedText(start), word(MARKS_PAGE)]);
    const out = room(bytes);
    const code = await native.call('rados_exec', io, headerOf(id), 'rbd', 'metadata_list', ask, ask.length, out, out.length);
    if (code === ERANGE && bytes < MOST_BYTES) {
      bytes *= 8;
      continue;
    }
    if (code < 0) return code;
    const page = Object.entries(code < 4 ? {} : decodedTable(out));
    for (const [key, value] of page) all[key] = value;
    if (page.length < MARKS_PAGE) return all;
    start = page.at(-1)?.[0] ?? '';
  }
}

/** All bits: the head, not a snapshot. */
const HEAD = Buffer.alloc(8, 0xff).subarray(0, 8);
HEAD[0] = 0xfe;

/** The size of an image, read off its header; librbd's error as a negative number. */
export async function sizeOf({ native }: Cluster, io: Pointer, id: string): Promise<number> {
  const out = room(16);
  const code = await native.call('rados_exec', io, headerOf(id), 'rbd', 'get_size', HEAD, HEAD.length, out, out.length);
  return code < 9 ? Math.min(code, NO_ENTRY) : numberAt(out, 1);
}

/** The name of a pool. */
export function poolName({ native, handle }: Cluster, id: number): string {
  const name = room(1_024);
  native.quick('rados_pool_reverse_lookup', handle, id, name, name.length);
  return textIn(name);
}

/** What a monitor answers to a command without arguments, as text of JSON. */
export async function askMonitor({ native, handle }: Cluster, prefix: string): Promise<Outcome> {
  const [out, length, said, saidLength] = [room(), room(), room(), room()];
  const command = [JSON.stringify({ prefix, format: 'json' })];
  const code = await native.call('rados_mon_command', handle, command, 1, null, 0, out, length, said, saidLength);
  const [text, complaint] = [native.textAt(wordAt(out), numberAt(length)), native.textAt(wordAt(said), numberAt(saidLength))];
  for (const buffer of [out, said]) if (wordAt(buffer) !== 0n) native.quick('rados_buffer_free', wordAt(buffer));
  return code < 0 ? ended(code, complaint) : { code: 0, answer: text };
}
