/** A configuration with a QSAN array, and what `blockledger doctor` says of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startQsanArray } from '@blockledger/adapters-qsan/simulator';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { requireReal } from '../support/real.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('blockledger doctor with a QSAN array');
const { folder, remove } = temporaryFolder();
const array = await startQsanArray();
test.after(async () => {
  await array.stop();
  remove();
});

const adapter = pathToFileURL(join(repositoryRoot, 'packages/adapters-qsan/src/index.ts')).href;

/** A configuration of one pool on the array; `more` is what the array's options have besides. */
const configure = (name: string, more: string, pool = 'Pool-1'): string => {
  const text = `
    import { passwordFromFile, qsanArray } from '${adapter}';
    const array = qsanArray({ url: '${array.url}', username: 'admin', password: passwordFromFile('${folder}/password'), host: 'array1', ${more} });
    export default {
      store: '${folder}/${name}.db',
      backends: { array1: array.volumes },
      targets: { array1: array.targets },
      hosts: { array1: { targets: 'array1', addresses: [] } },
      pools: { gold: { backend: 'array1', pool: '${pool}' } },
    };`;
  writeFileSync(join(folder, name), text);
  return name;
};

const found = async (config: string): Promise<readonly string[]> => {
  const { stdout, stderr } = await shell(`blockledger doctor --config ${config} --json`, { cwd: folder });
  assert.ok(stdout.startsWith('{'), stderr);
  assert.not.ok(`${stdout}${stderr}`.includes(array.password), 'the password is shown');
  const { findings } = (JSON.parse(stdout) as { readonly doctor: { readonly findings: readonly Readonly<Record<string, string>>[] } }).doctor;
  return findings.filter(({ section = '' }) => section.includes('array1')).map(({ level, check, about }) => `${level} ${check} ${about}`);
};

const ca = `ca: ${JSON.stringify(array.ca)}`;

test('an array that works is well, as a backend of volumes and of targets [S1-15, S1-16, S1-20]', async () => {
  writeFileSync(join(folder, 'password'), `${array.password}\n`);
  const seen = await found(configure('well.mjs', ca));
  const about = new URL(array.url).host;
  for (const finding of [`ok certificate ${about}`, `ok array ${about}`, 'ok pool Pool-1', 'ok portals array1']) assert.ok(seen.includes(finding), `${finding} is not in ${seen.join('; ')}`);
  assert.equal(seen.filter((finding) => !finding.startsWith('ok')), []);
});

test('a certificate that nobody has signed, a wrong password and a pool that is not there are each named [S1-2, S1-15, S0-130]', async () => {
  const about = new URL(array.url).host;
  assert.ok((await found(configure('stranger.mjs', ''))).includes(`problem array ${about}`));
  assert.ok((await found(configure('lost.mjs', ca, 'Pool-9'))).includes('problem pool Pool-9'));
  writeFileSync(join(folder, 'password'), 'wrong horse\n');
  assert.ok((await found(configure('wrong.mjs', ca))).includes(`problem array ${about}`));
});

test.run();
