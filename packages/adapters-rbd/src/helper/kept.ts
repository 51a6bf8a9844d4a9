/** A child of ours that lives on, is asked many things at once and answers each: the parent's side of it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setprivPath } from '../programs.ts';

/** What is sent to such a child. */
export type ToChild<Question> = { readonly id: number; readonly question: Question } | { readonly id: number; readonly stop: true };

/** What comes back: something said on the way, or the answer. */
export type FromChild<Said, Answer> = { readonly id: number; readonly said: Said } | { readonly id: number; readonly answer: Answer };

/** How a child ended, with the last that it wrote to stderr. */
export interface ChildEnd {
  readonly how: string;
}

/** The answer of a child, or its end. */
export type Answered<Answer> = { readonly answer: Answer } | { readonly ended: ChildEnd };

/** A question under way. */
export interface Asked<Answer> {
  /** Never rejects. */
  readonly answered: Promise<Answered<Answer>>;
  /** Asks the child to leave it; the answer still comes. */
  readonly stop: () => void;
}

/** A child that lives on. */
export interface KeptChild<Question, Said, Answer> {
  readonly pid: number | undefined;
  /** It answers nothing any more. */
  readonly isOver: () => boolean;
  /** How many questions are under way. */
  readonly asking: () => number;
  readonly ask: (question: Question, onSaid: (said: Said) => void) => Asked<Answer>;
  /** Kills it; resolves when it is dead and every question has its answer. */
  readonly kill: () => Promise<void>;
}

/** What a child is started with. */
export interface ChildProgram {
  /** The module that it runs. */
  readonly entry: URL;
  readonly env?: Readonly<Record<string, string>>;
}

/** Where a module of this package stands that runs in a process of its own: as TypeScript beside TypeScript, else as what was built of it. */
export const entryBeside = (base: string, name: string): URL => new URL(`${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base);

/** False where a bundler has taken this package apart. */
export const canStart = (entry: URL): boolean => existsSync(fileURLToPath(entry));

const TAKES_A_VALUE = new Set(['--import', '--conditions', '-C', '--require', '-r']);

/** TypeScript needs in the child what it needed here; what was built needs nothing. */
function nodeOptions(entry: URL): readonly string[] {
  if (!entry.pathname.endsWith('.ts')) return [];
  return process.execArgv.flatMap((word, at, words) => {
    if (TAKES_A_VALUE.has(word)) return [word, words[at + 1] ?? ''];
    return [...TAKES_A_VALUE].some((option) => word.startsWith(`${option}=`)) ? [word] : [];
  });
}

const STDERR_KEPT = 2_000;

interface Waiting<Said, Answer> {
  readonly onSaid: (said: Said) => void;
  readonly settle: (answered: Answered<Answer>) => void;
}

/**
 * Starts a child. It dies with this process where `setpriv` is installed; else it ends when it sees the channel closed.
 * As long as nothing is asked it keeps this process from nothing.
 */
export function keepChild<Question, Said, Answer>({ entry, env = {} }: ChildProgram): KeptChild<Question, Said, Answer> {
  const setpriv = setprivPath();
  const words = [process.execPath, ...nodeOptions(entry), fileURLToPath(entry)];
  const [program = process.execPath, ...args] = setpriv === undefined ? words : [setpriv, '--pdeathsig', 'KILL', '--', ...words];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced', env: { ...process.env, ...env } });
  const waiting = new Map<number, Waiting<Said, Answer>>();
  let lastSaid = '';
  let isOver = false;
  let next = 0;
  const hold = (): void => (waiting.size === 0 ? letGo(child) : holdOn(child));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    lastSaid = (lastSaid + chunk).slice(-STDERR_KEPT);
  });
  child.on('message', (message: unknown) => {
    const told = message as FromChild<Said, Answer>;
    const asked = waiting.get(told.id);
    if ('said' in told) return asked?.onSaid(told.said);
    waiting.delete(told.id);
    hold();
    asked?.settle({ answer: told.answer });
  });
  const ending = async (): Promise<void> => {
    const how = await whenDead(child);
    isOver = true;
    const ended = { how: `${how}${lastSaid.trim() === '' ? '' : `: ${lastSaid.trim().split('\n').at(-1)?.slice(0, 300) ?? ''}`}` };
    for (const { settle } of waiting.values()) settle({ ended });
    waiting.clear();
  };
  const dead = ending();
  // From here on nothing that is sent arrives; what has arrived may still be answered.
  for (const end of ['exit', 'disconnect', 'error']) child.on(end, () => (isOver = true));
  hold();
  const send = (message: ToChild<Question>): void => void (child.connected && child.send(message, () => undefined));
  return {
    pid: child.pid,
    isOver: () => isOver,
    asking: () => waiting.size,
    ask: (question, onSaid) => {
      const id = (next += 1);
      if (isOver) return { answered: Promise.resolve({ ended: { how: 'it had ended before' } }), stop: () => undefined };
      const answered = new Promise<Answered<Answer>>((settle) => waiting.set(id, { onSaid, settle }));
      hold();
      send({ id, question });
      return { answered, stop: () => send({ id, stop: true }) };
    },
    kill: () => {
      isOver = true;
      holdOn(child);
      child.kill('SIGKILL');
      return dead;
    },
  };
}

/** Resolves when it is dead and everything that it sent has been read. */
const whenDead = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    let how: string | undefined;
    const settle = (): void => {
      if (how !== undefined && !child.connected) resolve(how);
    };
    child.on('error', (error) => {
      how ??= error.message;
      if (child.pid === undefined) resolve(how);
    });
    child.on('exit', (code, signal) => {
      how = signal === null ? `exit code ${code ?? '?'}` : `killed by ${signal}`;
      settle();
    });
    child.on('disconnect', settle);
  });

function holdOn(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  const { stderr } = child;
  if (stderr instanceof Socket) stderr.unref();
}
