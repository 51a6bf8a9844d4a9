/** Compiles programs that a test wrote into a folder of node_modules, as their readers would, against what `npm run build` made. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './apiReports.ts';
import { repositoryRoot } from './files.ts';

const compilerOptions = {
  noEmit: true,
  types: ['node'],
  skipLibCheck: true,
  declaration: false,
  declarationMap: false,
  rewriteRelativeImportExtensions: false,
  verbatimModuleSyntax: false,
  isolatedModules: false,
  // An example may show a thing without using it.
  noUnusedLocals: false,
  noImplicitReturns: false,
};

/** What the compiler says of the `.mts` files in a folder; empty when all is well. */
export const compilePrograms = (folder: string): string => {
  build();
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(repositoryRoot, 'tsconfig.json'), compilerOptions, include: ['./*.mts'], files: [], references: [] }));
  const { stdout, stderr } = spawnSync(process.execPath, [join(repositoryRoot, 'node_modules/typescript/bin/tsc'), '-p', folder], { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
};
