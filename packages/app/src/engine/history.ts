/** The past: every event of a resource, and how it stood at any moment. */
import type { Refusal, StoredEvent } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { kinds } from '../queries/kinds/index.ts';
import type { Lookup } from '../queries/kinds/lookup.ts';
import type { ResourceQueries } from '../queries/resources.ts';
import type { ResourceKindName, ResourceRef, ResourceView } from '../queries/views.ts';
import { aggregates } from './commands/aggregates.ts';
import { refusalOfStore } from './commands/commandHandler.ts';
import type { Inspection } from './controlPlane.ts';
import { decodeStored } from './commands/folding.ts';
import type { Engine } from './parts.ts';
import { notFound, refuseEngine } from './refusals.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Says when it began to exist, so that nobody has to try other moments. */
const notThereYet = (what: string, atMs: number, beganMs: number | undefined): Refusal => {
  const began = beganMs !== undefined && beganMs > atMs ? { text: `; it began to exist at ${iso(beganMs)}`, limit: { limit: iso(beganMs) } } : { text: '', limit: {} };
  return refuseEngine('NotThereYet', `${what} was not there at ${iso(atMs)}${began.text}`, { value: iso(atMs), ...began.limit });
};

/** True for the events of a command, and for those that its work led to. */
const isOf = (commandId: string, { meta, data }: StoredEvent): boolean => meta.commandId === commandId || ('operationId' in data && data.operationId === commandId);

export const makeHistory = (engine: Pick<Engine, 'store'>, resources: Pick<ResourceQueries, 'resolve'>, lookup: Lookup): Pick<Inspection, 'history' | 'at' | 'changedBy'> => {
  const eventsOf = async (kind: ResourceKindName, ref: ResourceRef): Promise<E.Either<Refusal, readonly StoredEvent[]>> => {
    const id = resources.resolve[kind](ref);
    if (id === undefined) return E.left(notFound(kind, ref));
    return E.mapLeft(refusalOfStore)(await engine.store.readStream(`${kind}-${id}`, 0)());
  };

  const folded = (kind: ResourceKindName, events: readonly StoredEvent[]): E.Either<Refusal, ResourceView | undefined> => {
    const aggregate = aggregates[kind];
    let state = aggregate.initial;
    for (const stored of events) {
      const decoded = decodeStored(aggregate, stored);
      if (E.isLeft(decoded)) return E.left(refusalOfStore(decoded.left));
      state = aggregate.evolve(state, decoded.right.event);
    }
    return E.right(kinds[kind].view(state, lookup));
  };

  return {
    history: ({ kind, ref }) => eventsOf(kind, ref),
    at: async (atMs, { kind, ref }) => {
      const events = await eventsOf(kind, ref);
      if (E.isLeft(events)) return events;
      const later = events.right.findIndex(({ meta }) => meta.at > atMs);
      const view = folded(kind, later < 0 ? events.right : events.right.slice(0, later));
      return E.chain((found: ResourceView | undefined) => (found === undefined ? E.left(notThereYet(`${kind} ${ref}`, atMs, events.right[0]?.meta.at)) : E.right(found)))(view);
    },
    changedBy: async (commandId, { kind, ref }) => {
      const events = await eventsOf(kind, ref);
      if (E.isLeft(events)) return events;
      const first = events.right.findIndex((stored) => isOf(commandId, stored));
      if (first < 0) return E.right({ before: null, after: null });
      const before = folded(kind, events.right.slice(0, first));
      const after = folded(kind, events.right.slice(0, events.right.findLastIndex((stored) => isOf(commandId, stored)) + 1));
      if (E.isLeft(before)) return before;
      return E.map((view: ResourceView | undefined) => ({ before: before.right ?? null, after: view ?? null }))(after);
    },
  };
};
