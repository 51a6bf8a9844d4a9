/** What subscribers see of the log: each event as plain JSON, with the resource it is about and who asked for it. */
import type { CommandId, DomainCommand } from '@blockledger/domain';

/** What an event can be about. `reservation`: the engine's own bookkeeping of names, numbers and space, handed out only where it is asked for; `token` and `webhook` likewise. */
export type EventKind = DomainCommand['to'];

/** The resource of an event. `number` is null for the milliseconds until the resource has its integer, and where there is none. */
export interface EventResource {
  readonly kind: EventKind;
  /** Its UUID; of a reservation the name of its stream. */
  readonly id: string;
  readonly number: number | null;
}

/** Who asked for what led to an event, and when. */
export interface EntryMeta {
  /** Ms since 1970. */
  readonly at: number;
  readonly commandId: CommandId;
  /** The command or request that began the whole chain. */
  readonly correlationId: string;
  /** The principal: `token:ci`, `driver`. */
  readonly issuedBy: string;
  readonly tenant: string;
  /** The verb of the request, where a caller's request led to it: `createVolume`. */
  readonly request?: string;
  /** W3C trace context of the command that led to it, where somebody traces. */
  readonly traceparent?: string;
}

/** One event of the log. `position` rises over the whole log, with gaps; `id` is the event's UUID, the same for ever. */
export interface EventEntry {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly resource: EventResource;
  /** The event's own fields; see docs/events.md. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: EntryMeta;
}

/** Which events are wanted; what is left out does not matter. An empty list wants none. */
export interface EventFilter {
  /** Default: every kind but reservations, tokens and webhooks. */
  readonly kinds?: readonly EventKind[];
  /** UUIDs of resources. */
  readonly ids?: readonly string[];
  /** Types of events: `VolumeCreated`. */
  readonly types?: readonly string[];
  readonly tenant?: string;
}

/** After which event to begin: its position; `start` (or −1) for everything there is; `now` for what comes from now on. */
export type EventsFrom = number | 'start' | 'now';

/** What a loop over events takes. */
export interface EventsQuery {
  /** Default `now`. */
  readonly from?: EventsFrom;
  readonly filter?: EventFilter;
  /** Default true: the loop waits for what comes. With false it ends behind what is in the log when it begins. */
  readonly follow?: boolean;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}
