/** Asks Ceph by librbd and librados, in a worker process; what they cannot be asked, by the command line. */
import * as E from 'fp-ts/lib/Either.js';
import { permanent, type PortError, type ProcessResult, retryable } from '@blockledger/domain';
import type { Ceph, CephCall } from '../ceph.ts';
import { EXIT } from '../errors.ts';
import { canStart, entryBeside, keepChild, type KeptChild } from '../helper/kept.ts';
import type { Connection, FromWorker, LibraryCall, LibraryVersions, ToWorker, WorkerSays } from './calls.ts';

type Worker = KeptChild<ToWorker, WorkerSays, FromWorker>;
type Answer = E.Either<PortError, ProcessResult>;

const ENTRY = entryBeside(import.meta.url, './worker');

/** The package that calls the libraries; it is asked for by nobody who does not use this. */
const PACKAGE = 'koffi';

/** A worker that one call made useless has so long to end what else it does. */
const GRACE_MS = 2_000;

/** What a transport is made with. */
export interface LibraryOptions {
  readonly connection: Connection;
  /** How many calls are under way at once: each needs a thread. */
  readonly maxOperations: number;
  /** For what is not asked of the libraries. */
  readonly fallback: Ceph;
}

/** A transport, and what a diagnosis and an end need of it. */
export interface LibraryTransport {
  readonly ceph: Ceph;
  readonly versions: () => Promise<E.Either<PortError, LibraryVersions>>;
  /** The worker's process, if one runs: for tests and for whoever watches. */
  readonly pid: () => number | undefined;
  readonly close: () => Promise<void>;
}

const missingPackage: PortError = permanent('PackageMissing', `${PACKAGE} is not installed, and transport 'librados' needs it: npm install ${PACKAGE}`);

const missingLibrary = (why: string): PortError =>
  permanent('LibraryMissing', `librbd.so.1 or librados.so.2 cannot be loaded (Debian: apt-get install librbd1 librados2): ${why}`.slice(0, 500));

