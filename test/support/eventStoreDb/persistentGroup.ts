/**
 * A group of a persistent subscription: the server keeps its place, gives each event to one of its consumers, and gives it again until somebody says that it is
 * done, or it has been given too often and is parked.
 */
import { jsonEvent, type EventLog } from './log.ts';
import { comparePositions, positionOf, type Position, type Recorded } from './records.ts';

/** Where a group begins; that event too. */
export type GroupStart = { readonly revision: number } | { readonly position: Position } | 'end';

export interface GroupSettings {
  readonly start: GroupStart;
  readonly messageTimeoutMs: number;
  readonly maxRetryCount: number;
  /** 0: as many as come. */
  readonly maxSubscriberCount: number;
  readonly strategy: string;
  readonly allows: (event: Recorded) => boolean;
}

export interface GroupName {
  /** `$all`, or a stream. */
  readonly source: string;
  readonly name: string;
}

export interface Consumer {
  readonly bufferSize: number;
  readonly name: string;
  readonly give: (event: Recorded, retries: number) => void;
  readonly fail: (failure: Error) => void;
}

/** What a consumer says of an event that it did not do. `stop` does nothing on the server either: the event is given again when its time is over. */
export type Refusal = 'park' | 'retry' | 'skip' | 'stop';

export interface Connection {
  readonly done: (ids: readonly string[]) => void;
  readonly refuse: (ids: readonly string[], refusal: Refusal, reason: string) => void;
  readonly leave: () => void;
}

export interface ConsumerView {
  readonly name: string;
  readonly bufferSize: number;
  readonly inFlight: number;
}

export interface GroupView extends GroupName {
  readonly settings: GroupSettings;
  readonly consumers: readonly ConsumerView[];
  readonly inFlight: number;
  readonly waiting: number;
  readonly parked: number;
  readonly given: number;
}

export interface Group {
  /** Undefined when there are already as many consumers as may be. */
  readonly connect: (consumer: Consumer) => Connection | undefined;
  /** The parked events are given again; with a limit, so many of them. */
  readonly replayParked: (most: number | undefined) => void;
  readonly view: () => GroupView;
  /** Ends it, and tells its consumers why. Answers with what a group after it goes on with. */
  readonly close: (failure: Error) => Carried;
}

/** What a group was about when it ended. */
export interface Carried {
  readonly index: number;
  readonly again: readonly Recorded[];
  readonly parked: readonly Recorded[];
}

interface Delivery {
  readonly event: Recorded;
  readonly retries: number;
}

interface Outstanding extends Delivery {
  readonly consumer: Consumer;
  readonly timer: NodeJS.Timeout | undefined;
}

const startIndex = (log: EventLog, start: GroupStart): number => (start === 'end' ? log.all.length : 0);

const isAfterStart = (event: Recorded, start: GroupStart): boolean => {
  if (start === 'end') return true;
  return 'revision' in start ? event.revision >= start.revision : comparePositions(positionOf(event), start.position) >= 0;
};

/** What a group is about, one event after the other. */
const eventsOf = (log: EventLog, { source }: GroupName, { start, allows }: GroupSettings, from = startIndex(log, start)) => {
  let index = from;
  const wanted = (event: Recorded): boolean => (source === '$all' || event.stream === source) && isAfterStart(event, start) && allows(event);
  return {
    index: (): number => index,
    next: (): Recorded | undefined => {
      for (;;) {
        const event = log.all[index];
        if (event === undefined) return undefined;
        index += 1;
        if (wanted(event)) return event;
      }
    },
  };
};

/** A parked event is a link in a stream of the group. */
const park = (log: EventLog, { source, name }: GroupName, event: Recorded, reason: string): void => {
  const link = { ...jsonEvent('$>', {}), json: false, data: Buffer.from(`${event.revision}@${event.stream}`), metadata: Buffer.from(JSON.stringify({ added: new Date(), reason })) };
  log.append({ stream: `$persistentsubscription-${source}::${name}-parked`, expected: -2, events: [link] });
};

