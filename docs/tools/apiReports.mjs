// Writes the API report of every entry point into a folder: node docs/tools/apiReports.mjs FOLDER. It reads what `tsc -b` made.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { entryPoints, root } from './entryPoints.mjs';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('name the folder that the reports go to');
const reportFolder = resolve(folder);
mkdirSync(reportFolder, { recursive: true });

/** API Extractor brings TypeScript 6, which reads the declarations that 7 wrote; it is told what they need and not to look at tsconfig.json. */
const compilerOptions = {
  target: 'ES2023',
  lib: ['ES2023'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  types: ['node'],
  typeRoots: [`${root}node_modules/@types`],
  skipLibCheck: true,
  noEmit: true,
};

const points = entryPoints();

const configs = points.map(({ folder: packageFolder, report, types }) =>
  ExtractorConfig.prepare({
    configObject: {
      projectFolder: `${root}packages/${packageFolder}`,
      mainEntryPointFilePath: root + types,
      compiler: { overrideTsconfig: { compilerOptions, files: [root + types] } },
      apiReport: { enabled: true, reportFolder, reportTempFolder: reportFolder, reportFileName: report },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          // Told in the report: a test looks whether another entry point exports the type.
          'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: `${root}packages/${packageFolder}/package.json`,
  }),
);

// One compilation for all of them: most of the time goes there.
const compilerState = CompilerState.create(configs[0], { additionalEntryPoints: points.map(({ types }) => root + types) });

for (const config of configs) {
  const { succeeded } = Extractor.invoke(config, {
    compilerState,
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) console.error(`${config.reportFilePath}: ${message.text}`);
    },
  });
  if (!succeeded) process.exitCode = 1;
}
