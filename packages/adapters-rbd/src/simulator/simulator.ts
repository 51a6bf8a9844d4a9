/** A `ProcessRunner` that answers `rbd`, `rados` and `ceph` in this process, as a cluster would. */
import * as E from 'fp-ts/lib/Either.js';
import { type Clock, type PortError, type ProcessCall, type ProcessResult, type ProcessRunner, retryable } from '@blockledger/domain';
import { splitWords, type Spec } from './argv.ts';
import { ceph, rados, SIMULATED_VERSION } from './clusterPrograms.ts';
import { changes, killed, type SimEffect, type SimFault } from './faults.ts';
import { forgetExpired, hold, inTheWay } from './holders.ts';
import { inspect, type Inspector } from './inspect.ts';
import { keeper } from './keep.ts';
import { findImage, newState, type SimImage, type SimState } from './state.ts';
import { imageVerbs } from './verbsImage.ts';
import { metaVerbs } from './verbsMeta.ts';
import { leaveHalfAborted, migrationVerbs } from './verbsMigration.ts';
import { snapshotVerbs } from './verbsSnapshot.ts';
import { broken, complaint, fine, destinationOf, targetOf, type Answer, type Asked, type World } from './world.ts';

/** How a simulated cluster is set up. Times are in milliseconds. */
export interface SimulatorOptions {
  /** Default: `rbd` and `vols`, replicated, and `ecdata`, erasure coded. */
  readonly pools?: Readonly<Record<string, { readonly erasure?: boolean }>>;
  readonly fsid?: string;
  readonly dialect?: 'upstream' | 'xsky';
  /** What a clone is where nobody says. Default: 1, which needs a protected parent. */
  readonly cloneFormat?: 1 | 2;
  /** Raw space of the cluster. Default: 1 PiB. */
  readonly totalBytes?: number;
  /** How long each call takes, in ms. Default: 0. */
  readonly latencyMs?: number;
  /** How long `flatten`, `rm`, `snap rollback` and a migration’s `execute`, `commit` and `abort` take, in ms. Default: `latencyMs`. */
  readonly longMs?: number;
  /** After so long a client that died is forgotten, in ms. Default: 30 000. */
  readonly watchTimeoutMs?: number;
  /** Default: the real one. */
  readonly clock?: Clock;
  readonly faults?: SimHooks;
  /** Where the state is kept, as JSON; it is read at the start and written after each change. */
  readonly file?: string;
}

/** Hooks around each call. */
export interface SimHooks {
  /** Before anything else; what it returns is waited for. */
  readonly before?: (effect: SimEffect) => void | Promise<void>;
  /** A fault that takes the place of the good end. */
  readonly instead?: (effect: SimEffect) => SimFault | undefined;
  /** When the effect has landed, before its reply is given. */
  readonly after?: (effect: SimEffect, result: ProcessResult) => void | Promise<void>;
}

/** A simulated cluster: what runs commands, and what looks inside. */
export interface Simulator extends Inspector {
  readonly run: ProcessRunner;
  /** Every command line that was run, in order. */
  readonly calls: readonly (readonly string[])[];
}

const realClock: Clock = {
  nowMs: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end);
    }),
};

const DEFAULT_POOLS = { rbd: {}, vols: {}, ecdata: { erasure: true } };
const VERBS = { ...imageVerbs, ...snapshotVerbs, ...metaVerbs, ...migrationVerbs };
const LONG = new Set(['flatten', 'rm', 'snap rollback', 'migration execute', 'migration commit', 'migration abort']);
const PROGRESS_STEPS = [10, 40, 70] as const;

/**
 * Makes a simulated cluster.
 *
 * @example
 * import { rbdBackend } from '@blockledger/adapters-rbd';
 * import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
 * const cluster = simulateRbd();
 * const backend = rbdBackend({ run: cluster.run });
 * cluster.images('vols').length; // => 0
 */
