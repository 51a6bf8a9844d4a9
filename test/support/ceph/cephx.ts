/** Keys for a cluster that asks everybody for one. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The keys of a cluster's own daemons. */
export interface DaemonKeys {
  /** The keyring of the monitor and of `client.admin`, below the cluster's folder. */
  readonly keyring: string;
  /** For `osd new -i`. */
  readonly osdSecret: string;
}

const authtool = (...args: readonly string[]): string => execFileSync('ceph-authtool', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Makes them, before any daemon runs. */
export const makeKeys = (dir: string): DaemonKeys => {
  const keyring = join(dir, 'keyring');
  authtool('--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  authtool(keyring, '--gen-key', '-n', 'client.admin', '--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *');
  const key = authtool('--gen-print-key').trim();
  const osdSecret = join(dir, 'osd-secret.json');
  writeFileSync(osdSecret, JSON.stringify({ cephx_secret: key }));
  authtool('--create-keyring', join(dir, 'osd.0', 'keyring'), '--name', 'osd.0', '--add-key', key);
  return { keyring, osdSecret };
};
