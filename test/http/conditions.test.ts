/** ETags: who has one, what a change is held to, and that no condition is ever ignored. */
import * as assert from 'uvu/assert';
import { everyOperation } from '../../packages/app/src/api/operations/index.ts';
import { httpFixture, volumeCalled } from '../support/httpFixture.ts';
import { suite } from '../support/suite.ts';

const test = suite('conditions');
const { ask, settle, close } = await httpFixture();
await settle('POST', '/block-volumes', volumeCalled('db'));
await settle('POST', '/block-snapshots', { body: { block_snapshot: { block_volume_id: 1, name: 'monday' } } });
const TAG = '"999-0123456789abcdef"';

test('what says that it has a tag answers with one, is not sent twice, and nothing else has one [S0-16]', async () => {
  const tagged: string[] = [];
  for (const [id, { method, path, tagged: isTagged, kind }] of everyOperation) {
    if (method !== 'GET' || kind !== 'read') continue;
    const at = path.replace('{backend}', 'ceph').replaceAll(/\{\w+\}/g, '1');
    const { etag } = (await ask('GET', at)).headers;
    assert.is(etag !== undefined, isTagged, id);
    if (!isTagged) continue;
    tagged.push(id);
    assert.is((await ask('GET', at, { headers: { 'if-none-match': String(etag) } })).status, 304, id);
  }
  assert.equal(tagged, ['getVolume', 'getSnapshot', 'getPool']);
});

test('a change of what has changed since is refused where there are tags, and If-Match is refused where there are none [S0-16]', async () => {
  const [matched, unmatched] = [new Set<string>(), new Set<string>()];
  for (const [id, { method, path, matchable, kind }] of everyOperation) {
    // One that looks says nothing that could be overwritten.
    if (method === 'GET') continue;
    assert.ok(!matchable || kind === 'change', id);
    const bodies: Readonly<Record<string, object>> = {
      updateVolume: { block_volume: { description: 'x' } },
      createVolume: { block_volume: { name: 'x', pool_id: 1, size: 2 ** 30 } },
      createSnapshot: { block_snapshot: { block_volume_id: 1, name: 'x' } },
      updatePool: { pool: { over_subscription_ratio: 30 } },
      pausePool: { pool: { reason: 'x' } },
      pauseBackend: { backend: { reason: 'x' } },
      adoptVolume: { block_volume: { name: 'x', pool_id: 1, size: 2 ** 30, volume_name: 'x' } },
      registerPool: { pool: { name: 'x', backend: 'ceph', pool_name: 'vols' } },
      issueToken: { token: { name: 'x', role: 'reader', tenant: null } },
      registerWebhook: { webhook: { name: 'x', url: 'https://ops.example', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } },
      updateWebhook: { webhook: { enabled: false } },
      rotateWebhookSecret: { webhook: { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } },
      reportPoolHealth: { pool: { health: 'degraded' } },
    };
    const at = path.replace('{backend}', 'ceph').replaceAll(/\{\w+\}/g, '1');
    const answered = await ask(method, at, { headers: { 'if-match': TAG }, ...(bodies[id] === undefined ? {} : { body: bodies[id] }) });
    assert.match(answered.text, matchable ? /ResourceHasChanged/ : /IfMatchIsNotTaken/, `${id}: ${answered.text}`);
    assert.is(answered.status, matchable ? 412 : 400, id);
    (matchable ? matched : unmatched).add(id);
  }
  for (const id of ['updateVolume', 'deleteSnapshot', 'retirePool']) assert.ok(matched.has(id), id);
  for (const id of ['updateWebhook', 'removeWebhook', 'revokeToken', 'createVolume', 'pauseBackend', 'rebuildLog']) assert.ok(unmatched.has(id), id);
});

test('a dry run is held to an ETag as the change is: it answers what the change would [S0-16]', async () => {
  const etag = String((await ask('GET', '/block-volumes/1')).headers['etag']);
  const plan = (tag: string) => ask('PATCH', '/block-volumes/1?plan=true', { headers: { 'if-match': tag }, body: { block_volume: { description: 'planned' } } });
  assert.is((await plan(etag)).status, 200);
  const refused = await plan(TAG);
  assert.is(refused.status, 412, refused.text);
  assert.match(refused.text, /ResourceHasChanged/);
});

test.after(close);
test.run();
