/** What decoding one stored event costs: by the quick look of its table of messages, and by the codec that io-ts makes of the same table. */
import { randomUUID } from 'node:crypto';
import { Uuid, VolumeEvent } from '@blockledger/domain';
import { isRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Benchmark } from './frame/benchmark.ts';
import { volumeLife } from './support.ts';

const VOLUMES = 500;
const PER_VOLUME = 20;
const PASSES = 20;

interface Tagged {
  readonly type: string;
}

/** As a replay has them: their data was parsed, and their type stands last. */
const storedEvents = (): readonly Tagged[] =>
  Array.from({ length: VOLUMES }, (_, number) => volumeLife(randomUUID(), number, randomUUID(), PER_VOLUME))
    .flat()
    .map(({ type, data }) => ({ ...(JSON.parse(JSON.stringify(data)) as object), type }));

/** Nanoseconds of the processor for one event: other work on the machine counts for less than by the clock. */
const costOf = <Event>(events: readonly Event[], decodes: (event: Event) => boolean): number => {
  const before = process.cpuUsage();
  for (let pass = 0; pass < PASSES; pass += 1) for (const event of events) if (!decodes(event)) throw new Error(JSON.stringify(event));
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / (PASSES * events.length);
};

export const benchmark: Benchmark = {
  name: 'decoding',
  title: 'Decoding a stored event',
  about: `${VOLUMES * PER_VOLUME} events of volumes, parsed before: by their table of messages, which looks quickly whether there is anything to say, and by the codec that io-ts makes of the same table. Both answer the same (\`test/laws/codecs.test.ts\`).`,
  rounds: 9,
  measures: [{ name: 'an event', unit: 'ns of CPU', better: 'less' }],
  targets: [
    { what: 'decoding an event', measure: 'an event', of: 'quick look', atMost: 100, why: 'see what the characters of its one or two UUIDs take alone; a guard of generated code took as long as this one' },
    { what: 'decoding an event, against the plain codec', measure: 'an event', of: 'plain codec', against: 'quick look', atLeast: 2 },
  ],
  bounds: 'Looking at every character of every UUID, which takes more than half of it: see what that takes alone.',
  start: () => {
    const events = storedEvents();
    const texts = events.map((event) => JSON.stringify(event));
    const uuids = events.map((event) => Object.values(event).filter((value) => Uuid.is(value)));
    const plain = new Map<string, t.Mixed>(Object.entries(VolumeEvent.fields).map(([type, props]) => [type, t.strict({ type: t.literal(type), ...(props as t.Props) }, type)]));
    return {
      contestants: [
        { name: 'quick look', role: 'ours', measure: () => ({ 'an event': costOf(events, (event) => isRight(VolumeEvent.decode(event))) }) },
        { name: 'plain codec', role: 'peer', measure: () => ({ 'an event': costOf(events, (event) => isRight((plain.get(event.type) ?? t.never).decode(event) as t.Validation<unknown>)) }) },
        { name: 'the characters of its UUIDs alone', role: 'limit', measure: () => ({ 'an event': costOf(uuids, (some) => some.every((text) => Uuid.is(text))) }) },
        { name: 'parsing its JSON', role: 'limit', measure: () => ({ 'an event': costOf(texts, (text) => JSON.parse(text) !== null) }) },
      ],
    };
  },
};
