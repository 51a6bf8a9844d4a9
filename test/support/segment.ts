/** A switch and hosts on it, as network namespaces of this machine. Private: nothing of the machine's own network is touched. */
import { execFileSync, spawnSync } from 'node:child_process';

const run = (...[program = '', ...args]: readonly string[]): string => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** One broadcast domain. Each host has one device, `eth0`. */
export interface Segment {
  /** The namespace of a host, or of the switch, which is named `sw`. */
  readonly nsOf: (host: string) => string;
  /** What stands before a command line to run it on a host. */
  readonly prefixOf: (host: string) => readonly string[];
  readonly run: (host: string, ...argv: readonly string[]) => string;
  /** Whether an address is on a host. */
  readonly has: (host: string, ip: string) => boolean;
  /** The cable of a host is pulled, or put back. */
  readonly setLink: (host: string, up: boolean) => void;
  /** Removes everything. Whatever still runs there loses its network. */
  readonly remove: () => void;
}

/** How a segment is made: its hosts and their addresses, and the switch's own. */
export interface SegmentOptions {
  /** What the namespaces' names begin with; no other process of this machine may use it. */
  readonly prefix: string;
  readonly hosts: Readonly<Record<string, string>>;
  readonly switchAddress: string;
}

/**
 * Makes one; it goes with this process at the latest.
 *
 * @example
 * const segment = makeSegment({ prefix: 'bl1', hosts: { gw1: '10.77.0.1', gw2: '10.77.0.2' }, switchAddress: '10.77.0.254' });
 * segment.run('gw1', 'ip', 'route', 'get', '10.77.0.2');
 * segment.remove();
 */
export function makeSegment({ prefix, hosts, switchAddress }: SegmentOptions): Segment {
  const nsOf = (host: string): string => `${prefix}-${host}`;
  const sw = nsOf('sw');
  const remove = (): void => {
    process.removeListener('exit', remove);
    for (const name of [...Object.keys(hosts), 'sw']) spawnSync('ip', ['netns', 'del', nsOf(name)]);
  };
  process.once('exit', remove);
  run('ip', 'netns', 'add', sw);
  for (const words of ['link set lo up', 'link add br0 type bridge mcast_snooping 0 forward_delay 0', `addr add ${switchAddress}/24 dev br0`, 'link set br0 up']) run('ip', '-n', sw, ...words.split(' '));
  for (const [name, ip] of Object.entries(hosts)) {
    const ns = nsOf(name);
    run('ip', 'netns', 'add', ns);
    run('ip', '-n', ns, 'link', 'set', 'lo', 'up');
    run('ip', '-n', sw, 'link', 'add', `v${name}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', ns);
    run('ip', '-n', sw, 'link', 'set', `v${name}`, 'master', 'br0', 'up');
    run('ip', '-n', ns, 'addr', 'add', `${ip}/24`, 'dev', 'eth0');
    run('ip', '-n', ns, 'link', 'set', 'eth0', 'up');
  }
  const prefixOf = (host: string): readonly string[] => ['ip', 'netns', 'exec', nsOf(host)];
  return {
    nsOf,
    prefixOf,
    run: (host, ...argv) => run(...prefixOf(host), ...argv),
    has: (host, ip) => run('ip', '-n', nsOf(host), '-4', '-o', 'addr', 'show', 'dev', 'eth0').includes(` ${ip}/`),
    setLink: (host, up) => void run('ip', '-n', sw, 'link', 'set', `v${host}`, up ? 'up' : 'down'),
    remove,
  };
}
