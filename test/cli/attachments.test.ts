/** Attachments, as people see and change them everywhere. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { looksAsGolden } from '../support/cliGolden.ts';
import { cliPathWorld, type CliPathWorld } from '../support/cliPathWorld.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell, type Ran } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('attachments with blockledger');
const folder = mkdtempSync(join(tmpdir(), 'blockledger-attachments-'));
let world: CliPathWorld;

const run = (line: string): Promise<Ran> => shell(`blockledger ${line}`, { env: world.env, cwd: folder });

const SECRET = 'forward-12345';
const FIRST = 'a0000000-0000-4000-8000-000000000001';
const node = (n: number): string => `iqn.1994-05.com.redhat:node${n}`;

/** What is changed and looked at, by the golden file; later ones rest on earlier ones. The same key makes every look the repeat of one request. */
const LINES: Readonly<Record<string, string>> = {
  'attachment-list-none': 'attachment list data-2',
  'attachment-reserve': `attachment reserve data-2 --uuid ${FIRST} --shared --instance vm-1 --host node1 --key a`,
  'attachment-connect': `attachment connect data-2 vm-1 --path gold --initiator ${node(1)} --host node1 --multipath --wait --key b`,
  'attachment-complete': 'attachment complete data-2 vm-1 --mount-point /dev/vdb --wait --key c',
  'attachment-reserve-refused': 'attachment reserve data-2 --instance vm-9',
  'attachment-reserve-connected': `attachment reserve data-2 --shared --mode ro --instance vm-2 --path gold --initiator ${node(2)} --wait --key d`,
  'attachment-list': 'attachment list data-2',
  'attachment-show': 'attachment show data-2 vm-1',
  'attachment-show-absent': 'attachment show data-2 vm-9',
  'attachment-connection-info': 'attachment connection-info data-2 vm-1',
  'volume-show-attached': 'volume show data-2',
  'volume-delete-attached': 'volume delete data-2 --yes',
  'history-volume-attached': 'history volume data-2 --asked',
  'attachment-begin-detach': 'attachment begin-detach data-2 vm-1 --wait --key e',
  'attachment-disconnect': `attachment disconnect data-2 ${FIRST} --yes --wait --key f`,
  'attachment-disconnect-all': 'attachment disconnect data-2 --all --yes --wait --key g',
  'attachment-release': `attachment release data-2 ${FIRST} --yes --wait --key h`,
};

/** What changes nothing can be looked at from everywhere at once. The others are seen from one place, and one of them from everywhere. */
const isLook = (name: string): boolean => /list|show|info|history|refused|delete/.test(name);

const RULES = [
  [/\b(?=\d*[a-f])[0-9a-f]{16}\b/g, '<serial>'],
  [/volume-[0-9a-f]{32}/g, '<image>'],
  [/(?<="(?:version|wanted_version|confirmed_version)": )\d+/g, '0'],
  [/\b\d+ (?=(?:Attach|Detach)\w+:(?: |$))/g, '<task> '],
] as const;

for (const [name, line] of Object.entries(LINES)) {
  test(`${line} looks the same on every screen, and is one document as JSON [S4-1, S4-8, I-25]`, async () => {
    await looksAsGolden({ name, line: `blockledger ${line}`, place: { env: world.env }, rules: RULES, ...(isLook(name) ? { atOnce: true } : { once: name !== 'attachment-connect' }) });
  });
}

test('the secret of the account is printed where that is said, and written to a file for this user alone; nothing else tells it, JSON neither [I-24, S1-34]', async () => {
  assert.is((await run(`attachment reserve data-3 --shared --instance vm-3`)).code, 1, 'mapped, and not shared');
  const reserved = await run(`attachment reserve data-2 --shared --instance vm-3 --path gold --initiator ${node(3)} --wait --json --chap-secret-file chap.secret`);
  assert.is(reserved.code, 0, reserved.stderr);
  const { connection_info: info } = JSON.parse(reserved.stdout) as { readonly connection_info: Readonly<Record<string, unknown>> };
  assert.equal([info['chap'], info['tname'], info['tsecret'], info['lun_id']], [true, 'forward-user', null, 3]);
  const file = join(folder, 'chap.secret');
  assert.equal([readFileSync(file, 'utf8'), statSync(file).mode & 0o777], [`${SECRET}\n`, 0o600]);
  const quiet = [reserved, await run('attachment connection-info data-2 vm-3'), await run('attachment connection-info data-2 vm-3 --json'), await run('attachment show data-2 vm-3 --json'), await run('history volume data-2 --json')];
  for (const { stdout, stderr } of quiet) assert.not.ok(`${stdout}${stderr}`.includes(SECRET));
  assert.match((await run('attachment connection-info data-2 vm-3 --show-chap-secret')).stdout, new RegExp(`CHAP as forward-user, secret ${SECRET}\n`));
  assert.match((await run('attachment connection-info data-2 vm-3 --show-chap-secret --json')).stdout, new RegExp(`"tsecret": "${SECRET}"`));
});

