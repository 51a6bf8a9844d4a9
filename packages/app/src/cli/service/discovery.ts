/** How a service that runs here is found by its own user: a file per process, which nobody else can read, in a folder of the user's. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import * as t from 'io-ts';
import * as E from 'fp-ts/lib/Either.js';
import { messageOf } from '../../system/thrown.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `birth` is when the process began, as the kernel counts; null where it does not say. */
const Announced = t.readonly(t.strict({ url: t.string, token: t.string, pid: t.number, birth: t.union([t.string, t.null]), store: t.string }), 'Announced');
/** What a service says of itself to its own user. `token` is worth something for as long as the process lives. */
export type Announced = t.TypeOf<typeof Announced>;

const uid = (): number => process.getuid?.() ?? 0;

/** The user's own folder for such files: the one of the session, or one in the folder for temporary files. */
export const discoveryFolder = (environment: Environment): string => {
  const session = environment['XDG_RUNTIME_DIR'];
  return session === undefined || session === '' ? join(tmpdir(), `blockledger-${uid()}`) : join(session, 'blockledger');
};

const OWNER_ONLY = 0o700;
const OTHERS = 0o077;

/** A folder that somebody else made in our name is not believed, in either direction. */
const isOurs = (folder: string): boolean => {
  try {
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === uid() && (found.mode & OTHERS) === 0;
  } catch {
    return false;
  }
};

/** What a service tells; the rest is known of its process. */
export type News = Pick<Announced, 'url' | 'token' | 'store'>;

/** A service that listens everywhere is reached from here on loopback. */
const fromHere = (url: string): string => url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

/** Tells the user's other programs of this process's service; returns how to take it back. Left: why it cannot be told. */
export const announce = (news: News, environment: Environment): E.Either<string, () => void> => {
  const folder = discoveryFolder(environment);
  try {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
    if (!isOurs(folder)) return E.left(`${folder} belongs to somebody else, or others can look into it`);
    const { pid } = process;
    const announced: Announced = { ...news, url: fromHere(news.url), pid, birth: birthOf(pid) };
    const path = join(folder, `${pid}.json`);
    rmSync(path, { force: true });
    writeFileSync(path, JSON.stringify(announced), { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
    return E.right(() => rmSync(path, { force: true }));
  } catch (thrown) {
    return E.left(messageOf(thrown));
  }
};

/** When a process began, in the kernel's own count: a number that comes again, after a kill or a restart of the machine, is another process. */
const birthOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, which may hold blanks and brackets; the beginning is the 22nd.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Whether the process that wrote this still runs. */
const isAlive = ({ pid, birth }: Announced): boolean => exists(pid) && (birth === null || birthOf(pid) === birth);

const readOne = (path: string): Announced | undefined => {
  try {
    const read = Announced.decode(JSON.parse(readFileSync(path, 'utf8')));
    return E.isRight(read) && isAlive(read.right) ? read.right : undefined;
  } catch {
    return undefined;
  }
};

/** The services of this user that run here, in the order of their processes. Files of processes that are gone are taken away. */
export const discover = (environment: Environment): readonly Announced[] => {
  const folder = discoveryFolder(environment);
  if (!isOurs(folder)) return [];
  const paths = readdirSync(folder).filter((name) => /^\d+\.json$/.test(name)).map((name) => join(folder, name));
  return paths
    .map((path) => {
      const found = readOne(path);
      if (found === undefined) rmSync(path, { force: true });
      return found;
    })
    .filter((found) => found !== undefined)
    .toSorted((a, b) => a.pid - b.pid);
};

/** The service that is meant where nobody names one: the only one, or the only one whose store is in this folder or below. */
export const nearest = (found: readonly Announced[], folder = process.cwd()): Announced | undefined => {
  const here = found.length === 1 ? found : found.filter(({ store }) => store.startsWith(`${folder}${sep}`));
  return here.length === 1 ? here[0] : undefined;
};