function hasPackage(): boolean {
  try {
    import.meta.resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
}

/** The state of a transport. */
interface Workers {
  readonly options: LibraryOptions;
  /** The one that all calls share but those that take long. */
  shared: Worker | undefined;
  /** All that live. */
  readonly living: Set<Worker>;
}

function start({ living }: Workers, threads: number): Worker {
  // Some threads more: Node itself has use for a few.
  const worker: Worker = keepChild({ entry: ENTRY, env: { UV_THREADPOOL_SIZE: String(threads + 4) } });
  for (const one of living) if (one.isOver()) living.delete(one);
  living.add(worker);
  return worker;
}

function sharedWorker(workers: Workers): Worker {
  if (workers.shared === undefined || workers.shared.isOver()) workers.shared = start(workers, workers.options.maxOperations);
  return workers.shared;
}

/** No call goes to this worker any more; it is killed when those under way have ended but the useless ones, or have had their time. */
async function retire(workers: Workers, worker: Worker, useless: number): Promise<void> {
  if (workers.shared === worker) workers.shared = undefined;
  const until = Date.now() + GRACE_MS;
  while (!worker.isOver() && worker.asking() > useless && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  await worker.kill();
}

/** Makes the transport. The worker starts with the first call. */
export function librados(options: LibraryOptions): LibraryTransport {
  const workers: Workers = { options, shared: undefined, living: new Set() };
  const refusal = !hasPackage() ? missingPackage : canStart(ENTRY) ? undefined : permanent('WorkerMissing', 'The program of the worker was not found: was this package bundled?');
  return {
    ceph: (call) => async () => {
      const { native } = call.command;
      // A hasty question is one that may never be answered: it is worth no more than a program that is killed.
      if (native === undefined || call.settings.hasty) return options.fallback(call)();
      return refusal === undefined ? ask(workers, call, native) : E.left(refusal);
    },
    versions: async () => {
      if (refusal !== undefined) return E.left(refusal);
      const told = await sharedWorker(workers).ask({ call: 'versions' }, () => undefined).answered;
      if ('ended' in told) return E.left(died('versions', told.ended.how));
      if ('versions' in told.answer) return E.right(told.answer.versions);
      return E.left(missingLibrary('missing' in told.answer ? told.answer.missing : ''));
    },
    pid: () => (workers.shared === undefined || workers.shared.isOver() ? undefined : workers.shared.pid),
    close: async () => void (await Promise.all([...workers.living].map((worker) => worker.kill()))),
  };
}

const died = (summary: string, how: string): PortError => retryable('WorkerDied', `${summary}: the worker of librbd has ended, ${how}`.slice(0, 500), true);

const cancelled = (summary: string): PortError => ({ _tag: 'Cancelled', code: 'Cancelled', message: `${summary} was stopped because we asked` });

async function ask(workers: Workers, call: CephCall, library: LibraryCall): Promise<Answer> {
  const shared = sharedWorker(workers);
  const told = await hear({ workers, worker: shared, call, library, alone: false });
  if (E.isLeft(told)) return told;
  if ('takesLong' in told.right) return askAlone(workers, call, library);
  if ('elsewhere' in told.right) return workers.options.fallback(call)();
  return resultOf(workers, shared, { call, told: told.right });
}

/** A worker that does nothing else: it tells how far it is, and can be killed at any time, as a program can. */
async function askAlone(workers: Workers, call: CephCall, library: LibraryCall): Promise<Answer> {
  const worker = start(workers, 4);
  const told = await hear({ workers, worker, call, library, alone: true });
  const answer = E.isLeft(told) ? told : resultOf(workers, worker, { call, told: told.right });
  await worker.kill();
  return answer;
}

/** The cluster will not talk to this client any more. */
const CUT_OFF: ReadonlySet<number> = new Set([EXIT.shutDown, EXIT.notConnected]);

function resultOf(workers: Workers, worker: Worker, { call, told }: { readonly call: CephCall; readonly told: FromWorker }): Answer {
  if ('missing' in told) return E.left(missingLibrary(told.missing));
  if (!('result' in told)) return E.left(permanent('Unreadable', `${call.command.summary}: the worker answered something else`));
  if (CUT_OFF.has(told.result.exitCode)) void retire(workers, worker, 0);
  if (told.result.exitCode === EXIT.ok) call.onProgress?.({ done: 100, total: 100, unit: 'percent' });
  return E.right(told.result);
}

interface Hearing {
  readonly workers: Workers;
  readonly worker: Worker;
  readonly call: CephCall;
  readonly library: LibraryCall;
  readonly alone: boolean;
}

/** Asks a worker and waits. Who is cancelled, or hears nothing for too long, has the worker killed: librbd itself can stop nothing. */
async function hear({ workers, worker, call, library, alone }: Hearing): Promise<E.Either<PortError, FromWorker>> {
  const { command, settings, signal, onProgress } = call;
  if (signal.aborted) return E.left(cancelled(command.summary));
  let stopped: PortError | undefined;
  const stop = (why: PortError): void => {
    stopped ??= why;
    void retire(workers, worker, 1);
  };
  const onAbort = (): void => stop(cancelled(command.summary));
  const silent = retryable('IdleTimeout', `${command.summary} said nothing for ${settings.idleTimeoutMs} ms and was stopped`, true);
  const idle = setTimeout(() => stop(silent), settings.idleTimeoutMs);
  signal.addEventListener('abort', onAbort);
  const { answered } = worker.ask({ call: library, connection: workers.options.connection, alone }, (done) => {
    idle.refresh();
    onProgress?.({ done, total: 100, unit: 'percent' });
  });
  const told = await answered;
  clearTimeout(idle);
  signal.removeEventListener('abort', onAbort);
  if (stopped !== undefined) return E.left(stopped);
  return 'ended' in told ? E.left(died(command.summary, told.ended.how)) : E.right(told.answer);
}
