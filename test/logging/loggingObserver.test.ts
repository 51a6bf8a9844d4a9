/** What the log keeps at each level: nothing is lost by not putting together what nobody reads. */
import { PassThrough } from 'node:stream';
import * as assert from 'uvu/assert';
import type { LogLevel } from '../../packages/app/src/logging/serviceLogger.ts';
import { loggingObserver, serviceLogger } from '../../packages/app/src/logging/index.ts';
import { fakeBackend } from '../support/fakeBackend.ts';
import { GIB, left, planeWithPool, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('log lines of the engine');

type Line = Readonly<Record<string, unknown>>;
const WARN = 40;
const INFO = 30;

/** What is logged while a volume is made, a request is refused, and a volume cannot be made. */
const linesAt = async (level: LogLevel): Promise<readonly Line[]> => {
  const texts: string[] = [];
  const sink = new PassThrough();
  sink.on('data', (chunk: Buffer) => void texts.push(...chunk.toString().split('\n').filter(Boolean)));
  const fake = fakeBackend();
  const made = await planeWithPool({ fake, observers: [loggingObserver(serviceLogger(level, sink))] });
  await volumeIn(made, 'db');
  left(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  await made.plane.idle();
  fake.before = () => ({ _tag: 'Permanent', code: 'Denied', message: 'no' });
  left(await made.plane.createVolume({ pool: 'ssd', name: 'broken', sizeBytes: GIB }, { wait: 'done' }));
  await made.plane.idle();
  await made.plane.close();
  await new Promise((resolve) => setImmediate(resolve));
  return texts.map((text) => JSON.parse(text) as Line);
};

/** Lines without what differs from run to run, sorted, since drivers work side by side. */
const comparable = (lines: readonly Line[]): readonly string[] =>
  lines.map((line) => JSON.stringify(Object.entries(line).map(([field, value]) => (typeof value === 'string' && /-|^\d/.test(value) ? field : ['ms', 'time', 'position'].includes(field) ? field : [field, value])))).toSorted();

test('each level has every line of its own and above, field by field as with all of them, and none below [S0-136, S0-6]', async () => {
  const all = await linesAt('debug');
  assert.ok(all.some(({ level }) => level === 20) && all.some(({ level }) => level === INFO) && all.some(({ level }) => level === WARN), 'every level has lines');
  assert.ok(all.every(({ ms, correlationId }) => typeof ms === 'number' && typeof correlationId === 'string'));
  assert.equal(comparable(await linesAt('info')), comparable(all.filter(({ level }) => Number(level) >= INFO)));
  assert.equal(comparable(await linesAt('warn')), comparable(all.filter(({ level }) => Number(level) >= WARN)));
  assert.equal(await linesAt('silent'), []);
});

test('a logger that does not tell what it keeps gets every line [S0-6]', async () => {
  const kept: string[] = [];
  const keep = (level: string) => (_fields: object, message: string) => void kept.push(`${level} ${message}`);
  const made = await planeWithPool({ observers: [loggingObserver({ debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') })] });
  await volumeIn(made, 'db');
  await made.plane.idle();
  for (const expected of ['debug CreateVolume: accepted', 'debug append', 'debug make: Performed', 'debug ensureVolume: done', 'info createVolume: accepted', 'info CreateBlockVolume: succeeded']) assert.ok(kept.includes(expected), expected);
  await made.plane.close();
});

test.run();
