/** The one way in: decode, look whether it was done before, gather facts, decide, append at the expected revision. */
import type { Appended, CommandMeta, EventMeta, NewEvent, Refusal, Reply, StoreError, Tagged } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import { aggregates, type Aggregate, type Kind } from './aggregates.ts';
import { gatherFacts, type FactSources } from './facts.ts';
import { asStored, dataOf } from './folding.ts';
import type { AppendEnd, CommandEnd } from '../watching/observer.ts';
import { traced, watched } from '../watching/observing.ts';
import type { Engine } from '../parts.ts';
import { refuseEngine } from '../refusals.ts';
import { makeStreamQueue } from './streamQueue.ts';
import { refuseUnreadable } from './unreadable.ts';
import type { Remembered, Trackers } from './trackers.ts';

/** What a caller's command carries besides its envelope. */
export interface CallerInput {
  readonly inputHash: string;
  /** What was asked for: `createVolume`. */
  readonly request: string;
  /** The revision that the resource must still have. */
  readonly expectedRevision?: number;
}

/** What a driver's command carries. */
export interface DriverInput {
  /** Asked when the stream was read and nothing is appended yet: false where the work is not this process's any more. */
  readonly mayAppend: () => boolean;
}

/** An accepted command. `events` is empty for one that changed nothing, and for one that was accepted before. */
export interface Executed {
  readonly stream: string;
  readonly state: unknown;
  readonly events: readonly Tagged[];
  readonly revision: number;
  /** Position of its last event; −1 where it has none. */
  readonly position: number;
  readonly reply: Reply;
  readonly repeated: boolean;
}

export type Execution = Promise<E.Either<Refusal, Executed>>;

export interface CommandHandler {
  readonly execute: (to: Kind, input: unknown, meta: CommandMeta, from?: CallerInput | DriverInput) => Execution;
  /** How many streams have commands under way. */
  readonly busy: () => number;
  /** Up to this position every event of this process is folded: an append may be acknowledged, and folded, before one that stands in front of it. */
  readonly settledTo: () => number;
}

/** True for refusals that say nothing about the command: it may be sent again as it is. */
export const isStoreTrouble = ({ _tag }: Refusal): boolean => _tag === 'StoreUnavailable' || _tag === 'TooManyConflicts';

/** What a store's error is to a caller. */
export const refusalOfStore = (error: StoreError): Refusal => {
  switch (error._tag) {
    case 'Conflict':
      return refuseEngine('TooManyConflicts', `others keep writing to ${error.stream}`, { value: error.stream });
    case 'Corrupt':
      return refuseEngine('StoreCorrupt', `the event at position ${error.position} cannot be read: ${error.message}`, { value: error.position });
    case 'Invalid':
      return refuseEngine('InvalidCommand', error.message);
    case 'Locked':
    case 'Unavailable':
      return refuseEngine('StoreUnavailable', error.message);
  }
};

const BACKOFF_STORE_MS = 50;
const BACKOFF_CONFLICT_MS = 2;

type Entry = { readonly revision: number; readonly state: unknown };

interface Job {
  readonly aggregate: Aggregate;
  readonly stream: string;
  readonly command: Tagged;
  readonly meta: CommandMeta;
  readonly caller: CallerInput | undefined;
  readonly mayAppend: () => boolean;
}

const always = (): boolean => true;

const eventMeta = ({ meta, caller }: Job): EventMeta => ({
  commandId: meta.commandId,
  issuedBy: meta.issuedBy,
  tenant: meta.tenant,
  correlationId: meta.correlationId,
  at: meta.issuedAt,
  ...(caller === undefined ? {} : { inputHash: caller.inputHash, request: caller.request }),
  ...traced(meta.traceparent),
});

/** Ids derive from the command, so that an append whose reply was lost is recognised by the store. */
const newEvents = (ids: Engine['ids'], job: Job, events: readonly Tagged[]): readonly NewEvent[] => {
  const meta = eventMeta(job);
  const last = events.length - 1;
  return events.map((event, index) => ({
    eventId: ids.derive(job.meta.commandId, `${job.stream}/${index}`),
    type: event.type,
    data: dataOf(event),
    meta: index === last ? meta : { ...meta, toFollow: last - index },
    schemaVersion: 1,
  }));
};

