/** Which events there are, by what they are about; and which kinds nobody sees who does not ask for them. */
import { AccessPathEvent, BackendEvent, ClientGroupEvent, HostEvent, PoolEvent, ReservationEvent, SnapshotEvent, TokenEvent, VipGroupEvent, VolumeEvent, WebhookEvent } from '@blockledger/domain';
import type { Kind } from '../commands/aggregates.ts';

/** The types of events, by kind. */
export const eventTypes: Readonly<Record<Kind, readonly string[]>> = {
  volume: VolumeEvent.types,
  snapshot: SnapshotEvent.types,
  pool: PoolEvent.types,
  backend: BackendEvent.types,
  token: TokenEvent.types,
  webhook: WebhookEvent.types,
  host: HostEvent.types,
  clientGroup: ClientGroupEvent.types,
  accessPath: AccessPathEvent.types,
  vipGroup: VipGroupEvent.types,
  reservation: ReservationEvent.types,
};

/** Every kind of event. */
const eventKinds = Object.keys(eventTypes) as readonly Kind[];

/** Bookkeeping, and what concerns only those who run the service: not seen unless asked for. */
const APART: ReadonlySet<Kind> = new Set<Kind>(['reservation', 'token', 'webhook']);

/** True for the kinds that are seen unless others are asked for. */
export const isCommon = (kind: Kind): boolean => !APART.has(kind);

/** What can be sent out: a webhook is told nothing of webhooks, or each delivery would cause another one. */
export const deliverableKinds: readonly Kind[] = eventKinds.filter(isCommon);

/** Types of all events that can be sent out. */
export const deliverableTypes: readonly string[] = [...new Set(deliverableKinds.flatMap((kind) => eventTypes[kind]))];
