/** What can be seen of the engine while it works: figures, traces and log lines are made from this, and nothing depends on it. */
import type { BackendAction, DomainCommand, ExternalCall, Outcome, PortError, Refusal, StoreError, TargetAction, VipAction } from '@blockledger/domain';
import type { TaskStatus, TaskType } from '../../queries/views.ts';

/** What ties together everything that one request caused, over restarts too. */
export interface Chain {
  /** The command or request that started the chain. */
  readonly correlationId: string;
  /** W3C trace context to continue, 55 characters; absent where nobody traces. */
  readonly traceparent?: string;
}

/** A caller's request. */
export interface RequestNote extends Chain {
  /** `createVolume`. */
  readonly request: string;
  readonly commandId: string;
  readonly issuedBy: string;
  readonly tenant: string;
}

/** `repeated`: it was accepted before, and is answered as it was then (I-16). */
export interface RequestEnd {
  readonly outcome: 'accepted' | 'repeated' | 'refused';
  readonly refusal?: Refusal;
}

/** A command for one stream: of a caller, or of a driver. */
export interface CommandNote extends Chain {
  readonly to: DomainCommand['to'];
  /** `CreateVolume`; `unreadable` where the command does not fit its codec. */
  readonly type: string;
  readonly stream: string;
  readonly commandId: string;
  readonly issuedBy: string;
}

/** `unchanged`: accepted, and nothing was to be changed. */
export interface CommandEnd {
  readonly outcome: 'accepted' | 'unchanged' | 'repeated' | 'refused';
  readonly refusal?: Refusal;
  /** Position of its last event; −1 where it has none. */
  readonly position: number;
}

/** Events on their way into the store. */
export interface AppendNote extends Chain {
  readonly to: DomainCommand['to'];
  readonly stream: string;
  readonly commandId: string;
  /** The types of the events, in order. */
  readonly types: readonly string[];
}

/** How an append ended. */
export interface AppendEnd {
  readonly outcome: 'appended' | StoreError['_tag'];
  /** Position of the last event; −1 where nothing was appended. */
  readonly position: number;
  /** Times that the store was asked: more than one where it did not answer. */
  readonly tries: number;
}

/** Owed work that a driver carries out. */
export interface WorkNote extends Chain {
  readonly kind: 'tell' | 'perform';
  readonly stream: string;
  /** For people: `make`, `begin snapshot <id>`. */
  readonly step: string;
  readonly workId: string;
  readonly operationId: string;
  /** Trace context of the command that asked for it again, where that was not the one that began the operation. */
  readonly askedAgainBy?: string;
  /** Of work for a backend. */
  readonly poolId?: string;
  readonly backend?: string;
}

/** `stopped`: no longer owed, or the process ends; or others could not be told yet. `parked`: kept, since its pool may not be touched now. */
export interface WorkEnd {
  readonly outcome: Outcome['_tag'] | 'stopped' | 'parked';
  readonly error?: PortError;
  readonly refusal?: Refusal;
}

/** One call of a backend, after it waited for its turn. */
export interface CallNote extends Chain {
  /** The name that pools carry. */
  readonly backend: string;
  /** `rbd`. */
  readonly backendKind: string;
  /** Its name, as the port has it. */
  readonly action: (BackendAction | TargetAction | VipAction)['do'];
  readonly workId: string;
  readonly stream: string;
  /** Counts from 1. */
  readonly attempt: number;
}

/** How a call of a backend ended. */
export interface CallEnd {
  readonly outcome: 'done' | PortError['_tag'];
  readonly error?: PortError;
}

/** A question to a backend: statistics, identity, lists, marks. */
export interface QuestionNote {
  readonly backend: string;
  readonly question: 'identify' | 'stats' | 'list' | 'readMark' | 'writeMark';
}

/** A program run, or a request sent, by a backend on the way to an answer. */
export interface ExternalNote extends ExternalCall {
  readonly backend: string;
  /** Absent for questions that nobody's request asked. */
  readonly chain?: Chain;
}

/** One attempt to deliver an event to a webhook. */
export interface DeliveryNote extends Chain {
  readonly webhookId: string;
  readonly eventId: string;
  /** The event's. */
  readonly type: string;
  readonly position: number;
  /** Counts from 1. */
  readonly attempt: number;
}

/** `gone`: the receiver wants nothing more. `status` is null where nothing was answered. */
export interface DeliveryEnd {
  readonly outcome: 'delivered' | 'failing' | 'gone';
  readonly status: number | null;
}

/** A task that ended or failed. */
export interface TaskNote extends Chain {
  readonly id: string;
  readonly type: TaskType;
  readonly status: TaskStatus;
  readonly startedAt: number;
  /** When it ended or failed. */
  readonly at: number;
}

/** How something is accompanied from its beginning to its end. */
export interface Watch<End> {
  /** Called once, when it ended; without an end where it threw, which is a bug of ours. */
  readonly ended?: (end: End | undefined) => void;
  /** Runs it, so that whatever it calls can be known to belong to it. Must return what `run` returns. */
  readonly within?: <A>(run: () => A) => A;
  /** Trace context for what follows from it; events keep it, so that it outlives the process. */
  readonly traceparent?: string;
}

/** Called when something begins. */
export type Observe<Note, End> = (note: Note) => Watch<End> | undefined;

/**
 * Sees the engine work. Every part is optional. An observer is called where the engine works: it must be quick. What it throws is logged, and
 * the engine goes on.
 *
 * @example
 * import { controlPlane, type EngineObserver } from '@blockledger/app';
 * import { memoryStore } from '@blockledger/app/memory';
 * const refused: string[] = [];
 * const observer: EngineObserver = { request: ({ request }) => ({ ended: (end) => void (end?.refusal && refused.push(`${request}: ${end.refusal.rule}`)) }) };
 * const plane = await controlPlane({ store: memoryStore(), backends: {}, observers: [observer] });
 * await plane.createVolume({ pool: 'nowhere', name: 'db', sizeBytes: 2 ** 30 });
 * refused; // => ['createVolume: poolExists']
 * await plane.close();
 */
export interface EngineObserver {
  readonly request?: Observe<RequestNote, RequestEnd>;
  readonly command?: Observe<CommandNote, CommandEnd>;
  readonly append?: Observe<AppendNote, AppendEnd>;
  readonly work?: Observe<WorkNote, WorkEnd>;
  readonly call?: Observe<CallNote, CallEnd>;
  readonly question?: Observe<QuestionNote, CallEnd>;
  /** Ends with an exit code, a status, or the code of a `PortError`. */
  readonly external?: Observe<ExternalNote, string>;
  /** A delivery of a webhook. */
  readonly delivery?: Observe<DeliveryNote, DeliveryEnd>;
  /** A task ended or failed. */
  readonly task?: (note: TaskNote) => void;
}
