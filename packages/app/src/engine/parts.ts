/** What a control plane is made of, and the numbers that bound it. */
import type { BlockBackend, Clock, EventStore, IdGenerator, SecretStore, TargetBackend, VipBackend } from '@blockledger/domain';
import type { EngineObserver } from './watching/observer.ts';
import type { Observing } from './watching/observing.ts';
import type { WebhookSender } from './webhooks/send.ts';

/** A structured logger; pino satisfies it. */
export interface Logger {
  /** For the developer: each step. */
  readonly debug: (fields: object, message: string) => void;
  /** What is normal. */
  readonly info: (fields: object, message: string) => void;
  /** What an operator should look at some day. */
  readonly warn: (fields: object, message: string) => void;
  /** What an operator should look at now. */
  readonly error: (fields: object, message: string) => void;
  /** Whether lines of this level are kept, as pino tells it: lines that are not are not even put together. Without it all are. */
  readonly isLevelEnabled?: (level: 'debug' | 'info' | 'warn' | 'error') => boolean;
}

const nothing = (): void => undefined;

/** Says nothing. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Every number of the engine. Times in ms. */
export interface EngineLimits {
  /** Calls of one backend that run at once. */
  readonly callsPerBackend: number;
  /** First pause after a failure, doubled each time. */
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** Work fails for good after so many attempts, or after so long, whichever comes first. */
  readonly maxAttempts: number;
  readonly maxRetryingMs: number;
  /** Pool statistics older than this are asked for again. */
  readonly statsFreshMs: number;
  /** While a pool's statistics are unknown, a reservation that needs them is asked again for so long; then it is refused. */
  readonly statsPatienceMs: number;
  /** Questions to a backend (statistics, identity, lists, marks) end after this. */
  readonly questionTimeoutMs: number;
  /** How long a caller waits for reservations before the answer is `accepted, still reserving`. */
  readonly answerTimeoutMs: number;
  /** How long `wait: 'done'` and `tasks.await` wait unless told otherwise. */
  readonly taskTimeoutMs: number;
  /** Attempts of one command against other writers of its stream. */
  readonly conflictRetries: number;
  /** Tries of one append while the store does not answer. */
  readonly storeRetries: number;
  /** Log and backends are compared so often, without repairing anything; 0 = only when somebody asks. */
  readonly auditEveryMs: number;
  /** Backends are asked so often whether they answer; 0 = never. */
  readonly backendCheckEveryMs: number;
  /** Streams of reservations whose folded state is kept. */
  readonly cachedReservations: number;
  /** Where several processes share a store: the lease of each lasts so long after its last beat. There are three beats in a lease. */
  readonly leaseMs: number;
  /** Others wait so much longer than the lease of a silent process before they take its work: their clocks may run at other rates. */
  readonly leaseMarginMs: number;
  /** Streams whose recent commands are kept in memory. */
  readonly cachedTrackers: number;
  /** Commands that a stream remembers (I-16). */
  readonly rememberedCommands: number;
  /** Finished tasks and action records that are kept. */
  readonly finishedTasks: number;
  readonly actionRecords: number;
  /** A checkpoint of the read models is written after so many events at the soonest, where nobody else writes to the store; 0 = never. */
  readonly checkpointEvents: number;
}

/** What holds unless told otherwise. */
export const defaultLimits: EngineLimits = {
  callsPerBackend: 8,
  backoffBaseMs: 1_000,
  backoffCapMs: 60_000,
  maxAttempts: 20,
  maxRetryingMs: 3_600_000,
  statsFreshMs: 5_000,
  statsPatienceMs: 300_000,
  questionTimeoutMs: 30_000,
  answerTimeoutMs: 30_000,
  taskTimeoutMs: 600_000,
  conflictRetries: 100,
  storeRetries: 5,
  auditEveryMs: 0,
  backendCheckEveryMs: 0,
  cachedReservations: 20_000,
  leaseMs: 15_000,
  leaseMarginMs: 5_000,
  cachedTrackers: 20_000,
  rememberedCommands: 1_000,
  finishedTasks: 200_000,
  actionRecords: 10_000,
  checkpointEvents: 10_000,
};

/** How webhooks are sent. */
export interface WebhookSettings {
  /** Plain http may go beyond this machine. Default false. */
  readonly plainHttp?: boolean;
  /** Link-local addresses, where clouds keep the keys of their machines, may be reached. Default false. */
  readonly linkLocal?: boolean;
  /** A receiver has so long to answer, in ms. Default 15 000. */
  readonly timeoutMs?: number;
  /** Sends instead of the network, for embedders who have a way of their own. */
  readonly send?: WebhookSender;
}

/** The parts that an embedder brings. */
export interface ControlPlaneParts {
  readonly store: EventStore;
  /** By the name that pools carry in their placement. */
  readonly backends: Readonly<Record<string, BlockBackend>>;
  /** Gateways and arrays that offer volumes to initiators, by the name that hosts carry. Default: none. */
  readonly targets?: Readonly<Record<string, TargetBackend>>;
  /** What keeps virtual IPs, by the name that hosts carry. Default: none. */
  readonly vips?: Readonly<Record<string, VipBackend>>;
  readonly clock?: Clock;
  readonly ids?: IdGenerator;
  readonly limits?: Partial<EngineLimits>;
  readonly logger?: Logger;
  /** See the engine work: for figures, traces and log lines. */
  readonly observers?: readonly EngineObserver[];
  /** Nobody else writes to this store (SQLite, memory): refusals need no second look, and work is shared with nobody. Default false. */
  readonly exclusive?: boolean;
  /** Where the secrets of webhooks and CHAP accounts are kept. Default: those of webhooks in memory, so after a restart they must be given again; CHAP accounts are refused. */
  readonly secrets?: SecretStore;
  readonly webhooks?: WebhookSettings;
  /** Run owed work in this process; false for a process that only takes commands. Default true. */
  readonly drive?: boolean;
  /** Continue a lost installation, whose objects stand on the backends, with a new log (I-27). */
  readonly installationId?: string;
}

/** The parts with every default filled in, as the engine uses them. */
export interface Engine {
  readonly store: EventStore;
  readonly backends: ReadonlyMap<string, BlockBackend>;
  readonly targets: ReadonlyMap<string, TargetBackend>;
  readonly vips: ReadonlyMap<string, VipBackend>;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly limits: EngineLimits;
  readonly logger: Logger;
  readonly observing: Observing;
  readonly exclusive: boolean;
  readonly secrets: SecretStore;
  /** A store for secrets was given: what is kept there is there after a restart. */
  readonly keepsSecrets: boolean;
  readonly webhooks: WebhookSettings;
}
