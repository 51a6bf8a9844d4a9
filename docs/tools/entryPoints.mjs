// The public entry points of the packages, as their package.json files say. A package that exports nothing yet has none.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** With a slash at the end. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** `./eventStores/memory` of `@blockledger/app` becomes `app-memory`: the name of its report. */
const reportName = (folder, subpath) => folder + (subpath === '.' ? '' : subpath.slice(1).replaceAll('/', '-'));

/** Every entry point with its name for importers, its source and its declarations. */
export const entryPoints = () =>
  readdirSync(`${root}packages`).flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(`${root}packages/${folder}/package.json`, 'utf8'));
    return Object.entries(exports)
      .filter(([, target]) => typeof target === 'object')
      .map(([subpath, target]) => ({
        folder,
        report: reportName(folder, subpath),
        name: name + subpath.slice(1),
        packageName: name,
        source: `packages/${folder}/${target['@blockledger/source'].slice(2)}`,
        types: `packages/${folder}/${target.types.slice(2)}`,
      }))
      .filter(({ source }) => !/^export \{\};$/m.test(readFileSync(root + source, 'utf8')));
  });
