/** An image of Ceph, before a host opens it: what would hang the daemon, or lose acknowledged blocks, is found here. */
import * as E from 'fp-ts/lib/Either.js';
import { permanent, type PortError, type ProcessResult, retryable } from '@blockledger/domain';
import type { Backing } from './commands.ts';
import { runThere, type Eventually, type Session } from './session.ts';

/** The daemon waits for a dead cluster as long as librbd does, and serves nobody meanwhile; this one gives up, in seconds. */
const PATIENCE = '10';

const NOT_FOUND = 2;

const ask = (session: Session, { path, options }: Backing, command: string, args: readonly string[]): Eventually<ProcessResult> => {
  const given = new Map((options ?? '').split(';').map((option) => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)] as const));
  const [conf, id] = [given.get('conf'), given.get('id')];
  const who = [...(conf === undefined ? [] : ['--conf', conf]), ...(id === undefined ? [] : ['--id', id])];
  return runThere(session, { program: 'rbd', command }, ['rbd', ...args, '--format', 'json', ...who, '--client-mount-timeout', PATIENCE, '--rados-osd-op-timeout', PATIENCE, '--', path]);
};

const parsed = (text: string): unknown => {
  const json = E.tryCatch((): unknown => JSON.parse(text), String);
  return E.isRight(json) ? json.right : undefined;
};

const featuresIn = (text: string): readonly unknown[] => {
  const shown = parsed(text);
  return typeof shown === 'object' && shown !== null && 'features' in shown && Array.isArray(shown.features) ? (shown.features as readonly unknown[]) : [];
};

/** The value of a setting as a client on that host has it. */
const settingIn = (text: string, wanted: string): unknown => {
  const shown = parsed(text);
  const rows: readonly unknown[] = Array.isArray(shown) ? (shown as readonly unknown[]) : [];
  const row = rows.find((one) => typeof one === 'object' && one !== null && 'name' in one && one.name === wanted);
  return typeof row === 'object' && row !== null && 'value' in row ? row.value : undefined;
};

const failed = (what: string, { exitCode, stderr }: ProcessResult): PortError =>
  exitCode === NOT_FOUND ? retryable('CannotOpen', `${what}: there is no such image`) : retryable('CannotOpen', `${what}: ${stderr.trim().split('\n').at(-1) ?? `exit code ${exitCode}`}`);

/** What keeps a host from serving this image safely; undefined when nothing does, when nobody asked, and for files. */
export async function imageTrouble(session: Session, backing: Backing): Promise<PortError | undefined> {
  if (backing.type !== 'rbd' || !session.settings.ceph.verify) return undefined;
  const what = `host ${session.daemon.host.name} cannot open ${backing.path}`;
  const info = await ask(session, backing, 'info', ['info']);
  if (E.isLeft(info)) return info.left;
  if (info.right.exitCode !== 0) return failed(what, info.right);
  if (!featuresIn(info.right.stdout).includes('exclusive-lock')) {
    return permanent('NoExclusiveLock', `${backing.path} has no exclusive lock, so a host that was cut off could still write: rbd feature enable ${backing.path} exclusive-lock`);
  }
  const config = await ask(session, backing, 'config image list', ['config', 'image', 'list']);
  if (E.isLeft(config)) return config.left;
  if (config.right.exitCode !== 0) return failed(what, config.right);
  if (String(settingIn(config.right.stdout, 'rbd_cache')) !== 'false') {
    return permanent(
      'WriteBackCache',
      `host ${session.daemon.host.name} would cache what is written to ${backing.path}, and lose acknowledged blocks when an address fails over: set rbd_cache = false in the [client] section of its ceph.conf, or rbd config image set ${backing.path} rbd_cache false`,
    );
  }
  return undefined;
}
