/** The genuine client of EventStoreDB, for tests of the double. */
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, type AppendToStreamOptions, type JSONEventData } from '@eventstore/db-client';
import { makeCertificate, makeRoot } from '../certificates.ts';
import { eventStoreDbDouble, type DoubleOptions, type EventStoreDbDouble } from './double.ts';

/** With credentials of its own, an append goes by the call of its own rather than by the common batch. */
export const UNARY = { credentials: { username: 'nobody', password: 'nothing' } };

/** A double, and a client of it. */
export interface Scene {
  readonly double: EventStoreDbDouble;
  readonly client: EventStoreDBClient;
}

export const clientOf = (double: EventStoreDbDouble, settings = ''): EventStoreDBClient => EventStoreDBClient.connectionString(double.connectionString + settings);

export const withDouble = async (use: (scene: Scene) => Promise<void>, options: DoubleOptions = {}, settings = ''): Promise<void> => {
  const double = await eventStoreDbDouble(options);
  const client = clientOf(double, settings);
  try {
    await use({ double, client });
  } finally {
    await client.dispose();
    await double.stop();
  }
};

export const event = (number: number, id: string = randomUUID()): JSONEventData => jsonEvent({ id, type: 'Counted', data: { number } });
export const numbered = (count: number): JSONEventData[] => Array.from({ length: count }, (_, index) => event(index));

/** What a failed call says of itself. */
export interface Failure {
  readonly type?: string;
  readonly code?: number;
  readonly message: string;
  readonly [field: string]: unknown;
}

export const failureOf = async (promise: Promise<unknown>): Promise<Failure> => {
  try {
    await promise;
  } catch (error) {
    return error as Failure;
  }
  throw new Error('It did not fail.');
};

export const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
};

export const append = (client: EventStoreDBClient, stream: string, events: JSONEventData[], options: AppendToStreamOptions = {}) => client.appendToStream(stream, events, { ...UNARY, ...options });

export const numbersOf = (events: readonly { readonly event?: { readonly data: unknown } | undefined }[]): unknown[] => events.map((resolved) => (resolved.event?.data as { readonly number?: number } | undefined)?.number);

/** A root, and a server's certificate by it. */
export const secured = async () => {
  const root = await makeRoot();
  const { key, cert } = await makeCertificate(root);
  return { root, tls: { key, cert, root: root.cert } };
};
