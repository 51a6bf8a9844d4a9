import { backend, BackendCommand, MAX_BACKEND_NAME_LENGTH, MAX_PAUSE_REASON_LENGTH, noBackend } from '@blockledger/domain';
import type { BackendEvent } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import { metaOf, moment, NOON } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('backends');
const known = { known: true };
const unknown = { known: false };
const pause = (reason = 'new switches'): BackendCommand => ({ type: 'PauseBackend', backend: 'ceph', reason });
const resume: BackendCommand = { type: 'ResumeBackend', backend: 'ceph' };
const paused: BackendEvent = { type: 'BackendPaused', backend: 'ceph', reason: 'new switches', at: NOON };

test('a backend is paused for a reason and since a moment, and owes nothing [S0-53, S0-136]', () => {
  const answer = given(backend).when(pause(), known, metaOf(1, moment(NOON + 5))).then('BackendPaused').owes();
  assert.equal(answer.state, { backend: 'ceph', paused: { reason: 'new switches', since: NOON + 5 } });
  assert.is(backend.answer(answer.state, metaOf(1).commandId), 'accepted');
  assert.is(backend.streamOf(pause()), 'backend-ceph');
});

test('a backend that is paused stays so for the first reason, and one that runs is resumed without a word [I-16]', () => {
  given(backend, paused).when(pause('lunch'), known).then();
  assert.is(given(backend, paused).when(resume, known).then('BackendResumed').state.paused, null);
  given(backend).when(resume, known).then();
  given(backend, paused, { type: 'BackendResumed', at: NOON }).when(pause('again'), known).then('BackendPaused');
});

test('a name that leads nowhere is refused: the backend that was meant would go on [S0-16, I-12]', () => {
  given(backend).when(pause(), unknown).refused('BackendIsUnknown', { value: 'ceph', spec: 'S0-16' });
  given(backend).when(resume, unknown).refused('BackendIsUnknown');
});

test('a paused backend that was taken out of the configuration can still be resumed [I-2]', () => {
  given(backend, paused).when(resume, unknown).then('BackendResumed');
});

test('a reason has a bound [S0-16]', () => {
  assert.is(MAX_PAUSE_REASON_LENGTH, 255);
  given(backend).when(pause('x'.repeat(255)), known).then('BackendPaused');
  given(backend).when(pause('x'.repeat(256)), known).refused('ReasonIsTooLong', { value: 256, limit: 255 });
});

test('a backend’s name may be anything that a configuration can hold, within bounds [S0-16, I-12]', () => {
  const isName = (name: string): boolean => E.isRight(BackendCommand.decode({ type: 'ResumeBackend', backend: name }));
  assert.is(MAX_BACKEND_NAME_LENGTH, 255);
  for (const name of ['ceph', 'ceph@site-1/rack', 'x'.repeat(255), '机房']) assert.is(isName(name), true, name);
  for (const name of ['', 'x'.repeat(256), 'a\u0000b', '\ud800']) assert.is(isName(name), false, JSON.stringify(name));
});

test('folding what cannot have happened does not fail [I-29]', () => {
  assert.equal(backend.evolve(noBackend, { type: 'BackendResumed', at: NOON }), noBackend);
});

test.run();
