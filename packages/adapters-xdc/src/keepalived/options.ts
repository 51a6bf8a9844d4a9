/** How a backend of this kind is set up. */
import type { ReadyCheck } from '@blockledger/domain';
import type { Host } from '../hosts/host.ts';

/** Options of `keepalivedVips`. Times are in milliseconds. */
export interface KeepalivedOptions {
  /** Gateway hosts. They may be shared with a backend of targets; closing this backend leaves them open. */
  readonly hosts: readonly Host[];
  /**
   * Who keeps an instance's daemon running: `systemd`, or a small shell process of ours for hosts without it (containers, laboratories). It
   * is the daemon's parent, starts it again when it ends, and outlives a crash of this process, so that no address moves then.
   */
  readonly supervise: 'systemd' | 'child';
  /** Where instances live on each host; below it are `<host>/<vip id>`. Absolute, no blanks. Default: `/var/lib/blockledger/vips`. */
  readonly folder?: string;
  /** Default: `/usr/sbin/keepalived`. Absolute, since it stands in units. */
  readonly keepalived?: string;
  /** Default: `['systemctl']`. */
  readonly systemctl?: readonly string[];
  /** Where units are written. Default: `/etc/systemd/system`. */
  readonly unitFolder?: string;
  /**
   * The word of VRRP's simple authentication, one to eight letters and digits, the same on all hosts (S0-77). It travels in the clear with
   * every advert, so it keeps nobody out. All groups share it, since a keepalived that hears its router id with another word falls silent:
   * two groups that meet on one id could then not both be heard. Default: `blckldgr`.
   */
  readonly password?: string;
  /**
   * The command that tells on the host, by its exit code and within two seconds, that something in `checks` is served there; it is run every
   * second. Default: something listens on the portal. Nothing secret may stand in it.
   */
  readonly check?: (check: ReadyCheck, host: string) => readonly string[];
  /** Pid files of the daemons that serve the targets, shell patterns allowed. One that was started after the host was admitted makes it not ready. */
  readonly daemonPidFiles?: (host: string) => readonly string[];
  /**
   * An instance that was not ready for longer may have been fenced meanwhile: its host has to be admitted again. Default: 10 000. It must be
   * well below the time after which storage locks out a silent client (30 s for Ceph).
   */
  readonly fencedAfterMs?: number;
  /** Whether instances under `child` end when the backend is closed. Default: `end`. */
  readonly onClose?: 'end' | 'leave';
}

/** Options with nothing left open. */
export type Settings = Required<Omit<KeepalivedOptions, 'hosts' | 'check'>> & Pick<KeepalivedOptions, 'check'>;

/** Such paths need no quotes in any of the files that they stand in. */
const PLAIN_PATH = /^\/[\w./-]{1,60}$/;

const plainPath = (option: string, path: string): string => {
  if (!PLAIN_PATH.test(path)) throw new TypeError(`${option}: "${path}" is not an absolute path of at most 60 letters, digits, "_", "-", "." and "/"`);
  return path.replace(/\/+$/, '');
};

const PASSWORD = /^[A-Za-z0-9]{1,8}$/;

const checkedPassword = (password: string): string => {
  if (!PASSWORD.test(password)) throw new TypeError('password: one to eight letters and digits');
  return password;
};

/** Fills in the defaults. Throws for what cannot be used: a mistake in the configuration, found when it is read. */
export const settle = (options: KeepalivedOptions): Settings => ({
  supervise: options.supervise,
  folder: plainPath('folder', options.folder ?? '/var/lib/blockledger/vips'),
  keepalived: plainPath('keepalived', options.keepalived ?? '/usr/sbin/keepalived'),
  systemctl: options.systemctl ?? ['systemctl'],
  unitFolder: plainPath('unitFolder', options.unitFolder ?? '/etc/systemd/system'),
  password: checkedPassword(options.password ?? 'blckldgr'),
  daemonPidFiles: options.daemonPidFiles ?? (() => []),
  fencedAfterMs: options.fencedAfterMs ?? 10_000,
  onClose: options.onClose ?? 'end',
  ...(options.check === undefined ? {} : { check: options.check }),
});