export function simulateRbd(options: SimulatorOptions = {}): Simulator {
  const kept = keeper(options.file);
  const state: SimState =
    kept.read() ?? newState(options.fsid ?? '00000000-51b0-4000-8000-000000000000', options.pools ?? DEFAULT_POOLS, options.cloneFormat ?? 1);
  const world: World = {
    state,
    clock: options.clock ?? realClock,
    watchTimeoutMs: options.watchTimeoutMs ?? 30_000,
    dialect: options.dialect ?? 'upstream',
    running: new Map(),
  };
  const calls: (readonly string[])[] = [];
  const machine: Machine = { world, options, save: () => kept.write(state) };
  return {
    run: (call) => async () => {
      calls.push(call.argv);
      return runCall(machine, call, calls.length);
    },
    calls,
    ...inspect(world, machine.save),
  };
}

interface Machine {
  readonly world: World;
  readonly options: SimulatorOptions;
  readonly save: () => void;
}

type Reply = E.Either<PortError, ProcessResult>;

const cancelled: PortError = { _tag: 'Cancelled', code: 'Cancelled', message: 'The simulated child was stopped because we asked.' };
const TIMED_OUT: ProcessResult = { exitCode: 110, stdout: '', stderr: 'rbd: error opening image: (110) Connection timed out\n' };
const KILLED: ProcessResult = { exitCode: 137, stdout: '', stderr: '' };

/** One simulated child: its verb, its words, the image that it works on. */
interface Child {
  readonly effect: SimEffect;
  readonly call: ProcessCall;
  readonly image: SimImage | undefined;
  readonly named?: Spec;
  readonly execute: () => Answer;
}

async function runCall(machine: Machine, call: ProcessCall, count: number): Promise<Reply> {
  const { world, options } = machine;
  if (call.signal.aborted) return E.left(cancelled);
  const child = childOf(machine, call, count);
  await options.faults?.before?.(child.effect);
  forgetExpired(world);
  const fault = options.faults?.instead?.(child.effect);
  if (fault !== undefined) return faulty(machine, child, fault);
  const stopped = await work(machine, child);
  if (stopped !== undefined) return stopped;
  const answer = finishUp(machine, child);
  await options.faults?.after?.(child.effect, answer);
  return E.right(answer);
}

function childOf({ world, options }: Machine, call: ProcessCall, count: number): Child {
  const [program = '', ...args] = call.argv;
  const totalBytes = options.totalBytes ?? 2 ** 50;
  const outside = (verb: string, execute: () => Answer): Child => ({
    call,
    image: undefined,
    execute,
    effect: { count, argv: call.argv, verb, changes: verb === 'rados' ? args.includes('setomapval') || args.includes('rmomapkey') : changes(verb) },
  });
  if (args[0] === '--version') return outside('version', () => fine(SIMULATED_VERSION));
  if (program === 'ceph') return outside('ceph', () => ceph(world, args, totalBytes));
  if (program === 'rados') return outside('rados', () => rados(world, args, call.stdin instanceof Uint8Array ? call.stdin : undefined));
  const words = splitWords(args);
  if ('unknown' in words) return outside('usage', () => complaint(1, `unrecognised option '${words.unknown}'`));
  const verb = [3, 2, 1].map((length) => words.operands.slice(0, length).join(' ')).find((name) => name in VERBS);
  if (verb === undefined) return outside('usage', () => complaint(1, `error: unknown option '${words.operands.join(' ')}'`));
  const operands = words.operands.slice(verb.split(' ').length);
  const asked: Asked = { ...words, operands, ...(call.stdin instanceof Uint8Array ? { stdin: call.stdin } : {}) };
  const spec = verb === 'clone' || verb === 'import' ? destinationOf(asked, 1) : targetOf(asked);
  return {
    call,
    image: findImage(world.state, spec.pool, spec.image),
    named: spec,
    execute: () => VERBS[verb]?.(world, asked) ?? broken(22, verb),
    effect: { count, argv: call.argv, verb, changes: changes(verb) },
  };
}