/** The answer to a command that was accepted before, or the refusal of another one with its id. */
const answerRepeat = (job: Job, entry: Entry, known: Remembered): E.Either<Refusal, Executed> => {
  const { aggregate, stream, command, caller, meta } = job;
  if (known.inputHash !== caller?.inputHash) {
    return E.left(refuseEngine('CommandIdReused', `command ${meta.commandId} was accepted with another input`, { value: meta.commandId, operationId: meta.commandId }));
  }
  const { lastRevision: revision, position } = known;
  return E.right({ stream, state: entry.state, events: [], revision, position, reply: aggregate.reply(entry.state, command), repeated: true });
};

/** How an append went, and how often the store was asked. */
interface Tried {
  readonly appended: E.Either<StoreError, Appended>;
  readonly tries: number;
}

const endOfAppend = ({ appended, tries }: Tried): AppendEnd =>
  E.isRight(appended) ? { outcome: 'appended', position: appended.right.position, tries } : { outcome: appended.left._tag, position: -1, tries };

const endOfCommand = (answer: E.Either<Refusal, Executed>): CommandEnd => {
  if (E.isLeft(answer)) return { outcome: 'refused', refusal: answer.left, position: -1 };
  const { repeated, events, position } = answer.right;
  if (repeated) return { outcome: 'repeated', position };
  return { outcome: events.length === 0 ? 'unchanged' : 'accepted', position };
};

/** The refusal where a stream is not as its caller wants it to be. */
export const changedSince = (expected: number | undefined, stream: string, revision: number): Refusal | undefined =>
  expected === undefined || expected === revision ? undefined : refuseEngine('ResourceHasChanged', `${stream} has revision ${revision}, not ${expected}`, { value: expected, limit: revision });

export interface HandlerParts {
  readonly engine: Pick<Engine, 'store' | 'clock' | 'ids' | 'limits' | 'exclusive' | 'logger' | 'observing'>;
  readonly states: States;
  readonly trackers: Trackers;
  readonly facts: Omit<FactSources, 'read'>;
}

