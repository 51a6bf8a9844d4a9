/** The source document's own requests, word for word, in the order of a life. */
import * as assert from 'uvu/assert';
import { matchesGolden } from '../support/golden.ts';
import { httpFixture, normalised, type Answered, type Asking } from '../support/httpFixture.ts';
import { suite } from '../support/suite.ts';

const test = suite('the source’s requests');

// The source's pool is number 6, and the snapshot that it rolls back to is number 132.
const { plane, settle, ask, cluster, close } = await httpFixture(['one', 'two', 'three', 'four', 'five', 'six'], { dialect: 'xsky' });

/** Sends a request and holds the answer, and then the resource when all work is done, against the golden file. */
const golden = async (name: string, [method, path]: readonly [string, string], then: string, asking: Asking = {}): Promise<Answered> => {
  const answered = await settle(method, path, asking);
  const after = await ask('GET', then);
  matchesGolden(`http/${name}.json`, {
    request: { method, path, ...(asking.body === undefined ? {} : { body: asking.body }) },
    answer: { status: answered.status, location: typeof answered.headers['location'] === 'string' ? '<task>' : null, body: normalised(answered.json, true) },
    then: { get: then, status: after.status, body: normalised(after.json, false) },
  });
  return answered;
};

const qos = { burst_total_bw: 209_715_200_000, burst_total_iops: 200_000, max_total_bw: 104_857_600_000, max_total_iops: 100_000 };

test('a volume is created as the source does [S0-1, S0-2, S0-3, S0-12, S0-13, S0-20, S0-22]', async () => {
  const answered = await golden('create', ['POST', '/block-volumes'], '/block-volumes/1', {
    body: {
      block_volume: {
        format: 129,
        name: 'volume1',
        performance_priority: 0,
        pool_id: 6,
        qos: { burst_total_bw: 2_097_152_000, burst_total_iops: 200_000, max_total_bw: 1_048_576_000, max_total_iops: 100_000 },
        qos_enabled: true,
        size: 107_374_182_400,
      },
    },
  });
  assert.is(answered.status, 202);
  const task = await ask('GET', String(answered.headers['location']).slice('/api/v1'.length));
  matchesGolden('http/create-task.json', normalised({ task: task.json['task'] }, false));
});

test('a snapshot is taken as the source does [S0-60, S0-62, R-10]', async () => {
  await golden('snapshot', ['POST', '/block-snapshots'], '/block-snapshots/1', { body: { block_snapshot: { block_volume_id: 1, name: 'volume1_snap' } } });
});

test('a volume is cloned as the source does, without size or format [S0-14, S0-15, S0-34, S0-36]', async () => {
  await golden('clone', ['POST', '/block-volumes'], '/block-volumes/2', {
    body: { block_volume: { block_snapshot_id: 1, flattened: false, name: 'snap_clone', performance_priority: 0, pool_id: 6, qos, qos_enabled: true } },
  });
});

test('a clone is flattened, prioritised, limited, resized and renamed by one PATCH each [S0-37, S0-38, S0-43, S0-47, S0-51, R-6]', async () => {
  const patch = async (name: string, block_volume: object, path = '/block-volumes/2'): Promise<void> => {
    const answered = await golden(name, ['PATCH', path], path, { body: { block_volume } });
    assert.is(answered.status, 202, name);
  };
  await patch('flatten', { flattened: true });
  await patch('priority', { performance_priority: 1 });
  // The clone has these limits from its birth.
  await patch('qos', { qos, qos_enabled: true }, '/block-volumes/1');
  await patch('resize', { size: 161_061_273_600 });
  await patch('rename', { name: 'vol3' });
});

test('a volume is rolled back as the source does, to its 132nd snapshot [S0-38, S0-48, S0-49, S0-50]', async () => {
  for (let number = 2; number <= 132; number += 1) {
    const taken = await plane.createSnapshot({ volume: 1, name: `filler ${number}` });
    assert.is(taken._tag, 'Right');
  }
  await plane.idle();
  await golden('roll-back', ['PATCH', '/block-volumes/1'], '/block-volumes/1', { body: { block_volume: { block_snapshot_id: 132, action: 'roll_back' } } });
});

test('a snapshot and a volume are deleted as the source does [S0-52, S0-55, S0-57, S0-64]', async () => {
  await golden('delete-snapshot', ['DELETE', '/block-snapshots/1?force=false'], '/block-snapshots/1');
  await golden('delete-refused', ['DELETE', '/block-volumes/1?force=false'], '/pools/6');
  await golden('delete', ['DELETE', '/block-volumes/2?force=false'], '/block-volumes/2');
  assert.is(cluster.images('vols').length, 1);
});

test.after(close);
test.run();
