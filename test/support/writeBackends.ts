/** Writes the capabilities table of docs/backends.md from what the backends declare. `node --conditions=@blockledger/source --import tsx test/support/writeBackends.ts` */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { rbdBackend } from '@blockledger/adapters-rbd';
import type { Capabilities } from '@blockledger/domain';
import { sparseFiles } from '../../examples/sparse-files/backend.ts';

const MEANINGS: Readonly<Record<keyof Capabilities, string>> = {
  shrink: 'a volume can be made smaller',
  flatten: 'the link of a clone to its parent can be cut',
  rollback: 'a volume can go back to a snapshot',
  qos: 'limits of bandwidth and IOPS',
  performancePriority: 'the source’s `performance_priority`',
  clone: 'linked clones of snapshots',
  cloneAcrossPools: 'a clone may live in another pool than its parent',
  cloneFromGroupSnapshot: 'a member of a group snapshot can be cloned alone',
  onlineExtend: 'a mapped volume can be extended',
  trash: 'deleted volumes can be kept for a while',
  adopt: 'objects made by others can be taken over, and let go',
  list: 'all objects of a pool can be listed: audit, rebuild',
  erasurePools: 'erasure-coded pools',
  generations: 'generations of volumes',
  sizeGranularityBytes: 'sizes are multiples of so many bytes',
  maxSnapshots: 'snapshots of one volume',
};

const shown = (value: boolean | number | readonly string[]): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : typeof value === 'number' ? String(value) : value.join(', ');

/** The rows of the table. */
export const capabilityRows = (): string => {
  const columns = [rbdBackend().capabilities, rbdBackend({ dialect: 'xsky' }).capabilities, sparseFiles({ root: tmpdir() }).capabilities];
  return Object.entries(MEANINGS)
    .map(([name, meaning]) => `| \`${name}\` | ${meaning} | ${columns.map((column) => shown(column[name as keyof Capabilities])).join(' | ')} |`)
    .join('\n');
};

const PAGE = fileURLToPath(new URL('../../docs/backends.md', import.meta.url));
const HEAD = '|---|---|---|---|---|\n';

/** The page with its table as the code has it. */
export const backendsPage = (): string => {
  const page = readFileSync(PAGE, 'utf8');
  const from = page.indexOf(HEAD) + HEAD.length;
  return `${page.slice(0, from)}${capabilityRows()}${page.slice(page.indexOf('\n\n', from))}`;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, backendsPage());
