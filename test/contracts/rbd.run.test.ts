/** The runners of child processes, from here and from the helper: exit codes, silence, cancelling, and children that outlive nobody. */
import { processRunner } from '@blockledger/adapters-rbd';
import { helperPid, helperRunner } from '@blockledger/adapters-rbd/process';
import type { ProcessCall } from '@blockledger/domain';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { onPath } from '../support/real.ts';
import { suite } from '../support/suite.ts';

const call = (argv: readonly string[], more: Partial<ProcessCall> = {}): ProcessCall => ({ argv, idleTimeoutMs: 5_000, signal: new AbortController().signal, ...more });

for (const [by, runner] of Object.entries({ processRunner, helperRunner })) {
  const test = suite(`child processes by ${by}`);
  const run = runner();
  const sh = (script: string, more: Partial<ProcessCall> = {}) => run(call(['sh', '-c', script], more))();

  test('any exit code is a result', async () => {
    const answer = await sh('echo out; echo err >&2; exit 39');
    assert.equal(answer, { _tag: 'Right', right: { exitCode: 39, stdout: 'out\n', stderr: 'err\n' } });
  });

  test('arguments reach the program as they are, without a shell', async () => {
    const answer = await run(call(['printf', '%s|', 'a b', '$(id)', '*', '-é帳', '']))();
    assert.is(answer._tag === 'Right' && answer.right.stdout, 'a b|$(id)|*|-é帳||');
  });

  test('input reaches the program; a program that does not read it is no error', async () => {
    const answer = await run(call(['cat'], { stdin: new TextEncoder().encode('rbd image v2\n') }))();
    assert.is(answer._tag === 'Right' && answer.right.stdout, 'rbd image v2\n');
    const deaf = await run(call(['true'], { stdin: new Uint8Array(1_000_000) }))();
    assert.is(deaf._tag, 'Right');
  });

  test('stderr is heard while the program runs', async () => {
    const heard: string[] = [];
    await sh('printf "10%%" >&2; sleep 0.05; printf "20%%" >&2', { onStderr: (chunk) => void heard.push(chunk) });
    assert.is(heard.join(''), '10%20%');
    assert.ok(heard.length > 1, 'in pieces');
  });

  test('a program that is silent too long is killed, one that talks is not', async () => {
    const silent = await sh('sleep 30', { idleTimeoutMs: 150 });
    assert.ok(silent._tag === 'Left' && silent.left._tag === 'Retryable' && silent.left.code === 'IdleTimeout' && silent.left.outcomeUnknown);
    const talking = await sh('for i in 1 2 3 4 5 6; do echo $i >&2; sleep 0.1; done', { idleTimeoutMs: 400 });
    assert.is(talking._tag, 'Right');
  });

  test('a killed program is over when it is dead, even if something that it started holds its pipes', async () => {
    const began = performance.now();
    await sh('sleep 20 & sleep 20', { idleTimeoutMs: 100 });
    assert.ok(performance.now() - began < 10_000, 'nobody waits for the other one');
  });

  test('a cancelled program is killed, even one that ignores the polite signal, and the answer comes when it is dead', async () => {
    const stop = new AbortController();
    let pid = 0;
    const running = sh('trap "" TERM; echo $$ >&2; while :; do sleep 0.02; done', { signal: stop.signal, onStderr: (chunk) => {
      pid ||= Number(chunk.trim());
      setTimeout(() => stop.abort(), 10);
    } });
    const answer = await running;
    assert.is(answer._tag === 'Left' && answer.left._tag, 'Cancelled');
    assert.not.ok(alive(pid), `process ${pid} is dead`);
  });

  test('what is cancelled before it begins is never started', async () => {
    const answer = await run(call(['false'], { signal: AbortSignal.abort() }))();
    assert.is(answer._tag === 'Left' && answer.left._tag, 'Cancelled');
  });

  test('a program that is not installed is named', async () => {
    const answer = await run(call(['no-such-rbd']))();
    assert.ok(answer._tag === 'Left' && answer.left._tag === 'Permanent' && answer.left.code === 'ProgramMissing' && answer.left.message.includes('no-such-rbd'));
  });

  test('a child dies with its parent, even when that is killed without a word', async () => {
    if (!onPath('setpriv')) return;
    const script = `import { ${by} } from '@blockledger/adapters-rbd/process';
      const signal = new AbortController().signal;
      ${by}()({ argv: ['sh', '-c', 'echo $$ >&2; sleep 60'], idleTimeoutMs: 60000, signal, onStderr: (pid) => console.log(pid) })();`;
    const parent = spawn(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(await new Promise<string>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))));
    assert.ok(alive(pid), 'it runs');
    parent.kill('SIGKILL');
    await new Promise((resolve) => parent.once('close', resolve));
    for (let tries = 0; tries < 100 && alive(pid); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.not.ok(alive(pid), 'it is dead');
  });

  test.run();
}

const test = suite('the helper that starts programs');
const run = helperRunner();
const sh = (script: string, more: Partial<ProcessCall> = {}) => run(call(['sh', '-c', script], more))();

test('programs are children of the helper, not of this process', async () => {
  const answer = await sh('echo $PPID');
  assert.is(answer._tag === 'Right' && Number(answer.right.stdout), helperPid());
  assert.is.not(helperPid(), process.pid);
});

test('a program sees the environment as it is here and now, and is looked for on the PATH of now', async () => {
  await sh('true');
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-run-'));
  const [path, mine] = [process.env['PATH'] ?? '', join(folder, 'only-here-now')];
  writeFileSync(mine, '#!/bin/sh\necho "$SAID_LATE $SAID_NOW"\n');
  chmodSync(mine, 0o755);
  process.env['PATH'] = `${folder}:${path}`;
  process.env['SAID_LATE'] = 'late';
  try {
    const answer = await run(call(['only-here-now'], { env: { SAID_NOW: 'now' } }))();
    assert.is(answer._tag === 'Right' && answer.right.stdout, 'late now\n');
  } finally {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  }
});

test('a helper that is killed: what ran is retryable with an unknown outcome and dead, the next call has another helper', async () => {
  let pid = 0;
  const running = sh('echo $$ >&2; sleep 60', { idleTimeoutMs: 60_000, onStderr: (chunk) => {
    pid = Number(chunk.trim());
    process.kill(helperPid() ?? 0, 'SIGKILL');
  } });
  const answer = await running;
  assert.ok(answer._tag === 'Left' && answer.left._tag === 'Retryable' && answer.left.code === 'HelperDied' && answer.left.outcomeUnknown);
  if (onPath('setpriv')) {
    for (let tries = 0; tries < 500 && alive(pid); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.not.ok(alive(pid), 'the program died with the helper');
  }
  const after = await sh('echo again');
  assert.is(after._tag === 'Right' && after.right.stdout, 'again\n');
});

test('many programs run at once, and each has its own answer', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => sh(`echo ${at}; exit ${at}`)));
  assert.equal(answers.map((answer) => answer._tag === 'Right' && [answer.right.stdout, answer.right.exitCode]), answers.map((_, at) => [`${at}\n`, at]));
});

test('a helper with nothing to do keeps nobody from ending', () => {
  const script = `import { helperRunner } from '@blockledger/adapters-rbd/process';
    await helperRunner()({ argv: ['true'], idleTimeoutMs: 60000, signal: new AbortController().signal })();
    console.log('done');`;
  const { stdout, status } = spawnSync(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', '--input-type=module', '-e', script], { encoding: 'utf8', timeout: 60_000 });
  assert.equal([stdout, status], ['done\n', 0]);
});

test.run();

/** Whether a process runs; a dead one that nobody has collected does not. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
