/** The machine and the program that runs on it. */
import type { Finding } from '@blockledger/domain';
import { fine, problem } from './findings.ts';

/** The oldest Node on which Blockledger runs; `engines` in package.json says the same. */
export const LEAST_NODE = '20.19.0';

const numbersOf = (version: string): readonly number[] => version.replace(/^v/, '').split('.').map(Number);

const isOlder = (version: string, least: string): boolean => {
  const [found, wanted] = [numbersOf(version), numbersOf(least)];
  const at = wanted.findIndex((number, index) => number !== (found[index] ?? 0));
  return at >= 0 && (found[at] ?? 0) < (wanted[at] ?? 0);
};

/** Whether this Node is new enough. */
export const lookAtNode = (version: string): Finding =>
  isOlder(version, LEAST_NODE)
    ? problem('node', 'node', { found: `Node is version ${version}`, meaning: 'Blockledger does not run on it, or not as it should.', remedy: `install Node ${LEAST_NODE} or newer` })
    : fine('node', 'node', `Node is version ${version}`);
