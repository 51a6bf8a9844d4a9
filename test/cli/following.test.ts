/** What a watch learns from the service's stream, and how it goes on without one. */
import * as assert from 'uvu/assert';
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient, ClientFailure, TaskBody } from '@blockledger/app/client';
import { followTasks } from '../../packages/app/src/cli/tasks/follow.ts';
import { suite } from '../support/suite.ts';

const test = suite('following tasks');

const task = (id: number, status: TaskBody['status'], percent?: number): TaskBody => ({
  id,
  uuid: `c0ffee00-0000-4000-8000-00000000000${id}`,
  type: 'FlattenBlockVolume',
  status,
  data: {},
  step: null,
  attempts: 0,
  progress: percent === undefined ? null : { done: percent, total: 100, unit: 'percent', percent },
  error_msg: null,
  error: null,
  issued_by: 'token:operator',
  tenant: 'default',
  correlation_id: 'one',
  execute: null,
  finish: null,
});

interface Service {
  /** What a look finds; called with the number of the look. */
  readonly found: (look: number, id: number) => TaskBody | ClientFailure;
  readonly stream: () => AsyncIterable<{ readonly task: TaskBody }>;
}

/** As much of a client as a watch uses. */
const clientOf = ({ found, stream }: Service): ApiClient => {
  let looks = 0;
  const getTask = ({ path }: { readonly path: { readonly task: number | string } }): Promise<unknown> => {
    looks += 1;
    const answer = found(looks, Number(path.task));
    return Promise.resolve('_tag' in answer ? E.left(answer) : E.right({ status: 200, body: { task: answer }, headers: new Headers() }));
  };
  return { getTask, watchTasks: stream } as unknown as ApiClient;
};

async function* telling(...tasks: readonly TaskBody[]): AsyncGenerator<{ readonly task: TaskBody }> {
  for (const one of tasks) yield await Promise.resolve({ task: one });
}

// eslint-disable-next-line require-yield -- a stream that cannot be opened
async function* broken(): AsyncGenerator<{ readonly task: TaskBody }> {
  await Promise.resolve();
  throw new Error('no such stream');
}

const follow = async (service: Service, refs: readonly (number | string)[], signal = new AbortController().signal) => {
  const seen: string[] = [];
  const ended = await followTasks({ client: clientOf(service), refs, signal, see: (tasks, absent) => seen.push(`${tasks.map(({ id, status }) => `${id} ${status}`).join(', ')}${absent ? ', absent' : ''}`) });
  return { seen, ended: E.map((tasks: readonly TaskBody[]) => tasks.map(({ status }) => status))(ended) };
};

test('the stream tells how a task ends, and of tasks that nobody follows nothing is told [S0-6]', async () => {
  const { seen, ended } = await follow({ found: () => task(1, 'running'), stream: () => telling(task(2, 'running'), task(1, 'running', 50), task(1, 'succeeded')) }, [1]);
  assert.equal(ended, E.right(['succeeded']));
  assert.ok(seen.every((picture) => !picture.includes('2 ')), seen.join('; '));
  assert.is(seen.at(-1), '1 succeeded');
});

test('without a stream, and after one that ended, looking goes on until all have ended [S0-6]', async () => {
  const found = (look: number, id: number): TaskBody => task(id, look < 5 ? 'running' : 'failed');
  for (const stream of [broken, () => telling(task(1, 'running'))]) {
    assert.equal((await follow({ found, stream }, [1, 2])).ended, E.right(['failed', 'failed']));
  }
});

test('a task that is named twice, by its number and its UUID, is one picture in both places', async () => {
  assert.equal((await follow({ found: () => task(1, 'running'), stream: () => telling(task(1, 'succeeded')) }, [1, task(1, 'running').uuid])).ended, E.right(['succeeded', 'succeeded']));
});

test('a service that does not answer for a while is waited for, and one that never answered is not [S0-6]', async () => {
  const away: ClientFailure = { _tag: 'Unreachable', message: 'it does not answer' };
  const waited = await follow({ found: (look) => (look === 1 ? task(1, 'running') : look < 4 ? away : task(1, 'succeeded')), stream: broken }, [1]);
  assert.equal(waited.ended, E.right(['succeeded']));
  assert.ok(waited.seen.includes('1 running, absent'), waited.seen.join('; '));
  const never = await follow({ found: () => away, stream: broken }, [1]);
  assert.is(E.isLeft(never.ended) && never.ended.left.code, 69);
});

test('a task that is not there ends the watch with that answer [S0-6]', async () => {
  const gone: ClientFailure = { _tag: 'Refused', status: 404, problem: { type: 'urn:blockledger:refusal:TaskNotFound', title: 'task not found', status: 404, detail: 'there is no task 1', rule: 'taskExists', spec: 'S0-6', remedy: 'list the tasks' } };
  const { ended } = await follow({ found: () => gone, stream: broken }, [1]);
  assert.is(E.isLeft(ended) && ended.left.code, 2);
});

test('who stops watching has the last picture, and nothing is asked any more [S0-6]', async () => {
  const stop = new AbortController();
  const found = (look: number): TaskBody => {
    assert.ok(look <= 3, 'it is still asked');
    if (look === 3) stop.abort();
    return task(1, 'running');
  };
  assert.equal((await follow({ found, stream: broken }, [1], stop.signal)).ended, E.right(['running']));
});

test.run();
