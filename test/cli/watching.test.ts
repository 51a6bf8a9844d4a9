/** Watching tasks: bars, lines, Ctrl-C, and a service that goes away meanwhile. */
import * as assert from 'uvu/assert';
import { looksAsGolden } from '../support/cliGolden.ts';
import { cliWorld, type CliWorld } from '../support/cliWorld.ts';
import { requireReal } from '../support/real.ts';
import { screenshot } from '../support/screenshot.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('watching with blockledger');
const CTRL_C = '\u0003';

let world: CliWorld;
let flattening: number;

/** Numbers of tasks, which any event before them moves; they are as wide as that. */
const NUMBERS = [[/\b1\d\d\b/g, 'NNN']] as const;

const statusOf = (task: number): string | undefined => world.plane.tasks.get(task)?.status;

test('Ctrl-C ends the watching only, says that the work goes on, and ends with 130 [S0-6]', async () => {
  const interrupted = { rules: NUMBERS, json: false, terminals: true } as const;
  const env = { ...world.env, TASK: String(flattening) };
  await looksAsGolden({ ...interrupted, name: 'task-watch-interrupted', line: 'blockledger task watch $TASK', place: { env, typed: [[/Flatten.*%/, CTRL_C]] } });
  await looksAsGolden({ ...interrupted, name: 'volume-delete-interrupted', line: 'blockledger volume delete old-1 --yes --wait --key once', place: { env, typed: [[/Delete.*%/, CTRL_C]] } });
  assert.is(statusOf(flattening), 'running');
});

test('several tasks have bars below one another, and without a task all that run are watched [S0-6]', async () => {
  await looksAsGolden({ name: 'task-watch-several', line: 'blockledger task watch', place: { env: world.env, typed: [[/Flatten.*%[\s\S]*Delete.*%/, CTRL_C]] }, rules: NUMBERS, json: false, terminals: true });
});

test('a terminal that knows neither its width nor its height shows a bar nevertheless [S0-6]', async () => {
  const { code, stdout } = await shell('stty cols 0 rows 0; blockledger task watch', { env: world.env, columns: 80, typed: [[/Flatten.*%/, CTRL_C]] });
  assert.is(code, 130, stdout);
  const { lines } = await screenshot(stdout, 80);
  assert.match(lines[0] ?? '', /^\d+ FlattenBlockVolume █{12}░{18} +40 % flatten$/);
});

test('a watch waits for a service that restarts, says so, and tells how the work ended [S0-6]', async () => {
  const back = async (): Promise<void> => {
    await world.comeBack();
    await world.plane.tasks.cancel(flattening);
  };
  const { code, stdout, stderr } = await shell(`blockledger task watch ${flattening}`, {
    env: world.env,
    typed: [
      [/flatten 40 %/, () => world.leave()],
      [/does not answer/, back],
    ],
  });
  assert.is(code, 3, stderr);
  assert.match(stderr, /does not answer; it is waited for\n[\s\S]*FlattenBlockVolume: cancelled/);
  assert.match(stdout, /FlattenBlockVolume +volume 3 +cancelled/);
});

test('a task that has ended is shown at once, and where none runs that is said [S0-6]', async () => {
  const ended = await cliWorld();
  try {
    await looksAsGolden({ name: 'task-watch-none', line: 'blockledger task watch', place: { env: ended.env }, atOnce: true });
    await looksAsGolden({ name: 'task-watch-failed', line: `blockledger task watch ${ended.failedTask}`, place: { env: ended.env }, atOnce: true });
    await looksAsGolden({ name: 'task-abandon', line: `blockledger task abandon ${ended.failedTask} --yes --wait --key once`, place: { env: ended.env } });
  } finally {
    await ended.close();
  }
});

test('work that runs is cancelled from the command line [S0-6]', async () => {
  const deleting = world.plane.tasks.list({ type: 'DeleteBlockVolume' }).items.find(({ status }) => status === 'running')?.number;
  await looksAsGolden({ name: 'task-cancel-refused', line: 'blockledger task cancel $TASK', place: { env: { ...world.env, TASK: String(deleting) } } });
  const again = await world.flatten();
  await looksAsGolden({ name: 'task-cancel', line: 'blockledger task cancel $TASK --wait --key twice', place: { env: { ...world.env, TASK: String(again) } } });
  assert.is(statusOf(again), 'cancelled');
});

test.before(async () => {
  world = await cliWorld({ endless: true });
  flattening = await world.flatten();
});
test.after(() => world.close());
test.run();
