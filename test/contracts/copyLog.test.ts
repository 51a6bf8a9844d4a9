/** A log that is copied from one store into another: whole, in order, and whatever happens meanwhile. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEventStoreDb } from '@blockledger/app/eventstoredb';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore, NewEvent, StoredEvent, TimestampMs } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { copyLog, type Copying } from '../../packages/app/src/eventStores/copying/copy.ts';
import { holdStoreFile } from '../../packages/app/src/eventStores/sqlite/source.ts';
import { eventStoreDbDouble } from '../support/eventStoreDb/double.ts';
import { sampleEvent } from '../support/events.ts';
import { right } from '../support/plane.ts';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';

const test = suite('copying a log');

const hook = (n: number, type: string, data: object): NewEvent => ({ ...sampleEvent(n, data), type });

/** Streams that take turns, appends of several events, other schema versions and metadata, and two webhooks: one behind, one removed. */
const fill = async (store: EventStore): Promise<void> => {
  const next = new Map<string, number>();
  const put = async (stream: string, ...events: readonly NewEvent[]): Promise<number> => {
    const revision = next.get(stream) ?? 0;
    next.set(stream, revision + events.length);
    return right(await store.append(stream, revision === 0 ? 'none' : revision - 1, events)()).position;
  };
  let reached = -1;
  for (let n = 0; n < 60; n += 3) {
    const position = await put(`volume-${n % 4}`, sampleEvent(n), { ...sampleEvent(n + 1, { text: 'Диск 📀', deep: [null, { a: 1 }] }), schemaVersion: 2 }, { ...sampleEvent(n + 2), meta: { ...sampleEvent(0).meta, toFollow: 0, tenant: 'acme', request: 'x' } });
    if (n === 15) await put('webhook-a', hook(900, 'WebhookRegistered', { name: 'a', position }));
    if (n === 15) await put('webhook-b', hook(901, 'WebhookRegistered', { name: 'b', position: -1 }));
    if (n === 30) reached = position;
    if (n === 39) await put('webhook-a', hook(902, 'DeliveriesRecorded', { position: reached, count: 4, at: 1 }));
    if (n === 45) await put('webhook-b', hook(903, 'WebhookRemoved', { at: 1 }));
    if (n === 48) await put('webhook-c', hook(904, 'WebhookRegistered', { name: 'c', position: -1 }));
  }
};

const all = async (store: Pick<EventStore, 'readAll'>): Promise<readonly StoredEvent[]> => right(await store.readAll(0, 10_000)());
/** Without what is a store's own. */
const told = (events: readonly StoredEvent[]): readonly unknown[] => events.map(({ position: _position, ...event }) => event);
const copy = (from: EventStore, to: EventStore, more: Partial<Copying> = {}) => copyLog({ from, to, isQueued: false, nowMs: () => 5, ...more });

/** The copy has all of the source, and behind it only webhooks that were moved to where they were. */
const isWhole = async (from: Pick<EventStore, 'readAll'>, to: Pick<EventStore, 'readAll'>): Promise<void> => {
  const [before, now] = [await all(from), await all(to)];
  assert.equal(told(now.slice(0, before.length)), told(before));
  const moves = now.slice(before.length);
  assert.equal(new Set(moves.map(({ stream, type }) => `${stream} ${type}`)), new Set(['webhook-a WebhookMoved', 'webhook-c WebhookMoved']));
  const positionIn = (event: StoredEvent | undefined): unknown => event !== undefined && 'position' in event.data && event.data.position;
  const at = (stream: string): unknown => positionIn(moves.find((event) => event.stream === stream));
  const cursor = positionIn(before.find(({ type }) => type === 'DeliveriesRecorded'));
  assert.equal([at('webhook-a'), at('webhook-c')], [now[before.findIndex(({ position }) => position === cursor)]?.position, -1]);
};

