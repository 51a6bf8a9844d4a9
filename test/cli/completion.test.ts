import { createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suggest, type Suggestion } from '../../packages/app/src/cli/completion/suggest.ts';
import { commands, groups } from '../../packages/app/src/cli/commands/index.ts';
import { onPath, requireReal } from '../support/real.ts';
import { cliWorld, type CliWorld } from '../support/cliWorld.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('blockledger completion');
let world: CliWorld;

const offered = (...words: readonly string[]): readonly string[] => {
  const suggested = suggest({ commands, groups }, words);
  return suggested.of === 'words' ? suggested.words.map(({ value }: Suggestion) => value) : [suggested.of === 'files' ? '<files>' : `<${suggested.kind}>`];
};

test('commands, options, words and files are offered where they may stand', () => {
  assert.ok(['init', 'serve', 'doctor', 'store', 'completion'].every((word) => offered('').includes(word)));
  assert.not.ok(offered('').includes('complete'), 'what only scripts call is not offered');
  assert.equal(offered('store', 'v'), ['verify']);
  assert.equal(offered('store', 'backup', ''), ['<files>']);
  assert.equal(offered('store', 'backup', 'x.db', ''), [], 'it takes one file');
  assert.equal(offered('store', 'backup', '--store', ''), ['<files>']);
  assert.equal(offered('store', 'backup', '--store', 'a.db', ''), ['<files>'], 'the value of an option is no argument');
  assert.equal(offered('init', '--backend', 's'), ['simulator']);
  assert.equal(offered('init', '--p'), ['--port', '--pool']);
  assert.equal(offered('init', '--pool', 'a', '--po'), ['--port', '--pool'], 'what may be given again is offered again');
  assert.equal(offered('init', '--port', '1', '--po'), ['--pool']);
  assert.equal(offered('no', 'such', ''), []);
  assert.equal(offered('completion', ''), ['bash', 'zsh', 'fish']);
});

test('names are offered where a thing is named, of the kind that is wanted there', () => {
  assert.equal(offered('volume', 'delete', ''), ['<volumes>']);
  assert.equal(offered('volume', 'create', 'x', '--pool', ''), ['<pools>']);
  assert.equal(offered('volume', 'clone', ''), ['<snapshots>']);
  assert.equal(offered('task', 'watch', '1', ''), ['<tasks>']);
  assert.equal(offered('backend', 'pause', ''), ['<backends>']);
  assert.equal(offered('webhook', 'test', ''), ['<webhooks>']);
  assert.equal(offered('token', 'revoke', ''), ['<tokens>']);
  assert.equal([offered('history', 'volume', ''), offered('history', 'pool', '--asked', ''), offered('at', '2h', 'snapshot', '')], [['<volumes>'], ['<pools>'], ['<snapshots>']]);
  assert.equal(offered('history', 'nothing', ''), []);
});

/** What a shell is told, one line each. */
const told = async (shellName: string, line: string, env: Readonly<Record<string, string>> = world.env): Promise<readonly string[]> => {
  const { code, stdout, stderr } = await shell(`blockledger complete ${shellName} -- ${line}`, { env });
  assert.equal([code, stderr], [0, '']);
  return stdout.split('\n').filter((one) => one !== '');
};

test('names come from the running service, with what tells two of one name apart', async () => {
  assert.equal(await told('bash', "volume delete 'db'"), ['db-1', 'db-1-clone']);
  assert.equal(await told('fish', "volume delete 'db-1-'"), ['db-1-clone\tactive, in pool vols']);
  assert.equal(await told('zsh', "volume delete 'db-1-'"), ['db-1-clone:active, in pool vols']);
  assert.equal(await told('bash', "volume show 'tw'"), []);
  assert.equal((await told('bash', "volume show ''")).filter((name) => name.includes('twin')).toSorted(), ['archive/twin', 'vols/twin']);
  assert.equal(await told('bash', "volume show 'archive/t'"), ['archive/twin']);
  assert.equal(await told('bash', "snapshot delete 'bef'"), ['before-upgrade']);
  assert.equal(await told('bash', "snapshot delete 'db-1@bef'"), ['db-1@before-upgrade']);
  assert.equal(await told('bash', "pool pause 'a'"), ['archive']);
  assert.equal(await told('bash', "backend show ''"), ['ceph']);
  assert.equal(await told('bash', "token revoke 'b'"), ['backup']);
  assert.equal(await told('bash', "task retry ''"), [String(world.failedTask)]);
  assert.equal(await told('bash', "history volume 'old'"), ['old-1']);
});

test('names are asked of the service that the command line names, and a name that no shell could write is left out', async () => {
  assert.equal(await told('bash', `volume delete --url ${world.url} 'old'`, { BLOCKLEDGER_TOKEN: world.env['BLOCKLEDGER_TOKEN'] ?? '' }), ['old-1']);
  for (const name of ['7', '-rf', 'a b', 'x:y']) right(await world.plane.createVolume({ pool: 'spare', name, sizeBytes: 2 ** 30 }, { wait: 'done' }));
  const names = await told('bash', "volume delete ''");
  assert.ok(names.includes('a b') && names.includes('x:y'), names.join());
  assert.not.ok(names.includes('7') || names.includes('-rf'), names.join());
  assert.equal(await told('bash', String.raw`volume delete 'a\ '`), ['a b']);
});

