/**
 * Wrote `events-v1.db` once, on the day that the shape of the file was fixed. It is kept to show where that file comes from;
 * the file itself is never made anew: `storedEvents.test.ts` holds every later version of the program to reading it.
 *
 * node --conditions=@blockledger/source --import tsx test/compat/make-v1.ts <new file>
 */
import { openedStore } from '../support/sqlite.ts';
import { sampleEvent } from '../support/events.ts';

const store = await openedStore(process.argv[2] ?? 'events-v1.db');
const texts = ['plain', 'Том №1 卷 📀', 'e\u0301', '"\\/\n\u0000\u2028', '\ud800 alone'];
for (const [n, text] of texts.entries()) {
  const data = { text, [text]: n, sizeBytes: 562_949_953_421_312, ratio: 0.1, none: null, list: [true, false, {}, []] };
  await store.append('volume-a', n === 0 ? 'none' : n - 1, [sampleEvent(n, data)])();
}
await store.append('snapshot-том', 'none', [
  { ...sampleEvent(100, {}), type: 'SnapshotTaken' },
  { ...sampleEvent(101, { inner: { deep: [[1], [2, [3]]] } }), type: 'SnapshotProtected', schemaVersion: 3 },
])();
await store.saveState({ stream: 'volume-a', foldVersion: 4, revision: 4, state: { texts } })();
await store.close();
