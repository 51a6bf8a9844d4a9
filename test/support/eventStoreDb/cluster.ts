/** Several doubles of EventStoreDB over one log: a cluster whose members know everything at once. */
import { eventLog, eventStoreDbDouble, type DoubleOptions, type EventStoreDbDouble, type Member } from './double.ts';

export interface Cluster {
  readonly doubles: readonly EventStoreDbDouble[];
  /** `host:port` of each, with commas between. */
  readonly seeds: string;
  /** The leader is gone for the others, and this one leads. */
  readonly lead: (index: number) => void;
  readonly stop: () => Promise<void>;
}

/** Starts so many; the first one leads. */
export const cluster = async (size: number, options: DoubleOptions = {}): Promise<Cluster> => {
  const log = eventLog();
  const doubles: EventStoreDbDouble[] = [];
  const gone = new Set<EventStoreDbDouble>();
  let leader = 0;
  const members = (): readonly Member[] => doubles.map((double, index) => ({ ...double.address, state: index === leader ? 'leader' : 'follower', alive: !gone.has(double) }));
  for (let index = 0; index < size; index += 1) doubles.push(await eventStoreDbDouble({ ...options, log, cluster: members, role: () => (index === leader ? 'leader' : 'follower') }));
  return {
    doubles,
    seeds: doubles.map(({ address: { host, port } }) => `${host}:${port}`).join(','),
    lead: (index) => {
      gone.add(doubles[leader]!);
      leader = index;
    },
    stop: async () => void (await Promise.all(doubles.map((double) => double.stop()))),
  };
};
