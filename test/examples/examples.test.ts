/** Every example runs as its reader would run it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { startProgram } from '../support/program.ts';
import { suite } from '../support/suite.ts';

const test = suite('examples');

test('a volume is created by ten lines that embed the library', async () => {
  const program = startProgram(['examples/embed/main.ts']);
  assert.is(await program.ended, 0, program.errors());
  assert.is(program.output(), 'db-1 is active\n');
});

test('the README shows the embedding example as it is', () => {
  const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
  assert.ok(read('README.md').includes(`\`\`\`ts\n${read('examples/embed/main.ts')}\`\`\``));
});

test('a dry run prints the command lines of rbd and runs none of them', async () => {
  const program = startProgram(['examples/dry-run/main.ts']);
  assert.is(await program.ended, 0, program.errors());
  const output = program.output();
  assert.match(output, /createVolume\n {2}rbd import/);
  assert.match(output, /rbd .*clone/);
  assert.match(output, /updateVolume\n(.*\n)*? {2}rbd .*resize/);
  assert.match(output, /rbd .*snap rollback/);
  assert.match(output, /deleteVolume\n {2}refused: .*snapshots/);
});

test('a service that embeds the library tells its users in its own words why a disk is refused', async () => {
  const program = startProgram(['examples/service/main.ts']);
  const [, url = ''] = await program.says(/listening on (\S+)/);
  const put = async (path: string): Promise<readonly [number, unknown]> => {
    const response = await fetch(`${url}${path}`, { method: 'PUT' });
    return [response.status, await response.json()];
  };
  const [status, made] = await put('/disks?name=web-1&gib=10');
  assert.is(status, 201);
  assert.match((made as { serial: string }).serial, /^[0-9a-f]{16}$/);
  assert.equal(await put('/disks?name=web-1&gib=10'), [409, { error: 'You have a disk of this name already.' }]);
  assert.equal(await put('/disks?name=web-2&gib=600000'), [422, { error: 'A disk has between 1 MiB and 512 TiB.' }]);
  assert.is(await program.stop(), 0, program.errors());
});

test('a receiver of webhooks sees a volume being made, and does not listen to forged messages [I-24]', async () => {
  const program = startProgram(['examples/webhook-receiver/main.ts']);
  assert.is(await program.ended, 0, program.errors());
  const made = ['VolumeRequested', 'VolumeReserved', 'VolumeMade', 'VolumeCreated'].map((type) => `${type} of block_volume\n`).join('');
  assert.is(program.output(), `${made}a forged message is answered with 401\n`);
});

test('a client watches a task until it ends, and events on from where it left off [S0-6, S0-136]', async () => {
  const program = startProgram(['examples/watch/main.ts']);
  assert.is(await program.ended, 0, program.errors());
  assert.match(program.output(), /^task: CreateBlockVolume is \w+\n(.*\n)*task: CreateBlockVolume is succeeded\nafter VolumeMade came VolumeCreated\n$/);
});

test.run();
