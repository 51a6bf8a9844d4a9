import * as assert from 'uvu/assert';
import { filesUnder } from '../support/files.ts';
import { LONGEST, rowsOf } from '../support/rows.ts';
import { judge, type Ending } from '../support/runTestFile.ts';
import { specIdsIn, testNames } from '../support/specIds.ts';
import { suite } from '../support/suite.ts';

const test = suite('the test runner');

const totals = (total: number, passed: number, skipped: number): string =>
  `\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1.00ms\n\n`;
const ended = (over: Partial<Ending>): Ending => ({ exitCode: 0, signal: null, output: '', stopped: 'no', ...over });
const counts = (over: Partial<Ending>): readonly number[] => {
  const { passed, failed, skipped } = judge(ended(over));
  return [passed, failed, skipped];
};

test('the counts of a file are those uvu prints', () => {
  assert.equal(counts({ output: totals(3, 3, 1) }), [3, 0, 1]);
  assert.equal(counts({ output: totals(3, 1, 0), exitCode: 1 }), [1, 2, 0]);
});

test('a file in which nothing ran has failed', () => {
  assert.equal(counts({}), [0, 1, 0]);
  assert.equal(counts({ output: totals(0, 0, 0) }), [0, 1, 0]);
});

test('a file whose before hook failed has failed, though uvu reports no failure', () => {
  assert.equal(counts({ output: totals(2, 0, 0) }), [0, 2, 0]);
});

test('a crash, a signal, a time-out and a process that does not end are one failure each', () => {
  assert.equal(counts({ exitCode: 1 }), [0, 1, 0]);
  assert.equal(counts({ exitCode: null, signal: 'SIGSEGV' }), [0, 1, 0]);
  assert.equal(counts({ exitCode: null, signal: 'SIGKILL', stopped: 'timeLimit' }), [0, 1, 0]);
  assert.equal(counts({ exitCode: null, signal: 'SIGKILL', stopped: 'lingered', output: totals(2, 2, 0) }), [2, 1, 0]);
  assert.equal(counts({ exitCode: 7, output: totals(2, 2, 0) }), [2, 1, 0]);
});

test('a file that lacks its real part is skipped, not failed', () => {
  assert.equal(counts({ output: 'skipped 4: Ceph is not installed; install with: apt-get install ceph-mon\n' }), [0, 0, 4]);
});

test('every test file stands in one row, those that take longest first', () => {
  const files = filesUnder('test', (path) => path.endsWith('.test.ts'));
  const { onNothingReal, onCeph, onGatewaysAlone } = rowsOf(files);
  assert.equal([...onNothingReal, ...onCeph, ...onGatewaysAlone].toSorted(), files.toSorted());
  assert.equal(onNothingReal.slice(0, LONGEST.length), LONGEST);
  assert.ok(onCeph.length > 0 && onGatewaysAlone.length > 0);
});

test('names of tests and their SPEC ids are read from the source', () => {
  // Put together here, so that these names do not count as tests of ours.
  const call = 'test';
  const source = [`${call}('one [S0-61]', f)`, `${call}.skip("two [R-4, V-3]", f)`, `${call}(\n  \`three \${x} [x]\`, f)`].join('\n');
  assert.equal(testNames(source), ['one [S0-61]', 'two [R-4, V-3]', 'three ${x} [x]']);
  assert.equal(testNames(source).flatMap(specIdsIn), ['S0-61', 'R-4', 'V-3']);
});

test.run();
