import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { programPath, runsTypeScript } from '../support/programs/start.ts';
import { onPath, requireReal } from '../support/real.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';

requireReal({ what: 'strace', packages: ['strace'], present: () => onPath('strace') });

const test = suite('flushes of the SQLite store, as the kernel sees them');
const appends = 25;

/** The system calls that matter, in the order in which they ended: `flush`, `wal` (a write to the WAL) or `ack`. */
const callsIn = (trace: string): readonly string[] => {
  const names = new Map<string, string>();
  return trace.split('\n').flatMap((line) => {
    const opened = /openat\(.*"([^"]+)".*\) = (\d+)/.exec(line);
    if (opened !== null) names.set(opened[2] ?? '', opened[1] ?? '');
    const [, call = '', descriptor = ''] = /\b(pwrite64|write|fdatasync|fsync)\((\d+)/.exec(line) ?? [];
    const isWal = names.get(descriptor)?.endsWith('.db-wal') === true;
    if (call.startsWith('f') && isWal && line.endsWith(' = 0')) return ['flush'];
    if (call === 'pwrite64' && isWal) return ['wal'];
    return call === 'write' && descriptor === '1' && line.includes('"ack\\n"') ? ['ack'] : [];
  });
};

test(`each of ${appends} acknowledged appends was flushed to disk before its acknowledgement [I-17]`, () => {
  const { folder, remove } = temporaryFolder();
  const trace = join(folder, 'trace.txt');
  const run = spawnSync(
    'strace',
    ['-f', '-o', trace, '-e', 'trace=openat,write,pwrite64,fdatasync,fsync', process.execPath,
      ...runsTypeScript, programPath('test/support/sqliteChild.ts'),
      'once', join(folder, 'log.db'), String(appends)],
    { cwd: repositoryRoot, encoding: 'utf8' },
  );
  assert.is(run.status, 0, run.stderr);
  const calls = callsIn(readFileSync(trace, 'utf8'));
  const acks = calls.flatMap((call, at) => (call === 'ack' ? [at] : []));
  assert.is(acks.length, appends);
  for (const [n, at] of acks.entries()) {
    const before = calls.slice(n === 0 ? 0 : (acks[n - 1] ?? 0) + 1, at);
    assert.ok(before.includes('wal'), `acknowledgement ${n} follows a write to the WAL`);
    assert.is(before.at(-1), 'flush', `acknowledgement ${n} follows the flush of what was written: ${before.join(' ')}`);
  }
  remove();
});

test.run();
