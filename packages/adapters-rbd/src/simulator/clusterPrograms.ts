/** The few things that are asked of `ceph` and `rados`. */
import { splitWords, type Words } from './argv.ts';
import { effectiveContent, OBJECT_BYTES } from './state.ts';
import { complaint, fine, fineJson, type Answer, type World } from './world.ts';

/** The version that every simulated program tells; a diagnosis knows it by the word in brackets. */
export const SIMULATED_VERSION = 'ceph version 16.2.15 (simulated) pacific (stable)\n';

/** `ceph osd dump`, `ceph df`, `ceph fsid`, `ceph health`, `ceph report` and XSKY's `ceph daemon … perf dump`. */
export function ceph(world: World, args: readonly string[], totalBytes: number): Answer {
  const words = splitWords(args);
  if ('unknown' in words) return complaint(22, `unrecognised option '${words.unknown}'`);
  const { state } = world;
  switch (words.operands.slice(0, 2).join(' ')) {
    case 'fsid':
      return fine(`${state.fsid}\n`);
    case 'osd dump':
      return fineJson({
        epoch: 1,
        fsid: state.fsid,
        flags_set: [],
        pools: Object.entries(state.pools).map(([pool_name, { id, erasure }]) => ({
          pool: id,
          pool_name,
          type: erasure ? 3 : 1,
          flags_names: erasure ? 'hashpspool,ec_overwrites' : 'hashpspool',
          application_metadata: { rbd: {} },
          erasure_code_profile: erasure ? 'one' : '',
        })),
      });
    case 'df':
      return space(world, totalBytes);
    case 'health':
      return fineJson({ status: 'HEALTH_OK', checks: {}, mutes: [] });
    case 'report':
      return fine(`{\n    "version": "16.2.15",\n    "timestamp": "${new Date(world.clock.nowMs()).toISOString()}"\n}\n`);
    default:
      return words.operands[0] === 'daemon' && world.dialect === 'xsky'
        ? progress(world, words)
        : { exitCode: 22, stdout: '', stderr: 'no valid command found\n' };
  }
}

function space({ state }: World, totalBytes: number): Answer {
  const stored = (pool: string): number =>
    state.images
      .filter((image) => (image.dataPool ?? image.pool) === pool)
      .reduce((sum, image) => sum + Object.keys(image.parent === undefined ? effectiveContent(state, image) : image.content).length * OBJECT_BYTES, 0);
  const all = Object.keys(state.pools).reduce((sum, pool) => sum + stored(pool), 0);
  return fineJson({
    stats: { total_bytes: totalBytes, total_avail_bytes: totalBytes - all, total_used_bytes: all },
    pools: Object.entries(state.pools).map(([name, { id }]) => ({ name, id, stats: { stored: stored(name), max_avail: totalBytes - all } })),
  });
}

function progress({ running }: World, { operands }: Words): Answer {
  const name = (operands[4] ?? '').replace('libxbd-progress-', '');
  const percent = running.get(name);
  return fineJson(percent === undefined ? {} : { [operands[4] ?? '']: { progress: percent } });
}

