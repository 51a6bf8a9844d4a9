/** The command table of xdcadm against its golden file and the specification, and the order in which it is spoken. */
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateXdc } from '@blockledger/adapters-xdc/simulator';
import type { TargetAction } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import * as table from '../../packages/adapters-xdc/src/xdc/commands.ts';
import { matchesGolden } from '../support/golden.ts';
import { suite } from '../support/suite.ts';
import { account, client, context, ensuring, lun, nameOf, noQos, SECRETS, someQos, sourceOf, target, volumeOf } from '../support/xdc.ts';

const test = suite('command lines of xdcadm');

const IQN = 'iqn.2019-01.com.xsky:testcluster.iscsi.1.14e203c25aeaaab5';
const portal = { ip: '10.255.101.74', port: 3260 };
const made = { name: 'vol3', serial: '1c5a53c025ad131a', sizeBytes: 10_737_418_240, config: 'ceph/pool-1/vol3' };
const masked = { serial: '1c5a53c025ad131a', lun: 0 };

/** Every row of the table. */
const ROWS: { readonly [K in Exclude<keyof typeof table, 'portalText' | 'LIMIT_TABLE'>]: readonly table.Command[] } = {
  showAts: [table.showAts],
  showLuns: [table.showLuns],
  save: [table.save],
  createAt: [table.createAt(1, 'ceph-2', 0)],
  deleteAt: [table.deleteAt(1)],
  createTarget: (['iscsi', 'local', 'fc'] as const).map((type) => table.createTarget(1, IQN, type)),
  deleteTarget: [table.deleteTarget(1, IQN)],
  addPortal: [table.addPortal(1, IQN, portal)],
  removePortal: [table.removePortal(1, IQN, portal)],
  createLun: [table.createLun(made)],
  deleteLun: [table.deleteLun('vol3')],
  addLun: [table.addLun(1, 'vol3', 0)],
  removeLun: [table.removeLun(1, 'vol3', 0)],
  resizeLun: [table.resizeLun('vol3', 10_737_418_240)],
  limitLun: [...table.limitLun('vol3', someQos), ...table.limitLun('vol3', noQos)],
  setChap: [table.setChap(1, '1qaz2wsx3edc')],
  clearChap: [table.clearChap(1, '1qaz2wsx3edc')],
  createClient: [table.createClient(1, '10.255.101.73')],
  deleteClient: [table.deleteClient(1, '10.255.101.73')],
  setMutual: [table.setMutual(1, '10.255.101.73', '3edc2wsx1qaz')],
  clearMutual: [table.clearMutual(1, '10.255.101.73', '3edc2wsx1qaz')],
  addMapping: [table.addMapping(1, '10.255.101.73', masked)],
  removeMapping: [table.removeMapping(1, '10.255.101.73', masked)],
};

const words = ({ args }: table.Command): string => args.join(' ');

test('every command line is what the golden file holds [X-1, X-2, X-3, R-7]', () => {
  matchesGolden('xdcadm-commands.json', Object.fromEntries(Object.entries(ROWS).map(([name, commands]) => [name, commands.map(words)])));
});

test('the words of the specification are said: portals, limits, sizes in bytes with update [S0-44, S0-46, S0-72, S0-73, R-7, X-4]', () => {
  const longAs = (line: string): string => line.replace('-m ', '--mode ').replace('-o ', '--op ');
  assert.is(longAs(words(table.removePortal(1, IQN, portal))), `-L at --mode target --op remove --atid 1 --iqn ${IQN} --port 10.255.101.74:3260`);
  assert.is(longAs(words(table.addPortal(1, IQN, portal))), `-L at --mode target --op add --atid 1 --iqn ${IQN} --port 10.255.101.74:3260`);
  assert.equal(table.limitLun('vol3', someQos).map(words), [
    '-L at -m lun -o update --lunname vol3 --name bps_total --value 1048576000,2097152000',
    '-L at -m lun -o update --lunname vol3 --name ops_total --value 100000,200000',
  ]);
  assert.is(words(table.resizeLun('vol3', 10_737_418_240)), '-L at -m lun -o update --lunname vol3 --lunsize 10737418240');
  assert.is(words(table.showAts), '-L at -m at -o show');
});

