/** The face of every entry point, compared with its report on record: whoever changes the face sees it in the diff. */
import * as assert from 'uvu/assert';
import { freshReports, standingReports } from '../support/apiReports.ts';
import { suite } from '../support/suite.ts';

const test = suite('API reports');

const REWRITE = 'node --conditions=@blockledger/source --import tsx test/support/writeApiReports.ts';
const fresh = freshReports();

test('there is one API report for each entry point, and none besides', () => {
  assert.equal(Object.keys(standingReports()).toSorted(), Object.keys(fresh).toSorted(), `run ${REWRITE}, and add what is new to git`);
});

for (const [name, text] of Object.entries(standingReports())) {
  test(`the face is as docs/api/${name} says`, () => assert.is(fresh[name], text, `the face changed: look at it, then run ${REWRITE}`));
}

test.run();
