/** Which processes have a CHAP secret among their words, as the kernel sees them: `xdcadm` itself, which takes it nowhere else, and no child of ours before it. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { startProgram } from '../support/program.ts';
import { programPath, runsTypeScript } from '../support/programs/start.ts';
import { onPath, requireReal } from '../support/real.ts';
import { runtimeFolder } from '../support/runtimeFolder.ts';
import { call, SERVICE_TOKEN, sleep, taskEnd } from '../support/serviceProcess.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';

requireReal({ what: 'strace', packages: ['strace'], present: () => onPath('strace') });

const test = suite('secrets of accounts, as the kernel sees them');
const { folder, remove } = temporaryFolder();
test.after(remove);

const FORWARD = 'Pl4ntForward1234';
const MUTUAL = 'Pl4ntMutual12345';

const source = (path: string): string => JSON.stringify(join(repositoryRoot, path));
const xdcadm = join(folder, 'xdcadm');
const [trace, store, config, state] = ['trace.txt', 'log.db', 'planted.config.mjs', 'xdcadm.json'].map((name) => join(folder, name)) as [string, string, string, string];

test.before(() => {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'packages/adapters-xdc'], { cwd: repositoryRoot });
  writeFileSync(xdcadm, `#!/bin/sh\nexec ${process.execPath} ${join(repositoryRoot, 'packages/adapters-xdc/dist/simulator/xdcadm/main.js')} "$@"\n`);
  chmodSync(xdcadm, 0o755);
  writeFileSync(
    config,
    `import { rbdBackend } from ${source('packages/adapters-rbd/src/index.ts')};
import { simulateRbd } from ${source('packages/adapters-rbd/src/simulator/index.ts')};
import { localHost, xdcTargets } from ${source('packages/adapters-xdc/src/index.ts')};
import { defineConfig } from ${source('packages/app/src/index.ts')};
const host = localHost({ name: 'gw1', prefix: ['env', ${JSON.stringify(`XDCADM_SIMULATOR_STATE=${state}`)}] });
export default defineConfig({
  store: ${JSON.stringify(store)},
  backends: { ceph: rbdBackend({ run: simulateRbd().run }) },
  targets: { xdc: xdcTargets({ hosts: [host], xdcadm: ${JSON.stringify(xdcadm)}, endsSessions: true }) },
});
`,
  );
});

/** `blockledger serve`, each of whose programs is noted with its words and its environment; with how to end it. */
const serveTraced = async (): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> => {
  const serve = [...runsTypeScript, programPath('packages/app/src/cli/main.ts'), 'serve', '--config', config, '--store', store, '--port', '0'];
  const child = spawn('strace', ['-D', '-f', '-v', '-s', '65536', '-o', trace, '-e', 'trace=execve', process.execPath, ...serve], {
    cwd: repositoryRoot,
    env: { ...process.env, XDG_RUNTIME_DIR: runtimeFolder, BLOCKLEDGER_TOKEN: SERVICE_TOKEN },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /listening on (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => reject(new Error(said)));
  });
  return {
    url,
    // With -D the child is the service, and strace its follower, which writes down the end last.
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      while (!new RegExp(`^${child.pid}\\s+\\+\\+\\+ `, 'm').test(readFileSync(trace, 'utf8'))) await sleep(50);
    },
  };
};

test('a secret is among the words of xdcadm alone: no shell, ssh or program of ours has it, nor any environment, and no command shows it [I-24, S0-86, S0-87, S0-92]', async () => {
  const { url, stop } = await serveTraced();
  try {
    const done = async (path: string, body: object, method = 'POST'): Promise<void> => {
      const { status, location, json } = await call(url, method, path, { body });
      assert.ok(status < 300, JSON.stringify(json));
      if (location !== null) assert.is((await taskEnd(url, location)).status, 'succeeded', JSON.stringify(json));
    };
    await done('/hosts', { host: { name: 'gw1', target_backend: 'xdc', network_addresses: [{ ip: '10.252.1.1', mask: 24, interface: 'eth0' }] } });
    const file = join(folder, 'secret');
    writeFileSync(file, `${MUTUAL}\n`, { mode: 0o600 });
    const env = { BLOCKLEDGER_URL: url, BLOCKLEDGER_TOKEN: SERVICE_TOKEN };
    for (const [words, more] of [
      [['client-group', 'create', 'db', '--client', 'iqn.1994-05.com.redhat:db', '--chap-user', 'prover-of-1', '--chap-secret-file', file, '--plan'], {}],
      [['client-group', 'create', 'db', '--client', 'iqn.1994-05.com.redhat:db', '--chap-user', 'prover-of-1', '--chap-secret-file', file, '--wait', '--json'], {}],
      [['client-group', 'create', 'no', '--client', 'iqn.1994-05.com.redhat:no', '--chap-user', 'short', '--chap-secret-file', file], { fails: true }],
      [['path', 'create', 'gold', '--host', 'gw1', '--chap-user', 'storage-1', '--wait'], { BLOCKLEDGER_CHAP_SECRET: FORWARD }],
      [['path', 'show', 'gold', '--json'], {}],
      [['history', 'path', '1', '--json'], {}],
      [['actions', '--json'], {}],
    ] as const) {
      const { fails = false, ...given } = more as { readonly fails?: true };
      const program = startProgram(['packages/app/src/cli/main.ts', ...words], { env: { ...env, ...given } });
      const code = await program.ended;
      const said = `${program.output()}${program.errors()}`;
      assert.is(code !== 0, fails, `${words.join(' ')}: ${said}`);
      for (const secret of [FORWARD, MUTUAL]) assert.not.ok(said.includes(secret), `${words.join(' ')}: ${said}`);
    }
    await done('/mapping-groups', { mapping_group: { access_path_id: 1, client_group_id: 1 } });
  } finally {
    await stop();
  }
  const kept = readFileSync(state, 'utf8');
  assert.ok(kept.includes(FORWARD) && kept.includes(MUTUAL), 'the gateway has the accounts');
  const started = readFileSync(trace, 'utf8').split('\n').filter((line) => line.includes('execve('));
  assert.ok(started.some((line) => line.includes('"sh", "-c", "IFS= read -r secret')), 'a shell was told to read it');
  for (const secret of [FORWARD, MUTUAL]) {
    const having = started.filter((line) => line.includes(secret));
    assert.ok(having.length > 0, 'xdcadm was not started');
    const others = having.filter((line) => {
      const [, program = '', words = ''] = /execve\("([^"]+)", \[(.*?)\], \[/.exec(line) ?? [];
      const isXdcadm = program === xdcadm || (program === '/bin/sh' && words.startsWith(`"/bin/sh", "${xdcadm}"`)) || words.includes('simulator/xdcadm/main.js');
      return !isXdcadm || line.replace(words, '').includes(secret);
    });
    assert.equal(others, []);
  }
});

test.run();
