/** Writes the tables of capabilities, in docs/backends.md and in the README of the gateways, from what the backends declare. `node --conditions=@blockledger/source --import tsx test/support/writeBackends.ts` */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { qsanArray } from '@blockledger/adapters-qsan';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { tgtTargets, xdcTargets } from '@blockledger/adapters-xdc';
import { secret, type Capabilities, type TargetBackend, type TargetCapabilities } from '@blockledger/domain';
import { sparseFiles } from '../../examples/sparse-files/backend.ts';

const MEANINGS: Readonly<Record<keyof Capabilities, string>> = {
  shrink: 'a volume can be made smaller',
  flatten: 'the link of a clone to its parent can be cut',
  rollback: 'a volume can go back to a snapshot',
  qos: 'limits of bandwidth and IOPS',
  performancePriority: 'the source’s `performance_priority`',
  clone: 'linked clones of snapshots',
  guardsParents: 'a snapshot with clones cannot be removed there, whoever tries',
  cloneAcrossPools: 'a clone may live in another pool than its parent',
  cloneFromGroupSnapshot: 'a member of a group snapshot can be cloned alone',
  onlineExtend: 'a mapped volume can be extended',
  migrate: 'a volume can be moved to another pool of the backend, with its snapshots',
  liveMigration: 'the same while hosts have it',
  trash: 'deleted volumes can be kept for a while',
  adopt: 'objects made by others can be taken over, and let go',
  list: 'all objects of a pool can be listed: audit, rebuild',
  marks: 'volumes carry whose they are, and pools how far destructive work has come',
  erasurePools: 'erasure-coded pools',
  generations: 'generations of volumes',
  sizeGranularityBytes: 'sizes are multiples of so many bytes',
  maxSnapshots: 'snapshots of one volume',
};

const TARGET_MEANINGS: Readonly<Record<keyof TargetCapabilities, string>> = {
  types: 'types of access paths',
  scope: 'one target on a host stands for',
  opens: 'kinds of volumes that hosts open',
  list: 'all targets of a host can be listed',
  clientCodes: 'what clients are known by',
  forwardChap: 'initiators present an account',
  showsChap: 'the users of those accounts are shown',
  clearsChap: 'the account can be taken away while clients are let in',
  mutualChap: 'a target proves itself, with an account for each',
  portals: 'who chooses the portals',
  qos: 'limits of bandwidth and IOPS',
  onlineExtend: 'a volume grows while initiators are logged in',
  sessions: 'sessions are shown, and can be ended',
  fences: 'who is cut off by force is seen to be out',
  sharedPortals: 'two access paths of a host can share a portal',
  virtualPortals: 'portals of virtual IPs that the host does not hold yet',
  maxLuns: 'volumes of one access path',
};

const shown = (value: boolean | number | string | readonly string[]): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : typeof value === 'object' ? value.join(', ') : String(value);

type Column = Readonly<Record<string, boolean | number | string | readonly string[]>>;

const rowsOf = (meanings: Readonly<Record<string, string>>, columns: readonly Column[]): string =>
  Object.entries(meanings)
    .map(([name, meaning]) => `| \`${name}\` | ${meaning} | ${columns.map((column) => shown(column[name] ?? '')).join(' | ')} |`)
    .join('\n');

const columnOf = (capabilities: Capabilities | TargetCapabilities): Column => ({ ...capabilities });

/** Nothing is sent to it: only what it declares is asked. */
const array = qsanArray({ url: 'https://192.0.2.1', username: 'nobody', password: secret('none') });

/** The rows of the block backends. */
const capabilityRows = (): string => rowsOf(MEANINGS, [rbdBackend(), rbdBackend({ dialect: 'xsky' }), array.volumes, sparseFiles({ root: tmpdir() })].map((backend) => columnOf(backend.capabilities)));

const gateways = [xdcTargets({ hosts: [] }), tgtTargets({ hosts: [] })];

/** The rows of these target backends. */
const targetRows = (backends: readonly TargetBackend[]): string => rowsOf(TARGET_MEANINGS, backends.map((backend) => columnOf(backend.capabilities)));

const pathOf = (page: string): string => fileURLToPath(new URL(`../../${page}`, import.meta.url));

/** The lines above the rows. */
const HEADS = { block: '|---|---|---|---|---|---|\n', target: '|---|---|---|---|---|\n', gateways: '|---|---|---|---|\n' } as const;

const withRows = (page: string, head: string, rows: string): string => {
  const at = page.indexOf(`\n${head}`);
  if (at < 0) throw new Error(`no table with the head ${head}`);
  const from = at + 1 + head.length;
  return `${page.slice(0, from)}${rows}${page.slice(page.indexOf('\n\n', from))}`;
};

/** docs/backends.md with its tables as the code has them. */
export const backendsPage = (): string => withRows(withRows(readFileSync(pathOf('docs/backends.md'), 'utf8'), HEADS.block, capabilityRows()), HEADS.target, targetRows([...gateways, array.targets]));

export const GATEWAYS_README = 'packages/adapters-xdc/README.md';

/** The README of the gateways with its table as the code has it. */
export const gatewaysReadme = (): string => withRows(readFileSync(pathOf(GATEWAYS_README), 'utf8'), HEADS.gateways, targetRows(gateways));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(pathOf('docs/backends.md'), backendsPage());
  writeFileSync(pathOf(GATEWAYS_README), gatewaysReadme());
}
