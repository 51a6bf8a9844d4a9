/** An event as it leaves the service: in a stream and in a webhook's body alike. */
import type { EventEntry, EventKind } from './eventViews.ts';

/** What an event is about, in the words of the REST face. */
export const SUBJECT_WORDS = {
  volume: 'block_volume',
  snapshot: 'block_snapshot',
  pool: 'pool',
  backend: 'backend',
  token: 'token',
  webhook: 'webhook',
  host: 'host',
  clientGroup: 'client_group',
  accessPath: 'access_path',
  vipGroup: 'vip_group',
  reservation: 'reservation',
} as const satisfies Readonly<Record<EventKind, string>>;
/** A word of the REST face for what an event is about. */
export type SubjectWord = (typeof SUBJECT_WORDS)[EventKind];

/** The kind that a word stands for. */
export const kindOfWord = (word: SubjectWord): EventKind => (Object.keys(SUBJECT_WORDS) as EventKind[]).find((kind) => SUBJECT_WORDS[kind] === word) ?? 'reservation';

/** An event, as JSON. `resource_id` is a UUID, of a backend its name; `resource_number` is the integer, null where there is none (yet). */
export interface EventMessage {
  readonly position: number;
  readonly event_id: string;
  readonly type: string;
  readonly resource_type: SubjectWord;
  readonly resource_id: string;
  readonly resource_number: number | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly issued_by: string;
  readonly tenant: string;
  readonly command_id: string;
  readonly correlation_id: string;
  /** The verb of the request, null where work reports its end. */
  readonly request: string | null;
}

/** The message of an event. */
export const eventMessage = ({ position, id, type, resource, data, meta }: EventEntry): EventMessage => ({
  position,
  event_id: id,
  type,
  resource_type: SUBJECT_WORDS[resource.kind],
  resource_id: resource.id,
  resource_number: resource.number,
  data,
  at: new Date(meta.at).toISOString(),
  issued_by: meta.issuedBy,
  tenant: meta.tenant,
  command_id: meta.commandId,
  correlation_id: meta.correlationId,
  request: meta.request ?? null,
});
