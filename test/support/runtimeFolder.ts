/** A runtime folder of the test's own, so that services of other tests are not found. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const runtimeFolder = mkdtempSync(join(tmpdir(), 'blockledger-runtime-'));
process.once('exit', () => rmSync(runtimeFolder, { recursive: true, force: true }));