/** The time that a call takes, with what others see of it: a watch, a lock, progress. A reply ends it early. */
async function work(machine: Machine, child: Child): Promise<Reply | undefined> {
  const { world, options } = machine;
  const { verb } = child.effect;
  const blocked = await blockedBy(machine, child);
  if (blocked !== undefined) return blocked;
  const long = LONG.has(verb);
  const totalMs = long ? (options.longMs ?? options.latencyMs ?? 0) : (options.latencyMs ?? 0);
  if (totalMs === 0) return child.call.signal.aborted ? E.left(cancelled) : undefined;
  const release = long && child.image !== undefined && child.image.torn === undefined && child.image.watchers.length === 0 ? hold(world, child.image, { lock: true }) : undefined;
  const steps = long ? PROGRESS_STEPS : [];
  for (const step of [...steps, 100]) {
    await world.clock.sleep(totalMs / (steps.length + 1), child.call.signal);
    if (child.call.signal.aborted) {
      release?.();
      cut(machine, child);
      return E.left(cancelled);
    }
    if (step < 100) tell(machine, child, step);
  }
  release?.();
  return undefined;
}

/** Percent on stderr, or in the admin socket for XSKY. */
function tell({ world }: Machine, { call, effect, image }: Child, percent: number): void {
  if (image !== undefined && percent < 100) world.running.set(`${image.pool}/${image.name}`, percent);
  if (world.dialect === 'upstream') call.onStderr?.(`\r${effect.verb}: ${percent}% complete...`);
}

async function blockedBy({ world }: Machine, { call, effect, image }: Child): Promise<Reply | undefined> {
  if (image === undefined || image.torn !== undefined) return undefined;
  const obstacle = inTheWay(world, effect.verb, image);
  if (obstacle._tag === 'Nothing') return undefined;
  if (obstacle._tag === 'ReadOnly') return E.right(broken(30, 'rollback failed', 'Rolling back to snapshot'));
  await world.clock.sleep(obstacle._tag === 'Hang' ? call.idleTimeoutMs : Math.min(obstacle.ms, call.idleTimeoutMs), call.signal);
  if (call.signal.aborted) return E.left(cancelled);
  if (obstacle._tag === 'Hang' || obstacle.ms > call.idleTimeoutMs) return E.left(retryable('IdleTimeout', `${effect.verb} wrote nothing for ${call.idleTimeoutMs} ms and was killed`, true));
  forgetExpired(world);
  image.locks = image.locks.filter(({ id }) => !id.startsWith('auto '));
  return undefined;
}

/** Does the effect and makes the reply, progress included. */
function finishUp(machine: Machine, child: Child): ProcessResult {
  const { label, ...answer } = child.execute();
  if (child.image !== undefined) machine.world.running.delete(`${child.image.pool}/${child.image.name}`);
  if (child.effect.changes) machine.save();
  if (label === undefined || child.call.argv.includes('--no-progress')) return answer;
  const shown = answer.exitCode === 0 ? `\r${label}: 100% complete...done.\n` : `\r${label}: 0% complete...failed.\n`;
  if (machine.world.dialect === 'upstream') child.call.onStderr?.(shown);
  return { ...answer, stderr: shown + answer.stderr };
}

/** The child dies in the middle. */
function cut({ world, save }: Machine, { effect, image, named, execute }: Child): void {
  if (effect.verb === 'migration abort' && named !== undefined) leaveHalfAborted(world, named);
  killed(world, effect.verb, image, () => {
    const before = world.state.images.length;
    if (execute().exitCode !== 0) return undefined;
    return image ?? (world.state.images.length > before ? world.state.images.at(-1) : undefined);
  });
  save();
}

function faulty(machine: Machine, child: Child, fault: SimFault): Reply {
  switch (fault._tag) {
    case 'LostReply':
      finishUp(machine, child);
      return E.left(retryable('LostReply', 'The simulated reply was lost.', true));
    case 'TimedOut':
      if (fault.landed) finishUp(machine, child);
      return E.right(TIMED_OUT);
    case 'Killed':
      cut(machine, child);
      return E.right(KILLED);
    case 'LandsLater':
      void machine.world.clock.sleep(fault.afterMs).then(() => finishUp(machine, child));
      return E.right(TIMED_OUT);
    case 'Says':
      return E.right({ exitCode: fault.exitCode, stdout: '', stderr: fault.stderr });
  }
}