test('from a file to EventStoreDB and back nothing is lost but positions, and the file that is read does not change [S0-130]', async () => {
  const { folder, remove } = temporaryFolder();
  const file = await openedStore(join(folder, 'log.db'));
  await fill(file);
  await file.close();
  const hash = (): string => createHash('sha256').update(readFileSync(join(folder, 'log.db'))).digest('hex');
  const before = hash();
  const double = await eventStoreDbDouble({ systemEvents: 2 });
  const there = right(await openEventStoreDb({ connectionString: double.connectionString }));
  const held = right(holdStoreFile(join(folder, 'log.db')));
  const second = holdStoreFile(join(folder, 'log.db'));
  assert.equal(E.isLeft(second) && second.left._tag, 'Locked');
  assert.equal(right(await copyLog({ from: held, to: there, isQueued: false, nowMs: () => 5 })), { events: 65, streams: 7, before: 0, webhooks: 2 });
  await isWhole(held, there);
  held.close();
  assert.is(hash(), before);

  const back = await openedStore(join(folder, 'back.db'));
  right(await copyLog({ from: there, to: back, isQueued: true, nowMs: () => 6 }));
  const moved = (await all(there)).length;
  assert.equal(told((await all(back)).slice(0, moved)), told(await all(there)));
  right(await back.verify()());
  await back.close();
  await there.close();
  await double.stop();
  remove();
});

test('a copy that is cut at any append, before it or behind it, goes on and becomes whole [I-15]', async () => {
  const from = memoryStore();
  await fill(from);
  let cuts = 0;
  for (let at = 0; ; at += 1) {
    let isCut = false;
    for (const landed of [false, true]) {
      const to = memoryStore();
      let count = 0;
      const failing: EventStore['append'] = (...given) => async () => {
        count += 1;
        if (count <= at) return to.append(...given)();
        isCut = true;
        if (landed && count === at + 1) await to.append(...given)();
        return E.left({ _tag: 'Unavailable', message: 'the line was cut', outcomeUnknown: true });
      };
      const cut = await copy(from, { ...to, append: failing });
      assert.is(E.isLeft(cut), isCut);
      right(await copy(from, to));
      await isWhole(from, to);
      cuts += isCut ? 1 : 0;
    }
    if (!isCut) break;
  }
  assert.ok(cuts > 40, `${cuts} cuts`);
});

test('what is no beginning of the source is not overwritten, and nothing is added to it [S0-130]', async () => {
  const from = memoryStore();
  await fill(from);
  const others = [
    [sampleEvent(0, { n: 'other' })],
    [{ ...sampleEvent(0), schemaVersion: 3 }],
    [{ ...sampleEvent(0), meta: { ...sampleEvent(0).meta, at: 1 as TimestampMs } }],
  ];
  for (const events of others) {
    const to = memoryStore();
    right(await to.append('volume-0', 'none', events)());
    const refused = await copy(from, to);
    assert.equal(E.isLeft(refused) && refused.left, { _tag: 'Differs', event: 0, stream: 'volume-0' });
    assert.is((await all(to)).length, 1);
  }
});

test('whoever writes to one of both meanwhile is found when they are compared [S0-130]', async () => {
  for (const which of ['source', 'copy'] as const) {
    const from = memoryStore();
    await fill(from);
    const to = memoryStore();
    let isWritten = false;
    const onProgress: Copying['onProgress'] = () => undefined;
    const append: EventStore['append'] = (...given) => async () => {
      if (!isWritten && (await all(to)).length > 30) {
        isWritten = true;
        right(await (which === 'source' ? from : to).append('volume-late', 'none', [sampleEvent(999)])());
      }
      return to.append(...given)();
    };
    const answer = await copy(from, { ...to, append }, { onProgress });
    // What came into the source in time was copied, too.
    if (which === 'source' && E.isRight(answer)) await isWhole(from, to);
    else assert.equal(E.isLeft(answer) && answer.left._tag, 'Differs');
  }
});

test('a source with a gap is not copied on [S0-130]', async () => {
  const from = memoryStore();
  await fill(from);
  const events = (await all(from)).filter((_, n) => n !== 20);
  const readAll: EventStore['readAll'] = (position, limit) => () => Promise.resolve(E.right(events.filter((event) => event.position >= position).slice(0, limit)));
  const refused = await copyLog({ from: { readAll }, to: memoryStore(), isQueued: true, nowMs: () => 5 });
  assert.equal(E.isLeft(refused) && refused.left._tag === 'Source' && refused.left.error._tag, 'Corrupt');
});

test.run();
