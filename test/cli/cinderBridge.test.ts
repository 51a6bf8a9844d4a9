/** `blockledger cinder-bridge`: what it needs, what it says, and that it can be killed at any moment. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { python, startPythonService } from '../support/cinder/pythonService.ts';
import { cinderFixture, cinderVolume } from '../support/cinder/world.ts';
import { TOKEN } from '../support/httpFixture.ts';
import { startProgram, type Program } from '../support/program.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(python);
const test = suite('blockledger cinder-bridge');
const fixture = await cinderFixture({ latencyMs: 300 });
const folder = mkdtempSync(join(tmpdir(), 'blockledger-bridge-'));
const at = (name: string): string => join(folder, name);
const socket = at('cinder.sock');
const tokenFile = at('token');

const started = (...flags: readonly string[]): Program =>
  startProgram(['packages/app/src/cli/main.ts', 'cinder-bridge', '--pool', 'vols', '--access-path', 'front', ...flags], { env: { BLOCKLEDGER_URL: fixture.url, BLOCKLEDGER_TOKEN: TOKEN } });
const bridge = async (): Promise<Program> => {
  const program = started('--socket', socket, '--bridge-token-file', tokenFile);
  await program.says(/listening on unix:\S+cinder\.sock for pool vols by access path front/, 60_000);
  return program;
};

test('it says what is missing: where to listen, or a token that is one [S0-1]', async () => {
  const nowhere = started('--bridge-token-file', tokenFile);
  assert.is(await nowhere.ended, 64);
  assert.match(nowhere.errors(), /--socket or --port/);
  const both = started('--bridge-token-file', tokenFile, '--socket', socket, '--port', '0');
  assert.is(await both.ended, 64);
  writeFileSync(at('short'), 'short');
  const short = started('--bridge-token-file', at('short'), '--port', '0');
  assert.is(await short.ended, 78);
  assert.match(short.errors(), /at least 16 characters/);
  assert.not.match(short.errors(), /: short/);
});

test('a pool that is misspelt is told at the start, and not only to Cinder; the bridge waits for it [S1-28]', async () => {
  const program = started('--port', '0', '--bridge-token-file', tokenFile, '--pool', 'volz');
  await program.says(/listening on http:\S+ for pool volz/, 60_000);
  while (!program.errors().includes('\n')) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.match(program.errors(), /not ready, and every call fails until it is: there is no pool "volz" in service; register it first/);
  assert.is(await program.stop(), 0);
});

test('a bridge that is killed in the middle of a call is asked again when it is back, and the volume is made once [S1-30, I-16]', async () => {
  const first = await bridge();
  assert.is(statSync(tokenFile).mode & 0o777, 0o600);
  const service = startPythonService({ blockledger_bridge: `unix:${socket}`, blockledger_bridge_token_file: tokenFile, blockledger_bridge_timeout: 60, blockledger_bridge_patience: 60 });
  const answer = service.call('create_volume', { volume: 1, size: 1 });
  const { name } = cinderVolume(1);
  while (fixture.plane.volumes.list({ name }).totalCount === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.is(await first.stop('SIGKILL'), 'SIGKILL');
  assert.ok(existsSync(socket), 'what it leaves is a file that nobody answers at');
  const second = await bridge();
  assert.equal(await answer, { returned: null });
  assert.equal(fixture.plane.volumes.list({ name }).items.map(({ status }) => status), ['active']);
  assert.is((await service.call('extend_volume', { volume: 99, new_size: 5 })).raised, 'VolumeNotFound');
  assert.equal(await service.call('delete_volume', { volume: 1 }), { returned: null });
  assert.is(await service.stop(), 0);
  assert.is(await second.stop(), 0);
  assert.match(second.errors(), /extend_volume 422 after \d+ ms: VolumeNotFound VolumeNotFound/);
  assert.not.ok(existsSync(socket));
  assert.not.match(`${second.output()}${second.errors()}`, new RegExp(readFileSync(tokenFile, 'utf8').trim()));
});

test.after(async () => {
  await fixture.close();
  rmSync(folder, { recursive: true, force: true });
});
test.run();
