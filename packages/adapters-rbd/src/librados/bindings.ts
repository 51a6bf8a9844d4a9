/** librbd and librados as functions. Everything that a function writes to is a buffer; nothing here knows what it means. */
import koffi, { type LibraryHandle } from 'koffi';

type KoffiFunction = ReturnType<LibraryHandle['func']>;

/** A pointer of C. */
export type Pointer = bigint;

const RADOS = [
  'void rados_version(void *major, void *minor, void *extra)',
  'int rados_create2(void *cluster, const char *clustername, const char *name, uint64_t flags)',
  'int rados_conf_read_file(void *cluster, const char *path)',
  'int rados_conf_parse_env(void *cluster, const char *variable)',
  'int rados_conf_set(void *cluster, const char *option, const char *value)',
  'int rados_connect(void *cluster)',
  'void rados_shutdown(void *cluster)',
  'int rados_ioctx_create(void *cluster, const char *pool, void *io)',
  'void rados_ioctx_destroy(void *io)',
  'int rados_pool_reverse_lookup(void *cluster, int64_t id, void *name, size_t most)',
  'int rados_read(void *io, const char *object, void *bytes, size_t length, uint64_t offset)',
  'int rados_exec(void *io, const char *object, const char *cls, const char *method, void *in, size_t inLength, void *out, size_t outLength)',
  'int rados_mon_command(void *cluster, const char **command, size_t commands, void *in, size_t inLength, void *out, void *outLength, void *said, void *saidLength)',
  'void rados_buffer_free(void *buffer)',
] as const;

const RBD = [
  'void rbd_version(void *major, void *minor, void *extra)',
  'void rbd_image_options_create(void *options)',
  'void rbd_image_options_destroy(void *options)',
  'int rbd_image_options_set_uint64(void *options, int option, uint64_t value)',
  'int rbd_image_options_set_string(void *options, int option, const char *value)',
  'int rbd_create4(void *io, const char *name, uint64_t size, void *options)',
  'int rbd_clone3(void *parentIo, const char *parent, const char *snapshot, void *io, const char *name, void *options)',
  'int rbd_open(void *io, const char *name, void *image, const char *snapshot)',
  'int rbd_open_read_only(void *io, const char *name, void *image, const char *snapshot)',
  'int rbd_close(void *image)',
  'int rbd_remove(void *io, const char *name)',
  'int rbd_remove_with_progress(void *io, const char *name, ProgressOf *progress, void *data)',
  'int rbd_rename(void *io, const char *name, const char *to)',
  'int rbd_stat(void *image, void *info, size_t length)',
  'int rbd_get_features(void *image, void *features)',
  'int rbd_get_id(void *image, void *id, size_t length)',
  'int64_t rbd_get_data_pool_id(void *image)',
  'int rbd_get_parent(void *image, void *parent, void *snapshot)',
  'void rbd_linked_image_spec_cleanup(void *parent)',
  'void rbd_snap_spec_cleanup(void *snapshot)',
  'int rbd_resize2(void *image, uint64_t size, bool shrink, ProgressOf *progress, void *data)',
  'int rbd_flatten_with_progress(void *image, ProgressOf *progress, void *data)',
  'int rbd_snap_list(void *image, void *snapshots, void *most)',
  'void rbd_snap_list_end(void *snapshots)',
  'int rbd_snap_get_namespace_type(void *image, uint64_t id, void *type)',
  'int rbd_snap_get_trash_namespace(void *image, uint64_t id, void *name, size_t most)',
  'int rbd_snap_is_protected(void *image, const char *snapshot, void *isProtected)',
  'int rbd_snap_create(void *image, const char *snapshot)',
  'int rbd_snap_remove(void *image, const char *snapshot)',
  'int rbd_snap_protect(void *image, const char *snapshot)',
  'int rbd_snap_unprotect(void *image, const char *snapshot)',
  'int rbd_snap_rollback_with_progress(void *image, const char *snapshot, ProgressOf *progress, void *data)',
  'int rbd_list_children3(void *image, void *clones, void *most)',
  'void rbd_linked_image_spec_list_cleanup(void *clones, size_t count)',
  'int rbd_metadata_set(void *image, const char *key, const char *value)',
  'int rbd_metadata_remove(void *image, const char *key)',
  'int rbd_watchers_list(void *image, void *watchers, void *most)',
  'void rbd_watchers_list_cleanup(void *watchers, size_t count)',
  'int64_t rbd_list_lockers(void *image, void *exclusive, void *tag, void *tagLength, void *clients, void *clientsLength, void *cookies, void *cookiesLength, void *addresses, void *addressesLength)',
  'int rbd_list2(void *io, void *images, void *most)',
  'void rbd_image_spec_list_cleanup(void *images, size_t count)',
  'int rbd_trash_list(void *io, void *entries, void *most)',
  'void rbd_trash_list_cleanup(void *entries, size_t count)',
  'int rbd_trash_move(void *io, const char *name, uint64_t delay)',
  'int rbd_trash_restore(void *io, const char *id, const char *name)',
] as const;

type NameIn<Line> = Line extends `${string} ${infer Name}(${string}` ? Name : never;
type FunctionName = NameIn<(typeof RADOS)[number]> | NameIn<(typeof RBD)[number]>;

/** What a function is given. */
export type Argument = string | number | bigint | boolean | Uint8Array | readonly string[] | null;

/** The libraries, loaded. */
export interface Library {
  /** Calls on a thread of the pool. */
  readonly call: (name: FunctionName, ...args: readonly Argument[]) => Promise<number>;
  /** Calls on this thread: for what only looks into memory. */
  readonly quick: (name: FunctionName, ...args: readonly Argument[]) => number;
  /** A function that librbd calls with how far it is and how far it has to go; `off` ends that. */
  readonly progress: (hear: (done: number, total: number) => void) => { readonly pointer: Pointer; readonly off: () => void };
  /** The text that stands at an address, up to its end or so long. */
  readonly textAt: (pointer: Pointer, length?: number) => string;
  readonly koffi: string;
}

const nameIn = (line: string): string => /(\w+)\(/.exec(line)?.[1] ?? '';

/** Loads the libraries of the system; throws where they are missing. */
export function loadLibrary(): Library {
  const proto = koffi.proto('int ProgressOf(uint64_t done, uint64_t total, void *data)');
  const [rados, rbd] = [koffi.load('librados.so.2'), koffi.load('librbd.so.1')];
  const functions = new Map<string, KoffiFunction>([
    ...RADOS.map((line) => [nameIn(line), rados.func(line)] as const),
    ...RBD.map((line) => [nameIn(line), rbd.func(line)] as const),
  ]);
  const found = (name: FunctionName): KoffiFunction => {
    const one = functions.get(name);
    if (one === undefined) throw new Error(`${name} is not bound`);
    return one;
  };
  return {
    koffi: koffi.version,
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        found(name).async(...args, (error: unknown, code: unknown) => (error === null || error === undefined ? resolve(Number(code)) : reject(error)));
      }),
    quick: (name, ...args) => Number(found(name)(...args) as unknown),
    progress: (hear) => {
      const pointer = koffi.register((done: number | bigint, total: number | bigint) => {
        hear(Number(done), Number(total));
        return 0;
      }, koffi.pointer(proto));
      return { pointer, off: () => koffi.unregister(pointer) };
    },
    textAt: (pointer, length = -1) => (pointer === 0n ? '' : String(koffi.decode(pointer, 'char', length))),
  };
}
