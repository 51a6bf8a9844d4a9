import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suggest, type Suggestion } from '../../packages/app/src/cli/completion/suggest.ts';
import { commands, groups } from '../../packages/app/src/cli/commands/index.ts';
import { onPath, requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('blockledger completion');

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
  assert.match(stdout, /^backup\tCopy a store to a new file.*\nverify\tRead a whole store.*\nceph$/m);
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

test.run();
