/** The outside world that is not storage: time, ids and child processes. All non-determinism is injected through these. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { CancelSignal } from '../kernel/cancel.ts';
import type { PortError } from '../kernel/portError.ts';

/** Time. Tests bring a clock that stands still until it is told. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Milliseconds since some moment, by a clock that nobody sets. Leases are measured by both. Absent: `nowMs` alone counts. */
  readonly steadyMs?: () => number;
  /** Resolves after `ms`, or at once when the signal is given. Never rejects. */
  readonly sleep: (ms: number, signal?: CancelSignal) => Promise<void>;
}

/** Ids and random numbers. Tests bring one that counts. */
export interface IdGenerator {
  /** A fresh random UUID. */
  readonly fresh: () => string;
  /** The UUID that belongs to a name within a namespace UUID: always the same. */
  readonly derive: (namespace: string, name: string) => string;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
}

/** How a program ended and what it said. */
export interface ProcessResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program to run: `argv[0]` is its name, the rest its arguments. `env` adds to the environment. */
export interface ProcessCall {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** The child is killed after so long without any output. */
  readonly idleTimeoutMs: number;
  readonly signal: CancelSignal;
  /** Called with what the program writes to stderr while it runs, such as its progress. */
  readonly onStderr?: (chunk: string) => void;
}

/** Runs a program without a shell. A child never outlives its parent. Any exit code is a result, not an error. */
export type ProcessRunner = (call: ProcessCall) => TaskEither<PortError, ProcessResult>;
