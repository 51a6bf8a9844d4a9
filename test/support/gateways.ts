/**
 * What an access path needs in the field, on this machine: a Ceph cluster, two gateway hosts, and a host of an initiator, each a network
 * namespace of one segment. Real parts throughout: Ceph, tgt, keepalived.
 */
import { rbdBackend } from '@blockledger/adapters-rbd';
import { processRunner } from '@blockledger/adapters-rbd/process';
import { keepalivedVips, localHost, tgtReadiness, tgtTargets, type Host } from '@blockledger/adapters-xdc';
import type { BlockBackend, ProcessRunner, TargetBackend, VipBackend } from '@blockledger/domain';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realCeph, startCeph, type CephCluster } from './ceph.ts';
import type { RealPart } from './real.ts';
import { makeSegment, type Segment } from './segment.ts';
import { realTgt } from './tgt.ts';
import { realKeepalived } from './vrrpNet.ts';

/** All that such a test needs. */
export const gatewayParts: readonly RealPart[] = [realCeph, realTgt, realKeepalived];

/** Addresses of the segment, a network of this machine's own. */
export const NETWORK = '10.77.0.0/24';
export const HOSTS = { gw1: '10.77.0.1', gw2: '10.77.0.2', client: '10.77.0.100' } as const;
const CEPH = '10.77.0.254';

/** A gateway host, by the name that places carry. */
export type GatewayName = 'gw1' | 'gw2';

/** What a control plane on these gateways is made of. */
export interface GatewayBackends {
  readonly ceph: BlockBackend;
  readonly gateways: TargetBackend;
  readonly addresses: VipBackend;
}

const NAMES = ['gw1', 'gw2'] as const;

/** Ceph, two gateways and a client. */
export interface Gateways {
  readonly dir: string;
  readonly segment: Segment;
  readonly ceph: CephCluster;
  readonly hosts: readonly [Host, Host];
  readonly addressOf: (host: GatewayName) => string;
  readonly place: GatewayPlace;
  /** Backends as a configuration names them. Each call makes new ones: what a process that starts again has. */
  readonly backends: () => GatewayBackends;
  /** Everything that serves on a host dies at once, as by a power failure; its addresses stay where they are. */
  readonly crash: (host: GatewayName) => void;
  /** The daemons of virtual IPs on a host are told to stop, which they do in order; who minds them starts them again. */
  readonly stopDaemons: (host: GatewayName) => void;
  readonly stop: () => Promise<void>;
}

/** Runs programs at a place, such as a namespace. */
export const runnerAt = (prefix: readonly string[]): ProcessRunner => {
  const run = processRunner();
  return (call) => run({ ...call, argv: [...prefix, ...call.argv] });
};

const pidFilesIn = (folder: string): readonly string[] => {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pid')).map((name) => join(folder, name));
};

/** Who a pid file names, if it is still one of ours. */
const pidIn = (file: string): number | undefined => {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid > 1 && /keep|tgtd/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ? pid : undefined;
  } catch {
    return undefined;
  }
};

/** Where the parts of a gateway are, in words that another process can be told. */
export interface GatewayPlace {
  readonly dir: string;
  readonly cephConf: string;
  readonly watchTimeoutSeconds: number;
  /** What stands before a command line to run it on a gateway, or where Ceph is. */
  readonly prefixes: Readonly<Record<GatewayName | 'sw', readonly string[]>>;
}

const runDirOf = (dir: string): string => join(dir, 'tgt');
const vipFolderOf = (dir: string): string => join(dir, 'vips');

/** Backends as a configuration names them. Each call makes new ones: what a process that starts again has. */
export const gatewayBackends = ({ dir, cephConf: conf, watchTimeoutSeconds, prefixes }: GatewayPlace): GatewayBackends => {
  const hosts = NAMES.map((name) => localHost({ name, prefix: prefixes[name] }));
  const runDir = runDirOf(dir);
  return {
    ceph: rbdBackend({ conf, watchTimeoutMs: watchTimeoutSeconds * 1_000, run: runnerAt(prefixes.sw) }),
    gateways: tgtTargets({ hosts, tgtd: { runDir } }),
    addresses: keepalivedVips({ hosts, supervise: 'child', folder: vipFolderOf(dir), onClose: 'leave', fencedAfterMs: (watchTimeoutSeconds * 1_000) / 2, ...tgtReadiness({ runDir }) }),
  };
};

/** An address that is not on a host may be listened on, so that a target waits for it there. */
const letListenEverywhere = (segment: Segment, host: GatewayName): void => void segment.run(host, 'sysctl', '-q', '-w', 'net.ipv4.ip_nonlocal_bind=1');

/** The machines, with nothing on them but Ceph. */
export interface Field {
  readonly segment: Segment;
  readonly ceph: CephCluster;
}

/** Makes two gateways, a client and a Ceph cluster between them; `dir` is the cluster's. They end with this process at the latest. */
export async function startField({ prefix, dir, watchTimeoutSeconds }: { readonly prefix: string; readonly dir?: string; readonly watchTimeoutSeconds: number }): Promise<Field> {
  const segment = makeSegment({ prefix, hosts: HOSTS, switchAddress: CEPH });
  const ceph = await startCeph({ at: { prefix: segment.prefixOf('sw'), ip: CEPH }, watchTimeoutSeconds, manager: true, ...(dir === undefined ? {} : { dir }) });
  for (const name of NAMES) letListenEverywhere(segment, name);
  return { segment, ceph };
}

/**
 * Starts all of it, within some seconds. It ends with `stop`.
 *
 * @param watchTimeoutSeconds - After so long the cluster forgets a client that died.
 */
export async function startGateways({ watchTimeoutSeconds = 10 }: { readonly watchTimeoutSeconds?: number } = {}): Promise<Gateways> {
  const dir = mkdtempSync(join(tmpdir(), 'bl-gw-'));
  const { segment, ceph } = await startField({ prefix: `blg${process.pid}`, watchTimeoutSeconds });
  const hostOf = (name: GatewayName): Host => localHost({ name, prefix: segment.prefixOf(name) });
  const hosts = [hostOf('gw1'), hostOf('gw2')] as const;
  const [runDir, folder] = [runDirOf(dir), vipFolderOf(dir)];
  const place: GatewayPlace = { dir, cephConf: ceph.conf, watchTimeoutSeconds, prefixes: { gw1: segment.prefixOf('gw1'), gw2: segment.prefixOf('gw2'), sw: segment.prefixOf('sw') } };
  const crash = (host: GatewayName): void => {
    const pids = [runDir, folder].flatMap((each) => pidFilesIn(join(each, host))).flatMap((file) => pidIn(file) ?? []);
    // Who stands still neither starts another nor cleans up when the first of them dies.
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) for (const pid of pids) process.kill(pid, signal);
  };
  return {
    dir,
    segment,
    ceph,
    hosts,
    addressOf: (host) => HOSTS[host],
    place,
    backends: () => gatewayBackends(place),
    crash,
    stopDaemons: (host) => {
      for (const file of pidFilesIn(join(folder, host)).filter((name) => name.endsWith('/keepalived.pid'))) {
        const pid = pidIn(file);
        if (pid !== undefined) process.kill(pid, 'SIGTERM');
      }
    },
    stop: async () => {
      for (const name of NAMES) crash(name);
      for (const host of hosts) await host.close();
      ceph.stop();
      segment.remove();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
