/** What an array answers is read as it was written, with whatever else stands in it; what is needed may not be missing. */
import { codecs, requests } from '@blockledger/adapters-qsan';
import { secret } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import type * as t from 'io-ts';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('bodies of QSAN arrays');

const text = fc.string({ minLength: 1 });
const whole = fc.maxSafeNat();
const row = { id: text, name: text, iqn: text };

/** Every answer: its codec, what is needed, and how to draw it. */
const ANSWERS: Readonly<Record<string, { readonly codec: t.Mixed; readonly needed: Readonly<Record<string, fc.Arbitrary<unknown>>> }>> = {
  'POST /login [S1-2]': { codec: codecs.LoginAnswer, needed: { token: text, expires_in: fc.integer({ min: 1 }) } },
  'an error [S1-4]': { codec: codecs.ErrorAnswer, needed: { error: fc.string() } },
  'GET /volumes/{name} [S1-9]': { codec: codecs.VolumeAnswer, needed: { name: text, pool: text, size: whole, thin_provision: fc.boolean(), status: text } },
  'POST /volumes [S1-6, S1-8, S1-12, S1-13]': { codec: codecs.MadeVolume, needed: { name: text, size: whole } },
  'a snapshot [S1-11]': { codec: codecs.SnapshotAnswer, needed: { name: text, volume_name: text, size: whole } },
  'GET /pools/{name} [S1-15, S1-25]': { codec: codecs.PoolAnswer, needed: { id: text, name: text, total_capacity: whole, free_capacity: whole } },
  'GET /system [S1-16]': { codec: codecs.SystemAnswer, needed: { serial_number: text } },
  'POST /iscsi/targets [S1-17, S1-25]': { codec: codecs.MadeTarget, needed: { id: text, iqn: text } },
  'GET /iscsi/targets?name= [S1-19]': { codec: codecs.TargetRow, needed: row },
  'GET /iscsi/targets/{id} [S1-18]': {
    codec: codecs.TargetAnswer,
    needed: { ...row, luns: fc.array(fc.record({ lun_id: whole, volume: text })), acl: fc.array(text) },
  },
  'GET /iscsi/portals [S1-20, S1-25]': { codec: codecs.PortalsAnswer, needed: { portals: fc.array(text) } },
  'POST /iscsi/targets/{id}/luns [S1-21, S1-25]': { codec: codecs.MappedLun, needed: { lun_id: whole } },
  'a LUN [S1-21]': { codec: codecs.LunAnswer, needed: { lun_id: whole, volume: text } },
  'GET /volumes/{name}/mapping [S1-22]': { codec: codecs.MappingAnswer, needed: { volume: text, target_id: text, target_iqn: text, lun_id: whole } },
  'PUT /iscsi/targets/{id}/chap [S1-24]': { codec: codecs.ChapAnswer, needed: { chap_enabled: fc.constant(true) } },
};

for (const [name, { codec, needed }] of Object.entries(ANSWERS)) {
  test(`${name} is read back as it was written, whatever else stands in it, and not without what is needed`, () => {
    const extra = fc.dictionary(fc.string().map((key) => `x-${key}`), fc.jsonValue());
    fc.assert(
      fc.property(fc.record(needed), extra, fc.constantFrom(...Object.keys(needed)), (body, more, key) => {
        const answer = { ...more, ...body };
        const read = codec.decode(JSON.parse(JSON.stringify(answer)));
        assert.ok(E.isRight(read));
        assert.equal(codec.decode(codec.encode(read.right)), read);
        assert.equal(JSON.parse(JSON.stringify(codec.encode(read.right))), JSON.parse(JSON.stringify(answer)));
        assert.ok(E.isLeft(codec.decode({ ...answer, [key]: undefined })), `without ${key}`);
      }),
    );
  });
}

test('an account is set only when the array says that it asks for one [S1-24]', () => {
  for (const body of [{ chap_enabled: false }, {}, null, 'ok']) assert.ok(E.isLeft(codecs.ChapAnswer.decode(body)), JSON.stringify(body));
});

test('names in paths are escaped, so that no name leads to another object [S1-10, S1-23]', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.constantFrom('.', '..', '../../volumes/volume-1')), (name) => {
      const { path } = requests.keepOut('target-001', name);
      assert.is(path.split('/').length, 6);
      assert.is(decodeURIComponent(path.split('/')[5] ?? ''), name);
      assert.not.ok(/[?#]/.test(path));
    }),
  );
});

test('a request that is printed shows no password [S1-2, S1-24, I-24]', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{12,16}$/), (password) => {
      const hidden = secret(password);
      for (const request of [requests.logIn('admin', hidden), requests.setChap('target-001', 'storage', hidden)]) assert.not.ok(JSON.stringify(request).includes(password));
    }),
    { numRuns: 20 },
  );
});

test.run();