export const makeCommandHandler = ({ engine, states, trackers, facts }: HandlerParts): CommandHandler => {
  const { store, clock, ids, limits, exclusive, logger, observing } = engine;
  const queue = makeStreamQueue();
  /** Of each append that is not folded yet the head as it was when it began, in that order: its events stand behind it. */
  const unsettled = new Set<{ readonly head: number }>();
  const sources: FactSources = { ...facts, read: async (stream) => E.map((entry: Entry) => entry.state)(await states.load(stream)) };

  const decide = async ({ aggregate, command, meta }: Job, entry: Entry): Promise<E.Either<Refusal, readonly Tagged[]>> => {
    const gathered = await gatherFacts(sources, aggregate.kind, entry.state, command);
    return E.isLeft(gathered) ? E.left(refusalOfStore(gathered.left)) : aggregate.decide(entry.state, command, meta, gathered.right);
  };

  /** A store that does not answer is asked again with the same events, which it recognises. */
  const appendSurely = async (stream: string, revision: number, events: readonly NewEvent[]): Promise<Tried> => {
    const expected = revision < 0 ? ('none' as const) : revision;
    let appended = await store.append(stream, expected, events)();
    let tries = 1;
    for (; tries <= limits.storeRetries && E.isLeft(appended) && appended.left._tag === 'Unavailable'; tries += 1) {
      logger.warn({ stream, error: appended.left }, 'the event store does not answer');
      await clock.sleep(BACKOFF_STORE_MS * 2 ** (tries - 1));
      appended = await store.append(stream, expected, events)();
    }
    return { appended, tries };
  };

  const append = async ({ aggregate, stream, meta }: Job, revision: number, events: readonly NewEvent[]): Promise<Tried['appended']> => {
    const { commandId, correlationId, traceparent } = meta;
    const watch = observing.append({ to: aggregate.kind, stream, commandId, types: events.map(({ type }) => type), correlationId, ...traced(traceparent) });
    return (await watched(watch, () => appendSurely(stream, revision, events), endOfAppend)).appended;
  };

  /** One look at the stream: done before, refused, nothing to do, appended, or a conflict (undefined) to look again after. */
  const attempt = async (job: Job, entry: Entry, isFresh: boolean): Promise<E.Either<Refusal, Executed> | undefined> => {
    const { aggregate, stream, command } = job;
    const known = await trackers.find(stream, entry.revision, job.meta.commandId);
    if (E.isLeft(known)) return E.left(refusalOfStore(known.left));
    if (known.right !== undefined) return answerRepeat(job, entry, known.right);
    const changed = changedSince(job.caller?.expectedRevision, stream, entry.revision);
    const decided = changed === undefined ? await decide(job, entry) : E.left(changed);
    if (E.isLeft(decided)) return isFresh || exclusive ? decided : undefined;
    const events = decided.right;
    if (events.length === 0) {
      const reply = aggregate.reply(entry.state, command);
      return E.right({ stream, state: entry.state, events, revision: entry.revision, position: -1, reply, repeated: false });
    }
    // Behind the read: what another process has appended since makes this append a conflict.
    if (!job.mayAppend()) return E.left(refuseEngine('StoreUnavailable', `another process works on ${stream} by now`));
    const news = newEvents(ids, job, events);
    const begun = { head: states.head() };
    unsettled.add(begun);
    const appended = await append(job, entry.revision, news);
    if (E.isLeft(appended)) {
      // What a store that failed has stored in the end is known after the next start: until then nothing behind it counts as folded.
      if (appended.left._tag === 'Conflict' || appended.left._tag === 'Invalid') unsettled.delete(begun);
      // On an old state `Invalid` may say that another process took this very command: its events have the same ids.
      const looksAgain = appended.left._tag === 'Conflict' || (appended.left._tag === 'Invalid' && !isFresh);
      return looksAgain ? undefined : E.left(refusalOfStore(appended.left));
    }
    const stored = asStored(stream, news, appended.right);
    states.fold(stream, stored.map((event, index) => ({ event: events[index] as Tagged, stored: event })));
    unsettled.delete(begun);
    const state = events.reduce((before, event) => aggregate.evolve(before, event), entry.state);
    return E.right({ stream, state, events, ...appended.right, reply: aggregate.reply(state, command), repeated: false });
  };

  const run = async (job: Job): Execution => {
    for (let tries = 0; tries <= limits.conflictRetries; tries += 1) {
      // The first look is at what is known; a refusal or a conflict there is looked at again with all that is stored.
      const isFresh = tries > 0;
      if (tries > 1) await clock.sleep(BACKOFF_CONFLICT_MS * ids.random() * Math.min(tries, 16));
      const entry = await (isFresh ? states.refresh(job.stream) : states.load(job.stream));
      if (E.isLeft(entry)) return E.left(refusalOfStore(entry.left));
      const result = await attempt(job, entry.right, isFresh);
      if (result !== undefined) return result;
    }
    return E.left(refuseEngine('TooManyConflicts', `others keep writing to ${job.stream}`, { value: job.stream }));
  };

  return {
    execute: async (to, input, meta, from) => {
      const aggregate = aggregates[to];
      const decoded = aggregate.decodeCommand(input);
      const { commandId, issuedBy, correlationId, traceparent } = meta;
      const chain = { to, commandId, issuedBy, correlationId, ...traced(traceparent) };
      if (E.isLeft(decoded)) {
        const refused = E.left(refuseUnreadable(decoded.left));
        return watched(observing.command({ ...chain, type: 'unreadable', stream: '' }), () => Promise.resolve(refused), endOfCommand);
      }
      const command = decoded.right;
      const stream = aggregate.streamOf(command);
      const watch = observing.command({ ...chain, type: command.type, stream });
      const isDriver = from !== undefined && 'mayAppend' in from;
      const job: Job = { aggregate, stream, command, meta: { ...meta, ...traced(watch.traceparent) }, caller: isDriver ? undefined : from, mayAppend: isDriver ? from.mayAppend : always };
      return watched(watch, () => queue.run(stream, () => run(job)), endOfCommand);
    },
    busy: queue.busy,
    settledTo: () => {
      const [oldest] = unsettled;
      return oldest?.head ?? states.head();
    },
  };
};
