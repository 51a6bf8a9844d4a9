/** The past: every event of a resource, and how it stood at any moment. */
import type { Refusal, StoredEvent } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Lookup } from '../queries/resourceViews.ts';
import type { ResourceQueries } from '../queries/resources.ts';
import type { ResourceKindName, ResourceRef } from '../queries/views.ts';
import { aggregates } from './commands/aggregates.ts';
import { refusalOfStore } from './commands/commandHandler.ts';
import type { Inspection } from './controlPlane.ts';
import { decodeStored } from './commands/folding.ts';
import type { Engine } from './parts.ts';
import { refuseEngine } from './refusals.ts';
import { viewOfState } from './verbs.ts';

const NOT_FOUND = { volume: 'VolumeNotFound', snapshot: 'SnapshotNotFound', pool: 'PoolNotFound' } as const;

const iso = (ms: number): string => new Date(ms).toISOString();

/** Says when it began to exist, so that nobody has to try other moments. */
const notThereYet = (what: string, atMs: number, beganMs: number | undefined): Refusal => {
  const began = beganMs !== undefined && beganMs > atMs ? { text: `; it began to exist at ${iso(beganMs)}`, limit: { limit: iso(beganMs) } } : { text: '', limit: {} };
  return refuseEngine('NotThereYet', `${what} was not there at ${iso(atMs)}${began.text}`, { value: iso(atMs), ...began.limit });
};

export const makeHistory = (engine: Pick<Engine, 'store'>, resources: Pick<ResourceQueries, 'resolve'>, lookup: Lookup): Pick<Inspection, 'history' | 'at'> => {
  const eventsOf = async (kind: ResourceKindName, ref: ResourceRef): Promise<E.Either<Refusal, readonly StoredEvent[]>> => {
    const id = resources.resolve[kind](ref);
    if (id === undefined) return E.left(refuseEngine(NOT_FOUND[kind], `there is no ${kind} ${ref}`, { value: ref }));
    return E.mapLeft(refusalOfStore)(await engine.store.readStream(`${kind}-${id}`, 0)());
  };

  return {
    history: ({ kind, ref }) => eventsOf(kind, ref),
    at: async (atMs, { kind, ref }) => {
      const events = await eventsOf(kind, ref);
      if (E.isLeft(events)) return events;
      const aggregate = aggregates[kind];
      let state = aggregate.initial;
      for (const stored of events.right) {
        if (stored.meta.at > atMs) break;
        const folded = decodeStored(aggregate, stored);
        if (E.isLeft(folded)) return E.left(refusalOfStore(folded.left));
        state = aggregate.evolve(state, folded.right.event);
      }
      const view = viewOfState(kind, state, lookup);
      return view === undefined ? E.left(notThereYet(`${kind} ${ref}`, atMs, events.right[0]?.meta.at)) : E.right(view);
    },
  };
};
