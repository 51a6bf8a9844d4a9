/** Two hosts and a switch as network namespaces, with keepalived on them. Private: nothing of this machine's own network is touched. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { localHost, type Host } from '@blockledger/adapters-xdc';
import type { Portal } from '@blockledger/domain';
import type { VipHost } from '@blockledger/domain/testing';
import { onPath, type RealPart } from './real.ts';
import { makeSegment } from './segment.ts';

/** What a test on real keepalived needs: its programs, and the right to make namespaces. */
export const realKeepalived: RealPart = {
  what: 'keepalived with tcpdump, iproute2, and root with network namespaces',
  packages: ['keepalived', 'tcpdump', 'iproute2'],
  present: () => {
    if (process.getuid?.() !== 0 || !['keepalived', 'tcpdump', 'ip', 'ss'].every(onPath)) return false;
    const probe = `bl-probe-${process.pid}`;
    const made = spawnSync('ip', ['netns', 'add', probe]).status === 0;
    if (made) spawnSync('ip', ['netns', 'del', probe]);
    return made;
  },
};

/** The network of one test file. */
export interface VrrpNet {
  readonly hosts: readonly [Host, Host];
  /** The hosts as the contract takes them. */
  readonly vipHosts: readonly [VipHost, VipHost];
  /** A folder for instances. */
  readonly folder: string;
  /** An address and a router id that nothing else in this file uses. */
  readonly fresh: () => { readonly ip: string; readonly vrid: number };
  /** The namespace of a host. */
  readonly nsOf: (host: string) => string;
  /** Hosts may listen on addresses that they do not hold. */
  readonly allowNonlocal: () => void;
  /** The cable of a host is pulled, or put back. */
  readonly setLink: (host: string, up: boolean) => void;
  /** Whether an address is on a host. */
  readonly has: (host: string, ip: string) => boolean;
  /** The process that a pid file of an instance names, and that still runs. */
  readonly pid: (host: string, vipId: string, which: 'keep' | 'keepalived' | 'vrrp') => number | undefined;
  /** Kills the keeper of an instance, the daemon and its child, so that nobody cleans up. */
  readonly killAll: (host: string, vipId: string) => void;
  readonly serve: (host: string, portal: Portal) => Promise<() => Promise<void>>;
  /** Ends everything and removes it. */
  readonly stop: () => Promise<void>;
}

const NAMES = ['gw1', 'gw2'] as const;

const isRunning = (pid: number): boolean => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Something that listens in a namespace, until it is ended. */
async function serveIn(ns: string, { ip, port }: Portal): Promise<() => Promise<void>> {
  const program = `require('node:net').createServer().listen(${port}, '${ip}', () => console.log('up'))`;
  const child = spawn('ip', ['netns', 'exec', ns, process.execPath, '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
}

/** Sets up the network. */
export function startVrrpNet(): VrrpNet {
  const folder = mkdtempSync(join(tmpdir(), 'bl-vips-'));
  const segment = makeSegment({ prefix: `bl${process.pid}`, hosts: { gw1: '10.77.0.1', gw2: '10.77.0.2' }, switchAddress: '10.77.0.254' });
  const { nsOf, has, setLink } = segment;
  const hostOf = (name: string): Host => localHost({ name, prefix: segment.prefixOf(name) });
  const hosts = [hostOf('gw1'), hostOf('gw2')] as const;
  const vipHostOf = (name: string, source: string): VipHost => ({ place: { backend: 'vips', host: name }, interface: 'eth0', source });
  const pid: VrrpNet['pid'] = (host, vipId, which) => {
    const path = join(folder, host, vipId, `${which}.pid`);
    const found = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
    return found > 1 && isRunning(found) ? found : undefined;
  };
  const killAll: VrrpNet['killAll'] = (host, vipId) => {
    const pids = (['keep', 'keepalived', 'vrrp'] as const).flatMap((which) => pid(host, vipId, which) ?? []);
    // Who stands still neither starts another nor cleans up when the first of them dies.
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) for (const each of pids) process.kill(each, signal);
  };
  const ended: (() => Promise<void>)[] = [];
  let used = 0;
  return {
    hosts,
    vipHosts: [vipHostOf('gw1', '10.77.0.1'), vipHostOf('gw2', '10.77.0.2')],
    folder,
    fresh: () => {
      used += 1;
      return { ip: `10.77.0.${100 + used}`, vrid: used };
    },
    nsOf,
    allowNonlocal: () => NAMES.forEach((name) => void segment.run(name, 'sysctl', '-qw', 'net.ipv4.ip_nonlocal_bind=1')),
    setLink,
    has,
    pid,
    killAll,
    serve: async (host, portal) => {
      const end = await serveIn(nsOf(host), portal);
      ended.push(end);
      return end;
    },
    stop: async () => {
      for (const end of ended) await end();
      for (const host of NAMES) for (const vipId of existsSync(join(folder, host)) ? readdirSync(join(folder, host)) : []) killAll(host, vipId);
      for (const host of hosts) await host.close();
      segment.remove();
      await later(200);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
