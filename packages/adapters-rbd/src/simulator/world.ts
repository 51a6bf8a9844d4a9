/** What the simulated verbs work on, and the shapes of their answers. */
import type { Clock } from '@blockledger/domain';
import type { Spec, Words } from './argv.ts';
import { specOf } from './argv.ts';
import { findById, findImage, type SimImage, type SimSnapshot, type SimState } from './state.ts';

/** The cluster while it runs. */
export interface World {
  readonly state: SimState;
  readonly clock: Clock;
  readonly watchTimeoutMs: number;
  readonly dialect: 'upstream' | 'xsky';
  /** Percent of the commands that run now, by `pool/image`, for XSKY's admin socket. */
  readonly running: Map<string, number>;
}

/** What the simulated program says. `label` names the progress that it shows on stderr. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly label?: string;
}

/** A verb's words and its input. */
export interface Asked extends Words {
  readonly stdin?: Uint8Array;
}

export type Verb = (world: World, asked: Asked) => Answer;

export const fine = (stdout = '', label?: string): Answer => ({ exitCode: 0, stdout, stderr: '', ...(label === undefined ? {} : { label }) });

export const fineJson = (value: unknown): Answer => fine(`${JSON.stringify(value)}\n`);

const ERRNO: Readonly<Record<number, string>> = {
  1: 'Operation not permitted',
  2: 'No such file or directory',
  16: 'Device or resource busy',
  17: 'File exists',
  22: 'Invalid argument',
  30: 'Read-only file system',
  31: 'Too many links',
  39: 'Directory not empty',
  95: 'Operation not supported',
  110: 'Connection timed out',
  122: 'Disk quota exceeded',
};

/** `rbd: what: (code) text`, with the lines of librbd's log before it. */
export const broken = (exitCode: number, what: string, label?: string, ...log: readonly string[]): Answer => ({
  exitCode,
  stdout: '',
  stderr: [...log.map((line) => `2026-01-01T00:00:00.000+0000 7f0000000000 -1 librbd::${line}`), `rbd: ${what}: (${exitCode}) ${ERRNO[exitCode] ?? 'Error'}`, ''].join('\n'),
  ...(label === undefined ? {} : { label }),
});

/** A complaint that is one whole sentence. */
export const complaint = (exitCode: number, sentence: string, label?: string): Answer => ({
  exitCode,
  stdout: '',
  stderr: `rbd: ${sentence}\n`,
  ...(label === undefined ? {} : { label }),
});

export const isAnswer = (value: object): value is Answer => 'exitCode' in value;

/** What a verb's first operand, or its options, name. */
export function targetOf({ operands, options }: Words, position = 0): Spec {
  if (options['--image'] !== undefined || options['--image-id'] !== undefined) {
    const snapshot = options['--snap'];
    return { pool: options['--pool'] ?? 'rbd', image: options['--image'] ?? '', ...(snapshot === undefined ? {} : { snapshot }) };
  }
  return specOf(operands[position] ?? '');
}

/** Where a clone or a rename goes to. */
export const destinationOf = ({ operands, options }: Words, position: number): Spec =>
  options['--dest'] === undefined
    ? specOf(operands[options['--image'] === undefined ? position : position - 1] ?? '')
    : { pool: options['--dest-pool'] ?? 'rbd', image: options['--dest'] };

/** Opens the pool that a spec names, or says that there is none. */
export function openPool({ state }: World, pool: string): Answer | undefined {
  return state.pools[pool] === undefined ? broken(2, `error opening pool '${pool}'`) : undefined;
}

/** Opens the image that a verb names; a torn one cannot be opened. */
export function openImage(world: World, asked: Words): SimImage | Answer {
  const spec = targetOf(asked);
  const noPool = openPool(world, spec.pool);
  if (noPool !== undefined) return noPool;
  const id = asked.options['--image-id'];
  const image = id === undefined ? findImage(world.state, spec.pool, spec.image) : findById(world.state, spec.pool, id);
  return image === undefined || image.torn !== undefined ? broken(2, `error opening image ${spec.image}`) : image;
}

/** Opens the image and finds the user's snapshot that a verb names. `missing` is what the verb says when there is none. */
export function openSnapshot(world: World, asked: Words, missing: Answer): { readonly image: SimImage; readonly snapshot: SimSnapshot } | Answer {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const name = targetOf(asked).snapshot;
  const snapshot = image.snapshots.find((each) => each.namespace === 'user' && each.name === name);
  return snapshot === undefined ? missing : { image, snapshot };
}
