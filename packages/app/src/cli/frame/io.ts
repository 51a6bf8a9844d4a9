/** What a command has of the world outside: where it writes, what it may ask, when it must stop. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text as wholeOf } from 'node:stream/consumers';
import { EXIT_CODES } from '../exit.ts';
import { screenOf, type Screen } from './screen.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Streams and settings of one run of the command line. */
export interface Io {
  /** What stdout can show. */
  readonly screen: Screen;
  /** What stderr can show. */
  readonly noteScreen: Screen;
  readonly environment: Environment;
  /** `--json`: one document on stdout, for programs. */
  readonly json: boolean;
  /** `--bytes`: sizes as whole bytes. */
  readonly bytes: boolean;
  /** Writes to stdout. */
  readonly print: (text: string) => void;
  /** Writes to stdout, and waits until it is taken: for what has no end. */
  readonly write: (text: string) => Promise<void>;
  /** Writes a message to stderr. */
  readonly note: (text: string) => void;
  /** Whether somebody can be asked: stdin and stderr are terminals. */
  readonly canAsk: boolean;
  /** The answer to a question on stderr; undefined when the input ended, or at Ctrl-C. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** The same, and what is typed is not shown. */
  readonly askSecretly: (question: string) => Promise<string | undefined>;
  /** Everything that comes in by stdin. */
  readonly readInput: () => Promise<string>;
  /** Aborted by the first Ctrl-C, and the second ends the process; a command that never looks at it is ended by the first. */
  readonly signal: AbortSignal;
}

/** `echo`: where the terminal shows what is typed. */
const askOn = async (question: string, echo: NodeJS.WritableStream): Promise<string | undefined> => {
  const lines = createInterface({ input: process.stdin, output: echo, terminal: process.stdin.isTTY });
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  lines.once('SIGINT', () => lines.close());
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
};

const ask = (question: string): Promise<string | undefined> => askOn(question, process.stderr);

/** The question stands on the screen, and the editing of the answer goes nowhere. */
const askSecretly = async (question: string): Promise<string | undefined> => {
  process.stderr.write(question);
  const answer = await askOn('', new Writable({ write: (_chunk, _encoding, done) => done() }));
  process.stderr.write('\n');
  return answer;
};

/** Who listens only once is gone when the library that gives the cursor back looks whether anybody else listens, and ends the process itself where nobody does. */
const signalOnInterrupt = (): AbortSignal => {
  const interrupted = new AbortController();
  process.on('SIGINT', () => {
    if (interrupted.signal.aborted) process.exit(EXIT_CODES.interrupted);
    interrupted.abort();
  });
  return interrupted.signal;
};

/** The streams of this process. */
export const processIo = ({ json, bytes }: Pick<Io, 'json' | 'bytes'>): Io => {
  let signal: AbortSignal | undefined;
  const { stdin, stdout, stderr, env } = process;
  return {
    screen: screenOf(stdout, env),
    noteScreen: screenOf(stderr, env),
    environment: env,
    json,
    bytes,
    get signal() {
      signal ??= signalOnInterrupt();
      return signal;
    },
    print: (text) => void stdout.write(text),
    // What goes wrong there is told to whoever listens to the stream.
    write: (text) => new Promise((resolve) => void stdout.write(text, () => resolve())),
    note: (text) => void stderr.write(text),
    canAsk: stdin.isTTY && stderr.isTTY,
    ask,
    askSecretly,
    readInput: () => wholeOf(stdin),
  };
};
