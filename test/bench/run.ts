/** `npm run bench`: every figure that the documents quote, each as a ratio within this run. `npm run bench -- replay list` runs some. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BENCHES = ['store', 'commands', 'actions', 'replay', 'list', 'longStream', 'observers', 'arrayPath', 'createOnCeph', 'imports'] as const;

const wanted = process.argv.slice(2);
const chosen = BENCHES.filter((name) => wanted.length === 0 || wanted.includes(name));
const unknown = wanted.filter((name) => !BENCHES.some((bench) => bench === name));
if (unknown.length > 0) {
  console.error(`there is no benchmark ${unknown.join(', ')}; there are ${BENCHES.join(', ')}`);
  process.exit(1);
}
// Each in a process of its own: peak memory is a process's figure, and nothing warms up for its neighbour.
for (const name of chosen) {
  console.log(`\n${name}`);
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  execFileSync(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', file], { stdio: 'inherit' });
}