test('without a service, without a token, and with one that never answers nothing is said, and soon', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { readonly port: number };
  const token = { BLOCKLEDGER_TOKEN: 'any' };
  assert.equal(await told('bash', "volume delete ''", {}), []);
  assert.equal(await told('bash', "volume delete ''", { BLOCKLEDGER_URL: world.url }), []);
  assert.equal(await told('bash', "volume delete ''", { ...token, BLOCKLEDGER_URL: world.url }), [], 'a wrong token');
  assert.equal(await told('bash', "volume delete ''", { ...token, BLOCKLEDGER_URL: 'http://127.0.0.1:1' }), []);
  // Ended by the program itself: the shell would wait for a minute.
  assert.equal(await told('bash', "volume delete ''", { ...token, BLOCKLEDGER_URL: `http://127.0.0.1:${port}` }), []);
  silent.close();
});

const volumeNamed = (name: string): string => world.plane.volumes.list({ name }).items[0]?.id ?? '';

test('at most 200 names are offered', async () => {
  for (let made = 0; made < 230; made += 1) right(await world.plane.createSnapshot({ volume: volumeNamed('old-1'), name: `s-${made}` }, made === 229 ? { wait: 'done' } : {}));
  assert.is((await told('bash', "snapshot delete 's-'")).length, 200);
});

test('bash completes a volume by its name, and a snapshot behind its volume', async () => {
  const typed = [
    [/\$ $/, 'PS1="> "; source <(blockledger completion bash)\r'],
    [/> $/, 'blockledger volume show db-1-\t--json | grep db-1-cl; blockledger snapshot show db-1@bef\t--json | grep before-up; echo done\r'],
    [/done\r?\n[\s\S]*> $/, 'exit\r'],
  ] as const;
  const { stdout } = await shell('PS1="$ " bash --norc --noprofile -i', { columns: 200, env: world.env, typed });
  assert.match(stdout, /"name": "db-1-clone"/, stdout);
  assert.match(stdout, /"name": "before-upgrade"/, stdout);
});

test('bash completes a word, and a file where one is asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-completion-'));
  writeFileSync(join(folder, 'old.db'), '');
  const typed = [
    [/\$ $/, 'PS1="> "; source <(blockledger completion bash)\r'],
    [/> $/, 'blockledger store ver\t--store ol\t --json; echo done\r'],
    [/done[\s\S]*> $/, 'exit\r'],
  ] as const;
  const { stdout } = await shell('PS1="$ " bash --norc --noprofile -i', { columns: 100, cwd: folder, typed });
  rmSync(folder, { recursive: true });
  assert.match(stdout, /the store old\.db is damaged/, stdout);
});

test('a name is never run by the shell that completes it', async () => {
  const script = 'source <(blockledger completion bash); blockledger() { printf \'%s\\n\' \'$(touch pwned)\' \'a b\'; }; COMP_WORDS=(blockledger x); COMP_CWORD=1; _blockledger; printf \'%s\\n\' "${COMPREPLY[@]}"; ls';
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-completion-'));
  const { stdout } = await shell(script, { cwd: folder });
  rmSync(folder, { recursive: true });
  assert.is(stdout, '\\$\\(touch\\ pwned\\)\na\\ b\n');
});

const inFish = onPath('fish') ? test : test.skip;
inFish('fish offers commands with what they do', async () => {
  const { stdout } = await shell(`fish --no-config -c 'blockledger completion fish | source; complete -C "blockledger store "; complete -C "blockledger init --backend c"'`);
  assert.match(stdout, /^backup\tCopy a store to a new file.*\ncopy\tCopy a store into another one.*\nverify\tRead a whole store.*\nceph$/m);
});

inFish('fish offers volumes by their names', async () => {
  const { stdout } = await shell(`fish --no-config -c 'blockledger completion fish | source; complete -C "blockledger volume delete old"'`, { env: world.env });
  assert.is(stdout, 'old-1\tactive, in pool vols\n');
});

const inZsh = onPath('zsh') ? test : test.skip;
inZsh('zsh completes a word', async () => {
  const typed = [
    [/zsh\$ /, 'autoload -U compinit; compinit -u -D; source <(blockledger completion zsh); PS1="> "\r'],
    [/\[J> /, 'blockledger store ver\t'],
    [/verify/, ' --store absent.db; exit\r'],
  ] as const;
  const { stdout } = await shell(`PS1='zsh$ ' zsh -f -i`, { columns: 100, typed });
  assert.match(stdout, /absent\.db is not there/, stdout);
});

inZsh('zsh completes a volume by its name', async () => {
  const typed = [
    [/zsh\$ /, 'autoload -U compinit; compinit -u -D; source <(blockledger completion zsh); PS1="> "\r'],
    [/\[J> /, 'blockledger volume show db-1-\t'],
    [/db-1-clone/, ' --json | grep -c name; exit\r'],
  ] as const;
  const { stdout, code } = await shell(`PS1='zsh$ ' zsh -f -i`, { columns: 100, env: world.env, typed });
  assert.is(code, 0, stdout);
});

test.before(async () => {
  world = await cliWorld();
});
test.after(() => world.close());
test.run();
