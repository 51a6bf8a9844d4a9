// Checks packed packages as their users' tools will read them: node docs/tools/checkTarballs.mjs TARBALL … prints what is wrong, as JSON by tarball.
import { readFile } from 'node:fs/promises';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** Resolutions that packages made of ES modules only do not serve: TypeScript's `node10`, and CommonJS without `require` of ES modules. */
const notServed = new Set(['node10', 'node16-cjs']);

/** publint, strict: suggestions count, too. */
const published = async (data) => {
  const { messages, pkg } = await publint({ pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) }, strict: true, level: 'suggestion' });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
};

/** Are the types wrong? Asked of every entry point, for those who import. */
const typed = async (data) => {
  const result = await checkPackage(createPackageFromTarballData(data));
  if (result.types === false) return ['attw: no types'];
  return result.problems.filter((problem) => !notServed.has(problem.resolutionKind)).map((problem) => `attw: ${JSON.stringify(problem)}`);
};

const report = {};
for (const path of process.argv.slice(2)) {
  const data = await readFile(path);
  report[path] = [...(await published(data)), ...(await typed(data))];
}
console.log(JSON.stringify(report));
