/** A keepalived that is nobody's of ours: it speaks for a virtual router id on a segment, as the group of another cluster would. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where it speaks, and as whom. */
export interface StrangerOptions {
  /** What stands before a command line to run it where it is. */
  readonly prefix: readonly string[];
  readonly vrid: number;
  /** The address that it holds. */
  readonly ip: string;
  /** The word of VRRP's simple authentication. */
  readonly password: string;
}

const configOf = ({ vrid, ip, password }: StrangerOptions): string => `vrrp_instance stranger {
    state BACKUP
    interface eth0
    virtual_router_id ${vrid}
    priority 90
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass ${password}
    }
    virtual_ipaddress {
        ${ip}/32 dev eth0
    }
}
`;

/**
 * It begins to speak; the result silences it.
 *
 * @example
 * const silence = startStranger({ prefix: ['ip', 'netns', 'exec', 'other'], vrid: 51, ip: '10.77.0.200', password: 'stranger' });
 * await silence();
 */
export const startStranger = (options: StrangerOptions): (() => Promise<void>) => {
  const dir = mkdtempSync(join(tmpdir(), 'bl-stranger-'));
  const conf = join(dir, 'keepalived.conf');
  writeFileSync(conf, configOf(options));
  const [program, ...rest] = [...options.prefix, 'keepalived', '-n', '-l', '--vrrp', '-f', conf, '-p', join(dir, 'keepalived.pid'), '-r', join(dir, 'vrrp.pid')];
  const child = spawn(program, rest, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  return async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
};
