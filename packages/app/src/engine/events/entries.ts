/** Stored events as subscribers see them, and which of them a filter lets through. */
import type { StoredEvent } from '@blockledger/domain';
import type { EventEntry, EventFilter, EventKind } from '../../queries/eventViews.ts';
import type { ResourceQueries } from '../../queries/resources.ts';
import { idOf, kindOf } from '../commands/aggregates.ts';
import { isCommon } from './catalog.ts';

/** Whether an event is wanted. The engine's own streams are nobody's business. */
export const passes = (filter: EventFilter, stored: StoredEvent): boolean => {
  const kind = kindOf(stored.stream);
  if (kind === undefined) return false;
  const { kinds, ids, types, tenant } = filter;
  return (
    (kinds === undefined ? isCommon(kind) : kinds.includes(kind)) &&
    (types === undefined || types.includes(stored.type)) &&
    (tenant === undefined || stored.meta.tenant === tenant) &&
    (ids === undefined || ids.includes(idOf(stored.stream)))
  );
};

/** An event's own fields; the hash of a token is for recognising it and for nothing else. */
export const shownData = (kind: EventKind, data: StoredEvent['data']): EventEntry['data'] => {
  if (kind !== 'token') return data as EventEntry['data'];
  const { hash: _hash, ...shown } = data as Readonly<Record<string, unknown>>;
  return shown;
};

/** Makes entries; the number of a resource is the one it has by now, also where it is gone. */
export const makeEntries = ({ indexes }: Pick<ResourceQueries, 'indexes'>): ((stored: StoredEvent) => EventEntry) => {
  const numberOf = (kind: EventKind, id: string): number | null => (kind in indexes ? indexes[kind as keyof typeof indexes].numberOf(id) : null);
  return ({ position, eventId, type, stream, data, meta }) => {
    const kind = kindOf(stream) ?? 'reservation';
    const id = kind === 'reservation' ? stream : idOf(stream);
    // The hash of what the caller gave is for recognising repeats and for nothing else.
    const { inputHash: _inputHash, ...shown } = meta;
    return { position, id: eventId, type, resource: { kind, id, number: numberOf(kind, id) }, data: shownData(kind, data), meta: shown };
  };
};
