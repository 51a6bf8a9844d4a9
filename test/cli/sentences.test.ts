/** Every event has a sentence that tells its data, and nothing that comes over the wire makes one throw. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { sentenceOf, TOLD } from '../../packages/app/src/cli/history/sentences.ts';
import { suite } from '../support/suite.ts';

const test = suite('sentences of history');
const words = { size: (bytes: number): string => `${bytes} B`, moment: (ms: number): string => new Date(ms).toISOString() };

test('a refusal is told with its sentence, its rule and where it is written [S0-136]', () => {
  const refusal = { message: 'the pool has no space', rule: 'poolHasSpace', spec: 'R-3' };
  assert.is(sentenceOf('VolumeRefused', { refusal }, words), 'It was refused: the pool has no space (rule poolHasSpace, R-3)');
});

test('a change is told by what changes [S0-38]', () => {
  const changes = { name: 'db', sizeBytes: 1024, qos: { enabled: true, maxBytesPerSecond: 7, maxIops: 5 } };
  assert.is(sentenceOf('VolumeUpdateRequested', { changes }, words), 'A change was asked for: name db, size 1024 B, at most 7 B/s and 5 IOPS');
});

test('an event of a newer service is told by its name [S0-136]', () => assert.is(sentenceOf('VolumeMigratedElsewhere', {}, words), 'volume migrated elsewhere'));

test('no data makes a sentence throw, and none shows an object as such [S0-136]', () => {
  assert.ok(TOLD.length > 70);
  fc.assert(
    fc.property(fc.constantFrom(...TOLD), fc.dictionary(fc.constantFrom('name', 'refusal', 'changes', 'error', 'sizeBytes', 'work', 'reason', 'at', 'retainMs', 'snapshotId', 'qos'), fc.jsonValue()), (type, data) => {
      const sentence = sentenceOf(type, data, words);
      assert.ok(sentence.length > 3);
      assert.not.ok(/\[object|undefined|NaN/.test(sentence), sentence);
    }),
    { numRuns: 2_000 },
  );
});

test.run();
