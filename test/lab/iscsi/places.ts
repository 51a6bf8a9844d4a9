/** Where things are in the laboratory. It has folders and namespaces to itself, so names need not differ from run to run. */

/** A folder in memory that nobody outside sees. */
export const FOLDER = '/dev/shm/lab';
export const CEPH_DIR = `${FOLDER}/ceph`;
export const CEPH_CONF = `${CEPH_DIR}/ceph.conf`;
/** Sockets and pid files of tgtd. */
export const RUN_DIR = `${FOLDER}/tgt`;
/** Configurations and pid files of keepalived. */
export const VIP_DIR = `${FOLDER}/vips`;

/** What the namespaces' names begin with. */
export const PREFIX = 'lab';
/** What stands before a command line to run it on a host, or on the switch, which is named `sw`. */
export const at = (host: string): readonly [string, ...(readonly string[])] => ['ip', 'netns', 'exec', `${PREFIX}-${host}`];

export const VIP = '10.77.0.128';
/** After so long Ceph forgets a client that is silent. Its own default is 30; nobody likes to watch for so long. */
export const WATCH_TIMEOUT_SECONDS = 10;
