/** The packages as `npm publish` would send them: packed once, looked into, installed elsewhere. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './apiReports.ts';
import { repositoryRoot } from './files.ts';

/** What this test needs of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly license: string;
  readonly type: string;
  readonly private?: boolean;
  readonly sideEffects: unknown;
  readonly engines: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly publishConfig: Readonly<Record<string, string>>;
  readonly scripts?: object;
}

/** A package of this repository. */
export interface Package {
  /** `packages/domain`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** What importers write: `@blockledger/app`, `@blockledger/app/http`. */
  readonly entryPoints: readonly string[];
}

export const packages: readonly Package[] = readdirSync(join(repositoryRoot, 'packages')).map((name) => {
  const folder = `packages/${name}`;
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')) as Manifest;
  const entryPoints = Object.entries(manifest.exports).flatMap(([subpath, target]) => (typeof target === 'string' ? [] : [manifest.name + subpath.slice(1)]));
  return { folder, manifest, entryPoints };
});

/** A tarball with the paths in it. */
export interface Tarball {
  readonly path: string;
  readonly files: readonly string[];
}

/** Packs some packages into a new folder, by name. Nothing is built: see `packAll`. */
export const pack = (folders: readonly string[], into: string): Readonly<Record<string, Tarball>> => {
  const answer = execFileSync('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', into, ...folders], { cwd: repositoryRoot, encoding: 'utf8' });
  const packed = JSON.parse(answer) as readonly { readonly name: string; readonly filename: string; readonly files: readonly { readonly path: string }[] }[];
  return Object.fromEntries(packed.map(({ name, filename, files }) => [name, { path: join(into, filename), files: files.map(({ path }) => path).toSorted() }]));
};

/** A folder outside the repository, gone when the process ends. */
export const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-packed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Builds and packs every package. */
export const packAll = (): Readonly<Record<string, Tarball>> => {
  build();
  return pack(
    packages.map(({ folder }) => `./${folder}`),
    scratch(),
  );
};