/** `rados setomapval`, `getomapval … -` and `lock break` of an object that is not there. Whatever fails, it ends with 1; a missing key is told on stdout. */
export function rados(world: World, args: readonly string[], stdin?: Uint8Array): Answer {
  const words = splitWords(args);
  if ('unknown' in words) return { exitCode: 1, stdout: 'usage: rados [options] [commands]\n', stderr: '' };
  const { state } = world;
  const pool = words.options['-p'] ?? words.options['--pool'] ?? '';
  if (state.pools[pool] === undefined) return { exitCode: 1, stdout: '', stderr: `error opening pool ${pool}: (2) No such file or directory\n` };
  const [verb, object = '', key = '', value = ''] = words.operands;
  if (object === 'rbd_trash') return trashRecord(world, { pool, key, verb, stdin });
  const id = /^rbd_header\.(.+)$/.exec(object)?.[1];
  if (id !== undefined && (key === 'features' || key === 'migration')) return header(world, { pool, key, verb, stdin }, id);
  if (verb === 'lock') return { exitCode: 1, stdout: '', stderr: 'ERROR: failed breaking lock: (2) No such file or directory\nerror 2: (2) No such file or directory\n' };
  if (state.pools[pool]?.erasure === true) return { exitCode: 1, stdout: '', stderr: `error setting omap value ${pool}/${object}/${key}: (95) Operation not supported\n` };
  if (verb === 'setomapval') {
    const omap = (state.omaps[pool] ??= {});
    (omap[object] ??= {})[key] = value;
    return fine();
  }
  if (verb !== 'getomapval') return { exitCode: 1, stdout: 'usage: rados [options] [commands]\n', stderr: '' };
  const keys = headerOf(world, pool, object) ?? state.omaps[pool]?.[object];
  if (keys === undefined) return { exitCode: 1, stdout: '', stderr: `error getting omap value ${pool}/${object}/${key}: (2) No such file or directory\n` };
  const found = keys[key];
  return found === undefined
    ? { exitCode: 1, stdout: `No such key: ${pool}/${object}/${key}\n`, stderr: '' }
    : { exitCode: 0, stdout: found, stderr: 'Writing to -\n' };
}

interface RecordAsked {
  readonly pool: string;
  readonly key: string;
  readonly verb: string | undefined;
  readonly stdin: Uint8Array | undefined;
}

/** Who put an image into the trash is the seventh byte of its record: 0 a user, 2 a migration. */
function trashRecord({ state }: World, { pool, key, verb, stdin }: RecordAsked): Answer {
  const image = state.images.find((each) => each.pool === pool && each.place === 'trash' && `id_${each.id}` === key);
  if (image === undefined) return { exitCode: 1, stdout: `No such key: ${pool}/rbd_trash/${key}\n`, stderr: '' };
  if (verb === 'setomapval') {
    if (stdin?.[6] === 0) delete image.trashedBy;
    return fine();
  }
  return dump([2, 1, 26, 0, 0, 0, image.trashedBy === undefined ? 0 : 2, 4, 0, 0, 0]);
}

/** As `rados` shows bytes: eight, a wider gap, eight more, and their text. */
function dump(bytes: readonly number[]): Answer {
  const shown = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  return fine(`value (${bytes.length} bytes) :\n00000000  ${shown.slice(0, 8).join(' ')}  ${shown.slice(8).join(' ')}  |...|\n${bytes.length.toString(16).padStart(8, '0')}\n\n`);
}

/** What an image itself knows of its migration: a bit of its features, and a header. */
function header({ state }: World, { pool, key, verb, stdin }: RecordAsked, id: string): Answer {
  const image = state.images.find((each) => each.pool === pool && each.id === id && each.torn === undefined);
  if (image === undefined) return { exitCode: 1, stdout: '', stderr: `error getting omap value ${pool}/rbd_header.${id}/${key}: (2) No such file or directory\n` };
  if (verb === 'getomapval') return dump([61, image.features.includes('migrating') ? 2 : 0, 0, 0, 0, 0, 0, 0]);
  if (verb === 'rmomapkey') delete image.migration;
  else if (((stdin?.[1] ?? 0) & 2) === 0) image.features = image.features.filter((feature) => feature !== 'migrating');
  return fine();
}

/** The omap of an image's header holds its metas; that is how a trashed image's are read. */
function headerOf({ state }: World, pool: string, object: string): Readonly<Record<string, string>> | undefined {
  const id = /^rbd_header\.(.+)$/.exec(object)?.[1];
  const image = id === undefined ? undefined : state.images.find((each) => each.pool === pool && each.id === id && each.torn === undefined);
  return image && Object.fromEntries(Object.entries(image.metas).map(([key, value]) => [`metadata_${key}`, value]));
}
