/** A real initiator: the tools of libiscsi for one question each, and `qemu-io` for a session that stays. */
import type { Portal } from '@blockledger/domain';
import type { Login, LoginAsked } from '@blockledger/domain/testing';
import { spawn, spawnSync } from 'node:child_process';

/** How somebody comes in. `lun` is what initiators of tgt see: one more than ours. */
export interface Way {
  readonly portal: Portal;
  readonly iqn: string;
  readonly lun: number;
  readonly initiator?: string;
  readonly user?: string;
  readonly secret?: string;
  /** The account that the target is to prove itself with. */
  readonly targetUser?: string;
  readonly targetSecret?: string;
  /** What stands before a command line to run it where the initiator is. Default: here. */
  readonly prefix?: readonly string[];
}

/** How a program ended. */
export interface Ended {
  readonly exitCode: number;
  readonly text: string;
}

const NAME = 'iqn.2008-11.org.blockledger:test';

const urlOf = ({ portal, iqn, lun, user, secret, targetUser, targetSecret }: Way): string =>
  `iscsi://${user === undefined ? '' : `${user}%${secret}@`}${portal.ip}:${portal.port}/${iqn}/${lun + 1}${targetUser === undefined ? '' : `?target_user=${targetUser}&target_password=${targetSecret}`}`;

/** A program at the initiator's place, as `spawn` takes it. */
export const commandOf = ({ prefix = [] }: Way, program: string, args: readonly string[]): readonly [string, readonly string[]] => {
  const [first = program, ...rest] = [...prefix, program, ...args];
  return [first, rest];
};

const ran = (way: Way, program: string, args: readonly string[]): Ended => {
  const { status, stdout, stderr } = spawnSync(...commandOf(way, program, args), { encoding: 'utf8', timeout: 20_000 });
  return { exitCode: status ?? -1, text: `${stdout}${stderr}` };
};

/** What a LUN says of itself: `INQUIRY`, or a page of it by number. */
export const inquire = (way: Way, page?: number): Ended => ran(way, 'iscsi-inq', ['-i', way.initiator ?? NAME, ...(page === undefined ? [] : ['-e', '1', '-c', String(page)]), urlOf(way)]);

/** The exact size of a LUN, in bytes; how it ended where it has none to say. */
export const sizeOf = (way: Way): number | Ended => {
  const ended = ran(way, 'iscsi-readcapacity16', ['-i', way.initiator ?? NAME, urlOf(way)]);
  const found = /^Total size:(\d+)$/m.exec(ended.text)?.[1];
  return found === undefined ? ended : Number(found);
};

/** A LUN as `qemu-io` is told of it. */
export const imageOf = ({ portal, iqn, lun, initiator = NAME, user, secret }: Way): readonly string[] => [
  ...(user === undefined ? [] : ['--object', `secret,id=chap,data=${secret}`]),
  '--image-opts',
  [
    'driver=raw,file.driver=iscsi,file.transport=tcp',
    `file.portal=${portal.ip}:${portal.port},file.target=${iqn},file.lun=${lun + 1},file.initiator-name=${initiator}`,
    ...(user === undefined ? [] : [`file.user=${user},file.password-secret=chap`]),
  ].join(','),
];

/** Runs commands of `qemu-io` on a LUN: `write -P 0x5a 1M 64k`. */
export const qemuIo = (way: Way, ...commands: readonly string[]): Ended => ran(way, 'qemu-io', [...commands.flatMap((command) => ['-c', command]), ...imageOf(way)]);

/** So long an initiator may take to come back, or to find out that it may not, in ms. */
const ANSWER_MS = 4_000;

/** A session of `qemu-io`. */
export interface HeldSession extends Login {
  /** What it answers to a command: `write -P 0x5a 1M 64k`. */
  readonly say: (command: string) => Promise<string>;
  /** It does nothing more, as one whose machine has died. */
  readonly freeze: () => void;
}

/** A session that stays until it is told to go; undefined when it is not let in. */
export const holdSession = async (way: Way): Promise<HeldSession | undefined> => {
  const child = spawn(...commandOf(way, 'qemu-io', imageOf(way)), { stdio: ['pipe', 'pipe', 'pipe'] });
  let heard = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      for (const wake of listeners) wake();
    });
  }
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  child.stdin.on('error', () => undefined);
  const hears = (is: () => boolean): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (answer: boolean): void => {
        clearTimeout(timer);
        listeners.delete(look);
        resolve(answer);
      };
      const look = (): void => (is() ? end(true) : undefined);
      const timer = setTimeout(() => end(false), ANSWER_MS);
      listeners.add(look);
      void ended.then(() => end(is()));
      look();
    });
  if (!(await hears(() => heard.includes('qemu-io>')))) return undefined;
  const say = async (command: string): Promise<string> => {
    heard = '';
    child.stdin.write(`${command}\n`);
    await hears(() => heard.includes('qemu-io>'));
    return heard;
  };
  return {
    say,
    freeze: () => void child.kill('SIGSTOP'),
    reads: async (lun) => (lun === way.lun ? /read 512\/512/.test(await say('read 0 512')) : /read 512\/512/.test(qemuIo({ ...way, lun }, 'read 0 512').text)),
    logout: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

/** For the contract suite. */
export const loginHere = ({ target: { iqn }, portal, initiator, user, secret }: LoginAsked): Promise<Login | undefined> =>
  holdSession({ portal, iqn, lun: 0, initiator, ...(user === undefined ? {} : { user }), ...(secret === undefined ? {} : { secret }) });
