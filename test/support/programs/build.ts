/**
 * The packages and the programs of tests as few files of JavaScript: programs are started hundreds of times, and compiling them takes five times
 * as long as running them.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, stop, type Plugin } from 'esbuild';
import { repositoryRoot } from '../files.ts';

const HOOKS = 'test/support/programs/hooks.ts';

/** What starts often, or is imported by what does; as paths from the root of the repository. */
const PROGRAMS = [
  'packages/app/src/cli/main.ts',
  'examples/sparse-files/backend.ts',
  'test/support/crash/gatewayService.ts',
  HOOKS,
  'packages/adapters-rbd/src/helper/spawner.ts',
  'packages/adapters-rbd/src/librados/worker.ts',
  'test/support/soak/service.ts',
  'test/support/sqliteChild.ts',
];

/** What a file of ours would find at `import.meta.url`, had it not been moved. */
const ownPlace: Plugin = {
  name: 'own place',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/packages\/.+\.ts$|\/support\/files\.ts$/ }, ({ path }) => ({ loader: 'ts', contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) }));
  },
};

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly '@blockledger/source'?: string }>>;
}

/** What importers write, and the source it stands for: `@blockledger/app/http`, `packages/app/src/http/index.ts`. */
const entryPoints = (): readonly (readonly [string, string])[] =>
  readdirSync(join(repositoryRoot, 'packages')).flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'packages', name, 'package.json'), 'utf8')) as Manifest;
    return Object.entries(manifest.exports).flatMap(([path, target]) => {
      const source = typeof target === 'string' ? undefined : target['@blockledger/source'];
      return source === undefined ? [] : [[manifest.name + path.slice(1), join('packages', name, source)] as const];
    });
  });

/** Where a source was built to, below the folder. */
export const builtPath = (source: string): string => source.replace(/\.ts$/, '.mjs');

/** In the environment of test files: where the runner built the programs. */
export const BUILT_AT = 'BLOCKLEDGER_TEST_PROGRAMS';

/** Coverage is counted in sources: then nothing is built. */
export const isCovered = process.env['NODE_V8_COVERAGE'] !== undefined;

/** For `node --import`, in the folder: what a program imports of this repository, such as in a configuration file, is what was built. */
export const START = 'start.mjs';

/** Builds them into a new folder below `var`, where Node finds the libraries that are left out; gone when the process ends. */
export const buildPrograms = async (): Promise<string> => {
  mkdirSync(join(repositoryRoot, 'var'), { recursive: true });
  const folder = mkdtempSync(join(repositoryRoot, 'var', 'programs-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const packages = entryPoints();
  const sources = [...packages.map(([, source]) => source), ...PROGRAMS];
  await build({
    absWorkingDir: repositoryRoot,
    entryPoints: sources,
    outbase: repositoryRoot,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@blockledger/source'],
    external: ['esbuild', 'fastify', 'koffi', 'libsql', 'libsql/*', 'pino', 'selfsigned'],
    banner: { js: "import { createRequire as requiring } from 'node:module'; const require = requiring(import.meta.url);" },
    plugins: [ownPlace],
    logLevel: 'error',
  });
  await stop();
  const urlOf = (source: string): string => pathToFileURL(join(folder, builtPath(source))).href;
  const built = [...packages.map(([name, source]) => [name, urlOf(source)]), ...sources.map((source) => [pathToFileURL(join(repositoryRoot, source)).href, urlOf(source)])];
  const start = `import { register } from 'node:module';\nregister('./${builtPath(HOOKS)}', import.meta.url, { data: ${JSON.stringify(Object.fromEntries(built))} });\n`;
  writeFileSync(join(folder, START), start);
  return folder;
};
