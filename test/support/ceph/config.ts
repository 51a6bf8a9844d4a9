/** The files that a one-node Ceph needs: its configuration and its crush map. */

/** What the configuration depends on. */
export interface ClusterShape {
  readonly dir: string;
  readonly fsid: string;
  /** The address that it listens on. */
  readonly ip: string;
  /** The monitor's port; the next fifty are the other daemons'. */
  readonly port: number;
  /** After so many seconds the cluster forgets a client that died. */
  readonly watchTimeoutSeconds: number;
  /** What the cluster says that it can hold; memory is taken only for what is written. */
  readonly deviceBytes: number;
  /** `bluestore` keeps the data in a sparse file and survives a killed OSD; it takes some seconds more to make. */
  readonly objectStore: 'memstore' | 'bluestore';
  /** `cephx`: everybody needs a key, as in the field. */
  readonly auth: 'none' | 'cephx';
}

/**
 * The configuration. Everything lives below `dir` and listens on one address; with `auth` `none` nobody has to log in.
 *
 * The memory store makes a cluster in under a second and keeps nothing. Fast paxos is what makes pool changes and snapshots cheap
 * (its default waits a second). The monitor must be told that overwriting an erasure coded pool is fine without bluestore.
 */
export const cephConf = ({ dir, fsid, ip, port, watchTimeoutSeconds, deviceBytes, objectStore, auth }: ClusterShape): string => `[global]
fsid = ${fsid}
mon host = v2:${ip}:${port}/0
mon initial members = a
auth cluster required = ${auth}
auth service required = ${auth}
auth client required = ${auth}
keyring = ${dir}/keyring
public addr = ${ip}
cluster addr = ${ip}
ms bind msgr1 = false
ms bind port min = ${port + 1}
ms bind port max = ${port + 50}
run dir = ${dir}
crash dir = ${dir}
admin socket = ${dir}/$type.$id.asok
pid file = ${dir}/$type.$id.pid
log file = ${dir}/$type.$id.log
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg autoscale mode = off
osd failsafe full ratio = 0.995

[client]
admin socket =
pid file =
log file =
rbd cache = false

[mon]
mon data = ${dir}/mon.a
mon allow pool size one = true
mon allow pool delete = true
mon max pg per osd = 1000
mon osd nearfull ratio = 0.98
mon osd backfillfull ratio = 0.985
mon osd full ratio = 0.99
mon cluster log file = ${dir}/cluster.log
mon cluster log to stderr = false
mon debug no require bluestore for ec overwrites = true
paxos propose interval = 0.001
paxos min wait = 0.0005

[mgr]
mgr data = ${dir}/mgr.x
${auth === 'none' ? '' : `keyring = ${dir}/mgr.x/keyring\n`}mgr pool = false
mgr initial modules =
mgr tick period = 1
mgr stats period = 1

[osd]
osd data = ${dir}/osd.0
${auth === 'none' ? '' : `keyring = ${dir}/osd.0/keyring\n`}osd objectstore = ${objectStore}
memstore device bytes = ${deviceBytes}
bluestore block size = ${deviceBytes}
bluestore block create = true
osd class load list = *
osd class default list = *
osd crush update on start = false
osd class update on start = false
osd client watch timeout = ${watchTimeoutSeconds}
osd op num shards = 2
osd op num threads per shard = 1
osd max scrubs = 0
`;

/** One OSD; a rule for replicated pools, and one that takes the same OSD three times, so that it can hold all shards of an erasure coded pool. */
export const CRUSH_MAP = `tunable choose_total_tries 50
tunable chooseleaf_descend_once 1
tunable chooseleaf_vary_r 1
tunable chooseleaf_stable 1
tunable straw_calc_version 1
tunable allowed_bucket_algs 54
device 0 osd.0
type 0 osd
type 1 host
type 2 root
host here {
  id -2
  alg straw2
  hash 0
  item osd.0 weight 1.000
}
root default {
  id -1
  alg straw2
  hash 0
  item here weight 1.000
}
rule replicated_rule {
  id 0
  type replicated
  min_size 1
  max_size 10
  step take default
  step choose firstn 0 type osd
  step emit
}
rule allhere {
  id 1
  type erasure
  min_size 1
  max_size 10
${'  step take default\n  step choose indep 1 type osd\n  step emit\n'.repeat(3)}}
`;
