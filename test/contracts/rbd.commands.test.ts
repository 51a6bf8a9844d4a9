/** The command tables against golden files, and the tables against the specification. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byLibrary } from '../../packages/adapters-rbd/src/librados/words.ts';
import { repositoryRoot } from '../support/files.ts';
import { commandLines, dialects } from '../support/rbdCommands.ts';
import { matchesGolden } from '../support/golden.ts';
import { suite } from '../support/suite.ts';
import { rbdBackend, upstream, xsky, QOS_TABLE, type Dialect } from '@blockledger/adapters-rbd';
import * as assert from 'uvu/assert';

const test = suite('command lines of rbd');
/** A command line for reading: only words with blanks or nothing in them are quoted. */
const line = ({ program, args }: { readonly program: string; readonly args: readonly string[] }): string =>
  [program, ...args].map((word) => (word === '' || word.includes(' ') ? JSON.stringify(word) : word)).join(' ');
const image = { pool: 'p', name: 'i' };

/** What is said on the command line with the transport `librados`, too, by the words of the guide. Whoever adds a command decides where it goes. */
const ON_THE_COMMAND_LINE: Readonly<Record<string, readonly string[]>> = {
  'hidden snapshots': ['hiddenRemove', 'hiddenChildren'],
  'images in the trash by their id': ['trashedInfo', 'trashedMeta', 'trashedSnapshotList'],
  'measuring the space of an image': ['usage'],
  'the object map of adopted clones': ['dropObjectMap'],
  'migrations': ['prepare', 'execute', 'commit', 'abort', 'trashRecord', 'setTrashRecord', 'features', 'setFeatures', 'removeHeader'].map((word) => `migration ${word}`),
  'the mark of a pool': ['markGet', 'markSet'],
};

/** The commands of a dialect, by their names. */
const commandsOf = ({ migration, ...dialect }: Dialect): ReadonlyMap<string, unknown> =>
  new Map([...Object.entries(dialect), ...Object.entries(migration ?? {}).map(([name, command]) => [`migration ${name}`, command] as const)].filter(([, command]) => typeof command === 'function'));

test('what still goes by the command line, where librbd is asked for the rest, is what the guide names', () => {
  const [words, ofLibrary] = [commandsOf(upstream), commandsOf(byLibrary)];
  assert.ok(words.size > Object.values(ON_THE_COMMAND_LINE).flat().length);
  assert.equal([...words].filter(([name, command]) => ofLibrary.get(name) === command).map(([name]) => name).toSorted(), Object.values(ON_THE_COMMAND_LINE).flat().toSorted());
  const guide = readFileSync(join(repositoryRoot, 'docs/guides/ceph.md'), 'utf8').replaceAll('\n', ' ');
  const [, named = ''] = /With `librados`, programs still do what is rare or would be no faster: (.*?), and what `blockledger doctor` asks\./.exec(guide) ?? [];
  assert.equal(named.split(', ').toSorted(), Object.keys(ON_THE_COMMAND_LINE).toSorted());
});

for (const dialect of dialects) {
  test(`the ${dialect.name} dialect says what its golden file holds [S0-22, S0-23, S0-35, S0-45, S0-47, S0-49, S0-50, S0-51, S0-56, S0-57, S0-63]`, () => {
    const lines = Object.entries(commandLines(dialect)).map(([name, commands]) => [name, commands.map(line)]);
    matchesGolden(`rbd-commands.${dialect.name}.json`, Object.fromEntries(lines));
  });
}

test("XSKY's words are the specification's: create, flags, resize in MiB, progress by admin socket [S0-22, S0-23, S0-45, S0-7]", () => {
  const created = xsky.create({ image, sizeBytes: 2 ** 30, generation: 'v3adv', dataPool: undefined, metas: {} });
  assert.equal(created.args, ['create', 'p/i', '--size', '1024', '--image-format', '129']);
  assert.equal(xsky.priority?.(image, true).args, ['flags', 'p/i', '--set', 'perf_vol']);
  assert.equal(xsky.priority?.(image, false).args, ['flags', 'p/i', '--unset', 'perf_vol']);
  assert.equal(xsky.resize({ image, sizeBytes: 2 ** 30, shrink: true }).args, ['resize', '--allow-shrink', '--size', '1024', 'p/i']);
  assert.equal(xsky.progress?.(image).args, ['daemon', '/var/run/ceph/xbd-pc.asok', 'perf', 'dump', 'libxbd-progress-p/i']);
  assert.equal(xsky.snapshotList(image).args.slice(0, 4), ['snap', 'list', '--all', 'p/i']);
});

test('each generation has its own image format with XSKY, and one format with upstream, which knows no other [V-10, S0-10]', () => {
  const formatOf = (generation: 'v2' | 'v3' | 'v3adv'): string | undefined =>
    xsky.create({ image, sizeBytes: 2 ** 30, generation, dataPool: undefined, metas: {} }).args.at(-1);
  assert.equal((['v2', 'v3', 'v3adv'] as const).map(formatOf), ['2', '128', '129']);
  const upstreamLines = (['v2', 'v3', 'v3adv'] as const).map((generation) => line(upstream.create({ image, sizeBytes: 2 ** 30, generation, dataPool: undefined, metas: {} })));
  assert.is(new Set(upstreamLines).size, 1);
});

test('upstream has no performance priority, XSKY has [V-10]', () => {
  assert.is(rbdBackend().capabilities.performancePriority, false);
  assert.is(rbdBackend({ dialect: 'xsky' }).capabilities.performancePriority, true);
});

test('a shrink is said only where it was accepted [V-6]', () => {
  for (const dialect of dialects) {
    assert.not.ok(dialect.resize({ image, sizeBytes: 2 ** 30, shrink: false }).args.includes('--allow-shrink'));
    assert.ok(dialect.resize({ image, sizeBytes: 2 ** 30, shrink: true }).args.includes('--allow-shrink'));
  }
});

test('upstream sizes are exact bytes, never rounded to a unit [I-18]', () => {
  assert.ok(upstream.resize({ image, sizeBytes: 1_000_000_001, shrink: false }).args.includes('1000000001B'));
});

test('the table of limits sends IO operations to IO operations and bytes to bytes [R-24, V-12]', () => {
  assert.equal(Object.fromEntries(QOS_TABLE.map(({ field, option }) => [field, option])), {
    maxBytesPerSecond: 'rbd_qos_bps_limit',
    burstBytesPerSecond: 'rbd_qos_bps_burst',
    maxIops: 'rbd_qos_iops_limit',
    burstIops: 'rbd_qos_iops_burst',
  });
});

test('snapshots are listed with the hidden ones [V-1, V-3]', () => {
  for (const dialect of dialects) assert.ok(dialect.snapshotList(image).args.includes('--all'));
});

test('purge is never said: it ends with 0 and removes what it likes [V-8]', () => {
  for (const dialect of dialects) {
    const all = Object.values(commandLines(dialect)).flat();
    assert.not.ok(all.some(({ args }) => args.includes('purge')));
  }
});

test.run();
