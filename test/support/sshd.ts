/** A real `sshd` on loopback, with keys of its own. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { onPath, type RealPart } from './real.ts';

/** Not on everybody's PATH. */
const SSHD = '/usr/sbin/sshd';

/** For `requireReal`. */
export const realSshd: RealPart = {
  what: 'OpenSSH',
  packages: ['openssh-server', 'openssh-client'],
  present: () => existsSync(SSHD) && onPath('ssh') && onPath('ssh-keygen'),
};

/** A server that runs. */
export interface RealSshd {
  readonly port: number;
  readonly user: string;
  readonly identity: string;
  readonly knownHosts: string;
  /** The server's process. */
  readonly pid: number;
  /** Makes a key that the server does not know. */
  readonly makeKey: (name: string) => string;
  /** Writes a file of known hosts with this public key in it. */
  readonly knowing: (name: string, publicKey: string) => string;
  /** Ends it, and every connection to it. */
  readonly stop: () => Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Starts one; whoever starts it stops it. */
export const startSshd = async (): Promise<RealSshd> => {
  const dir = mkdtempSync(join(tmpdir(), 'blockledger-sshd-'));
  const file = (name: string): string => join(dir, name);
  const makeKey = (name: string): string => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
    return file(name);
  };
  const port = await freePort();
  const knowing = (name: string, publicKey: string): string => {
    writeFileSync(file(name), `[127.0.0.1]:${port} ${publicKey}`);
    return file(name);
  };
  const publicOf = (key: string): string => readFileSync(`${key}.pub`, 'utf8');
  const [hostKey, identity] = [makeKey('host'), makeKey('user')];
  writeFileSync(file('authorized'), publicOf(identity), { mode: 0o600 });
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const settings = [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${hostKey}`, `AuthorizedKeysFile ${file('authorized')}`, 'StrictModes no'];
  writeFileSync(file('sshd_config'), [...settings, 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'UsePAM no', 'PidFile none', 'PermitRootLogin yes', 'Banner /etc/hostname', ''].join('\n'));
  const child = spawn(SSHD, ['-D', '-e', '-f', file('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => (text.includes('Server listening') ? resolve() : undefined));
    child.once('exit', (code) => reject(new Error(`sshd ended with ${code}`)));
  });
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  return {
    port,
    user: userInfo().username,
    identity,
    knownHosts: knowing('known', publicOf(hostKey)),
    pid: child.pid ?? 0,
    makeKey,
    knowing,
    stop: async () => {
      spawnSync('kill', ['-KILL', ...childrenOf(child.pid ?? 0), String(child.pid)]);
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

/** The server's processes for its connections, as numbers. */
const childrenOf = (pid: number): readonly string[] => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