const gateways = () => {
  const simulator = simulateXdc();
  const backend = xdcTargets({ hosts: simulator.hosts });
  /** What an action says, without looks; secrets are shown by where they would stand. */
  const said = async (action: TargetAction): Promise<readonly string[]> => {
    const before = simulator.calls.length;
    const answer = await backend.perform(action, context)();
    assert.ok(E.isRight(answer), JSON.stringify(answer));
    const lines = simulator.calls.slice(before).map(({ argv }) => (argv[0] === 'sh' ? [...argv.slice(5), '-p', '*'] : argv.slice(1)).join(' '));
    return lines.filter((line) => !line.includes('-o show')).map((line) => line.replace('-L at -m ', '').replace(' -o ', ' '));
  };
  return { simulator, backend, said };
};

/** One of each: in the order of the specification. */
const one = ensuring({ luns: [lun(0)], clients: [client('10.255.101.73', [0], account('prover'))] });

test('a target is made in the order of XDC, its account before its clients, and taken away in the exact reverse [X-2, X-3, X-9, R-19, S0-86, S0-87, S0-98]', async () => {
  const { said, simulator } = gateways();
  const there = await said(one);
  assert.equal(
    there.map((line) => line.split(' --')[0]),
    ['at create', 'target create', 'at add', 'target add', 'lun create', 'lun add', 'client create', 'client add', 'client add', 'sys save'],
  );
  assert.match(there[2] ?? '', /-I -u storage -p \*$/);
  assert.match(there[7] ?? '', /-O -u prover -p \*$/);
  const away = await said({ do: 'ensureTargetGone', target: target(), force: false });
  const opposite: Readonly<Record<string, string>> = { create: 'delete', add: 'remove' };
  const reverse = there.slice(0, -1).toReversed().map((line) => line.split(' --')[0]?.replace(/create|add/, (word) => opposite[word] ?? ''));
  // The account goes when nobody can come in any more: after the portals.
  assert.equal(away.map((line) => line.split(' --')[0]), [...reverse, 'sys save']);
  assert.is(simulator.shows('gw1'), 'Access Target information:\n');
  assert.equal(simulator.luns('gw1'), []);
});

test('a plan says what is then done, in that order, secrets masked [X-2, I-24]', async () => {
  const { said, backend } = gateways();
  const planned = backend.plan(one).map(({ argv = [] }) => argv.slice(1).join(' ')).filter((line) => !line.includes('-o show'));
  const name = nameOf(volumeOf(0));
  const really = (await said(one)).map((line) => line.replace('-p *', '-p ********'));
  assert.equal(planned.map((line) => line.replace('-L at -m ', '').replace(' -o ', ' ').replaceAll(`<image of ${volumeOf(0).volumeId}>`, name)), really);
});

test('secrets go to a host by stdin, and stand in no command line of ours [S0-92, I-24]', async () => {
  const { said, simulator } = gateways();
  await said(ensuring());
  for (const secret of Object.values(SECRETS)) assert.not.ok(JSON.stringify(simulator.calls).includes(secret));
  for (const secret of [SECRETS.storage, SECRETS.prover]) assert.ok(simulator.shows('gw1').includes(`password: ${secret}`));
});

test('a LUN is an image of RBD, named and placed as XDC wants it [S0-91, X-2]', async () => {
  const { said } = gateways();
  const lines = await said(one);
  const name = nameOf(volumeOf(0));
  assert.ok(lines.includes(`lun create --lunname ${name} --lunsn ${volumeOf(0).serial} --lunsize 10737418240 --luncfg ceph/vols/${name}`));
  assert.ok(lines.includes(`lun add --atid 1 --lunname ${name} --lunid 0`));
  assert.equal(sourceOf(volumeOf(0)), { kind: 'rbd', pool: 'vols', image: name });
});

test.run();