test('a file that is there already is left as it is, and nothing is asked for [I-24]', async () => {
  writeFileSync(join(folder, 'there'), 'precious', { mode: 0o644 });
  const { code, stderr } = await run('attachment connection-info data-2 vm-3 --chap-secret-file there');
  assert.is(code, 73, stderr);
  const again = await run(`attachment reserve data-2 --shared --instance vm-4 --path gold --initiator ${node(4)} --wait --chap-secret-file there`);
  assert.is(again.code, 73, again.stderr);
  assert.is(readFileSync(join(folder, 'there'), 'utf8'), 'precious');
  assert.equal(world.plane.attachments.list({ instance: 'vm-4' }), []);
});

test('an attachment is named by the beginning of its UUID, its initiator, its instance or its host, and what several are called is refused with all of them [S4-8]', async () => {
  const { id = '' } = world.plane.attachments.list({ instance: 'vm-3' })[0] ?? {};
  for (const name of [id, id.slice(0, 8), node(3), 'vm-3']) assert.ok((await run(`attachment show data-2 ${name}`)).stdout.includes(id), name);
  for (const host of ['one', 'two']) assert.is((await run(`attachment reserve data-2 --shared --instance ${host} --host twins`)).code, 0);
  const several = await run('attachment show data-2 twins');
  assert.is(several.code, 64);
  assert.match(several.stderr, /several attachments of the volume are named twins\n.*reserved {2}one\n.*reserved {2}two\n/);
  for (const instance of ['one', 'two']) assert.is((await run(`attachment release data-2 ${instance} --yes`)).code, 0);
});

test('what is not written as it should be is told with how to write it [S4-3]', async () => {
  for (const [line, told] of [
    ['attachment disconnect data-2', /no attachment was given\n.*name one, or say --all/],
    ['attachment disconnect data-2 vm-3 --all', /--all and an attachment exclude each other/],
    ['attachment disconnect data-2 vm-3 --logged-out', /--logged-out goes with --all/],
    ['attachment disconnect data-2 --all', /taken from every host, and the sessions of all its initiators are ended\. Go on\? Nobody can be asked here/],
    ['attachment reserve data-2 --shared --path gold', /no initiator/],
    [`attachment reserve data-2 --shared --initiator ${node(4)}`, /no access path/],
    ['attachment reserve data-2 --uuid 7', /7 is no UUID/],
    ['attachment connect data-2 vm-3', /required option '--path <path>' not specified/],
  ] as const) {
    const { code, stderr } = await run(line);
    assert.is(code, 64, `${line}: ${stderr}`);
    assert.match(stderr, told, line);
  }
});

test('letting go of what is gone succeeds, by its UUID [I-22]', async () => {
  for (const line of [`attachment release data-2 ${FIRST} --yes --wait`, `attachment begin-detach data-2 ${FIRST}`, `attachment disconnect data-2 ${FIRST} --force --yes --wait`]) {
    const { code, stdout, stderr } = await run(line);
    assert.is(code, 0, `${line}: ${stderr}`);
    assert.match(stdout, /^volume 2 data-2\n✓ done\n$/, line);
  }
});

test('what a connection would do is planned, without a secret, and nothing is done [S0-4, I-24]', async () => {
  assert.is((await run('attachment reserve data-2 --shared --instance vm-5')).code, 0);
  const { code, stdout } = await run(`attachment connect data-2 vm-5 --path gold --initiator ${node(5)} --plan`);
  assert.is(code, 0);
  assert.match(stdout, /AttachmentConnecting {2}volume\n[\s\S]*--iqn iqn\.1994-05\.com\.redhat:node5[\s\S]*Nothing was changed\.\n$/);
  assert.not.ok(stdout.includes(SECRET));
  assert.is(world.plane.attachments.list({ instance: 'vm-5' })[0]?.stage, 'reserved');
});

test('attachments are completed behind their volume', async () => {
  const { id = '' } = world.plane.attachments.list({ instance: 'vm-3' })[0] ?? {};
  assert.is((await run(`complete fish -- attachment release data-2 '${id.slice(0, 6)}'`)).stdout, `${id}\tconnected, vm-3, ${node(3)}\n`);
  assert.is((await run("complete fish -- attachment release nothing ''")).stdout, '');
});

test.before(async () => {
  world = await cliPathWorld();
});
test.after(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});
test.run();
