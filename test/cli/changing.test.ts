/** Commands that change something, as people see them everywhere. The same key makes every look the repeat of one request. */
import * as assert from 'uvu/assert';
import { looksAsGolden } from '../support/cliGolden.ts';
import { cliWorld, type CliWorld } from '../support/cliWorld.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('changing with blockledger');
let world: CliWorld;

/** What is changed, by the golden file; later ones may rest on earlier ones. */
const CHANGES: Readonly<Record<string, string>> = {
  'volume-create': 'volume create web-1 --pool vols --size 1.5TiB --max-iops 5000 --label team=web --wait --key a',
  'volume-create-refused': 'volume create db-1 --pool vols --size 1GiB --wait --key b',
  'volume-create-ambiguous': 'volume create web-2 --pool vols --size 100GB',
  'volume-plan': 'volume create web-3 --pool vols --size 1GiB --plan --key c',
  'volume-clone': 'volume clone db-1@before-upgrade copy-1 --pool vols --wait --key d',
  'volume-update': 'volume update web-1 --name web-main --max-bandwidth 200MiB --wait --key e',
  'volume-resize': 'volume resize old-1 2GiB --wait --key f',
  'volume-flatten': 'volume flatten copy-1 --wait --key g',
  'volume-migrate': 'volume migrate copy-1 --to-pool spare --wait --key mi',
  'volume-rollback': 'volume rollback db-1 db-1@spare --yes --wait --key h',
  'volume-delete': 'volume delete 4 --yes --wait --key i',
  'volume-delete-refused': 'volume delete db-1 --yes --wait --key j',
  'volume-undelete': 'volume undelete trashed-1 --wait --key k',
  'volume-adopt': 'volume adopt legacy-image legacy --pool vols --size 1GiB --wait --key l',
  'volume-disown': 'volume disown legacy --yes --wait --key m',
  'volume-promote': 'volume promote standby-1 --key n',
  'volume-demote': 'volume demote vols/twin --key o',
  'snapshot-create': 'snapshot create db-1 nightly --wait --key p',
  'snapshot-protect': 'snapshot protect 1 --key q',
  'snapshot-delete-refused': 'snapshot delete 1 --yes --key r',
  'snapshot-unprotect': 'snapshot unprotect 1 --key s',
  'snapshot-delete': 'snapshot delete 2 --yes --wait --key t',
  'pool-register': 'pool register fast --backend ceph --pool vols --wait --key u',
  'pool-update': 'pool update vols --ratio 5 --key v',
  'pool-health': 'pool health fast degraded --key ha',
  'pool-pause': 'pool pause fast --reason "new disks" --key w',
  'pool-resume': 'pool resume fast --key x',
  'pool-retire': 'pool retire 4 --yes --wait --key y',
  'backend-pause-plan': 'backend pause ceph --reason upgrade --plan --key pa',
  'token-issue-plan': 'token issue planned --role reader --plan --key pb',
  'backend-pause': 'backend pause ceph --reason upgrade',
  'backend-resume': 'backend resume ceph',
  'task-retry': 'task retry 14 --wait --key z',
  'token-revoke': 'token revoke backup --reason "no longer used" --yes',
};

for (const [name, line] of Object.entries(CHANGES)) {
  test(`${line} looks the same on every screen, and is one document as JSON [I-16]`, async () => {
    // A repeat finds nothing to do any more where a name was changed or what had it is gone; its number stays.
    const place = { env: world.env };
    const rules = [[/\b(?=\d*[a-f])[0-9a-f]{16}\b/g, '<serial>'], [/volume-[0-9a-f]{32}/g, '<image>'], [/snapshot-[0-9a-f]{32}/g, '<snapshot>'], [/"attempts": \d+/g, '"attempts": 0']] as const;
    await looksAsGolden({ name, line: `blockledger ${line}`, place, rules, ...(BY_NAME.has(name) ? { json: false, once: true } : {}) });
  });
}

/** After the first look these are refused: what they name is not there under this name, or was done already. */
const BY_NAME = new Set(['volume-update', 'volume-disown', 'volume-undelete', 'token-revoke']);

test('what cannot be taken back is asked about on a terminal, and refused without one unless --yes is said', async () => {
  const asked = await shell('blockledger snapshot create db-1 doomed --wait; blockledger snapshot delete db-1@doomed --wait', { env: world.env, columns: 80, typed: [[/\[y\/N\] /, 'n\r']] });
  assert.is(asked.code, 1, asked.stdout);
  assert.match(asked.stdout, /not confirmed/);
  assert.match((await shell('blockledger snapshot list --search doomed', { env: world.env })).stdout, /doomed/);
  const piped = await shell('blockledger snapshot delete db-1@doomed', { env: world.env });
  assert.is(piped.code, 64, piped.stderr);
  assert.match(piped.stderr, /--yes/);
  const meant = await shell('blockledger snapshot delete db-1@doomed --wait', { env: world.env, columns: 80, typed: [[/\[y\/N\] /, 'y\r']] });
  assert.is(meant.code, 0, meant.stdout);
  assert.match((await shell('blockledger snapshot list --search doomed', { env: world.env })).stdout, /There are no snapshots/);
});

test('a volume that would lose data by a resize is asked about, a larger one is not', async () => {
  const smaller = await shell('blockledger volume resize web-main 1GiB', { env: world.env, columns: 80, typed: [[/\[y\/N\] /, '\r']] });
  assert.is(smaller.code, 1, smaller.stdout);
  assert.is((await shell('blockledger volume resize web-main 2TiB --wait', { env: world.env })).code, 0);
});

test('an issued token stands alone in one line, which is not broken on a narrow screen [I-24]', async () => {
  const line = 'blockledger token issue nightly --role operator --tenant acme --expires 90d';
  await looksAsGolden({ name: 'token-issue', line, place: { env: world.env }, once: true, rules: [[/blk_[\w-]+/g, '<secret>']] });
  const { stdout } = await shell(line, { env: world.env, columns: 40 });
  assert.match(stdout, /^blk_[\w-]{40,}\n$/);
});

test('an issued token is shown once, alone on stdout, and works [I-24]', async () => {
  const issued = await shell('blockledger token issue ci --role reader --all-tenants', { env: world.env });
  assert.match(issued.stdout, /^blk_\S+\n$/);
  const env = { ...world.env, BLOCKLEDGER_TOKEN: issued.stdout.trim() };
  assert.match((await shell('blockledger token whoami', { env })).stdout, /^token:ci, reader/);
  const refused = await shell('blockledger volume delete db-1 --yes', { env });
  assert.is(refused.code, 77, refused.stderr);
  assert.not.ok((await shell('blockledger token list --json', { env: world.env })).stdout.includes(issued.stdout.trim()));
});

test.before(async () => {
  world = await cliWorld();
});
test.after(() => world.close());
test.run();
