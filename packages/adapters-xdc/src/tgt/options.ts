/** How a backend of this kind is set up. */
import type { Host } from '../hosts/host.ts';

/** How the daemons are run. There is one for each access path on each host. */
export interface TgtdOptions {
  /** The control port of access path n is this and n: a number in the name of the daemon's socket, no TCP port. Default: 9 000. */
  readonly controlPort?: number;
  /** Where the sockets of the daemons are, in a folder for each host. Absolute, and short: a socket's path has at most 107 bytes. Default: `/run/blockledger/tgt`. */
  readonly runDir?: string;
  /** The daemon's program. Default: `tgtd`. */
  readonly program?: string;
  /** The program that speaks to it. Default: `tgtadm`. */
  readonly admin?: string;
}

/** How the hosts open images of Ceph. */
export interface TgtCephOptions {
  /** Path of `ceph.conf` on the hosts. Default: what the volume's block backend says, or what librbd finds by itself. */
  readonly conf?: string;
  /** The Ceph user on the hosts, such as `client.gateway`. Default: what the volume's block backend says. */
  readonly client?: string;
  /**
   * Whether a host looks at an image before it opens it: that it is there, has an exclusive lock, and is not cached for writing. Without these
   * two, acknowledged blocks are lost when an address fails over. Needs `rbd` on the hosts. Default: true.
   */
  readonly verify?: boolean;
}

/** Options of `tgtTargets`. */
export interface TgtOptions {
  /** The gateway hosts, by the names that places carry. */
  readonly hosts: readonly Host[];
  readonly tgtd?: TgtdOptions;
  readonly ceph?: TgtCephOptions;
  /** What initiators are shown as the vendor: at most 8 letters. Default: `BLKLEDGR`. */
  readonly vendor?: string;
  /** A call of one program may take so long, in ms. Default: 30 000. */
  readonly commandTimeoutMs?: number;
  /** IO that is under way may take so long to end before a LUN is taken away or opened anew, in ms; then the call is to be repeated. Default: 5 000. */
  readonly drainMs?: number;
}

/** Options with nothing left open. */
export interface Settings {
  readonly controlPort: number;
  readonly runDir: string;
  readonly program: string;
  readonly admin: string;
  readonly ceph: { readonly conf: string | undefined; readonly client: string | undefined; readonly verify: boolean };
  readonly vendor: string;
  readonly commandTimeoutMs: number;
  readonly drainMs: number;
}

/** Fills in the defaults. */
export const settle = ({ tgtd = {}, ceph = {}, vendor = 'BLKLEDGR', commandTimeoutMs = 30_000, drainMs = 5_000 }: TgtOptions): Settings => ({
  controlPort: tgtd.controlPort ?? 9_000,
  runDir: tgtd.runDir ?? '/run/blockledger/tgt',
  program: tgtd.program ?? 'tgtd',
  admin: tgtd.admin ?? 'tgtadm',
  ceph: { conf: ceph.conf, client: ceph.client, verify: ceph.verify ?? true },
  vendor: vendor.slice(0, 8),
  commandTimeoutMs,
  drainMs,
});