export const persistentGroup = (log: EventLog, named: GroupName, settings: GroupSettings, carried?: Carried): Group => {
  const outstanding = new Map<string, Outstanding>();
  const events = eventsOf(log, named, settings, carried?.index);
  const again: Delivery[] = (carried?.again ?? []).map((event) => ({ event, retries: 0 }));
  let parked: readonly Recorded[] = carried?.parked ?? [];
  let consumers: Consumer[] = [];
  let given = 0;

  const heldBy = (consumer: Consumer): number => [...outstanding.values()].filter((held) => held.consumer === consumer).length;
  const takeNext = (): Delivery | undefined => {
    const retried = again.shift();
    if (retried !== undefined) return retried;
    const event = events.next();
    return event === undefined ? undefined : { event, retries: 0 };
  };
  /** In turn, unless one consumer is to have everything. */
  const freeConsumer = (): Consumer | undefined => {
    const free = consumers.find((consumer) => heldBy(consumer) < consumer.bufferSize);
    if (free !== undefined && settings.strategy !== 'DispatchToSingle') consumers = [...consumers.filter((consumer) => consumer !== free), free];
    return free;
  };
  const release = (id: string): Outstanding | undefined => {
    const held = outstanding.get(id);
    clearTimeout(held?.timer);
    outstanding.delete(id);
    return held;
  };
  const parkNow = (event: Recorded, reason: string): void => {
    parked = [...parked, event];
    park(log, named, event, reason);
  };
  const retry = ({ event, retries }: Delivery): void => {
    if (retries >= settings.maxRetryCount) parkNow(event, `Reached retry count of ${settings.maxRetryCount}`);
    else again.push({ event, retries: retries + 1 });
  };
  const push = (): void => {
    for (;;) {
      const consumer = freeConsumer();
      const delivery = consumer === undefined ? undefined : takeNext();
      if (consumer === undefined || delivery === undefined) return;
      const { id } = delivery.event;
      const expire = (): void => {
        const held = release(id);
        if (held !== undefined) retry(held);
        push();
      };
      const timer = settings.messageTimeoutMs > 0 ? setTimeout(expire, settings.messageTimeoutMs).unref() : undefined;
      outstanding.set(id, { ...delivery, consumer, timer });
      given += 1;
      consumer.give(delivery.event, delivery.retries);
    }
  };
  const refuseOne = (held: Outstanding, refusal: Refusal, reason: string): void => {
    if (refusal === 'stop') return;
    release(held.event.id);
    if (refusal === 'park') parkNow(held.event, reason);
    if (refusal === 'retry') retry(held);
  };
  const leave = (consumer: Consumer): void => {
    consumers = consumers.filter((other) => other !== consumer);
    for (const [id, held] of outstanding) {
      if (held.consumer !== consumer) continue;
      release(id);
      retry(held);
    }
    push();
  };
  const stopWatching = log.watch(push);

  return {
    connect: (consumer) => {
      if (settings.maxSubscriberCount > 0 && consumers.length >= settings.maxSubscriberCount) return undefined;
      consumers = [...consumers, consumer];
      // The consumer is confirmed before it is given anything.
      queueMicrotask(push);
      return {
        done: (ids) => {
          for (const id of ids) release(id);
          push();
        },
        refuse: (ids, refusal, reason) => {
          for (const id of ids) {
            const held = outstanding.get(id);
            if (held !== undefined) refuseOne(held, refusal, reason);
          }
          push();
        },
        leave: () => leave(consumer),
      };
    },
    replayParked: (most = parked.length) => {
      again.push(...parked.slice(0, most).map((event) => ({ event, retries: 0 })));
      parked = parked.slice(most);
      push();
    },
    view: () => ({
      ...named,
      settings,
      consumers: consumers.map((consumer) => ({ name: consumer.name, bufferSize: consumer.bufferSize, inFlight: heldBy(consumer) })),
      inFlight: outstanding.size,
      waiting: again.length,
      parked: parked.length,
      given,
    }),
    close: (failure) => {
      stopWatching();
      const unfinished = [...outstanding.values(), ...again].map(({ event }) => event);
      for (const id of outstanding.keys()) release(id);
      for (const consumer of consumers) consumer.fail(failure);
      consumers = [];
      return { index: events.index(), again: unfinished, parked };
    },
  };
};
