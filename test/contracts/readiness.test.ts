/** The checks by which a gateway sees for itself that it serves something: what they make of what `tgtadm`, `ss` and `xdcadm` say there. */
import { localHost, tgtReadiness, xdcReadiness } from '@blockledger/adapters-xdc';
import type { ReadyCheck } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { printShow, type ClearAccount, type ShownAt } from '../../packages/adapters-xdc/src/xdc/show.ts';
import { suite } from '../support/suite.ts';

const test = suite('what a gateway sees of its own targets');

const IQN = 'iqn.2019-01.com.xsky:testcluster.iscsi.7.14e203c25aeaaab5';
const OTHER = 'iqn.2019-01.com.xsky:testcluster.iscsi.7.14e203c25aeaaab6';
const CHECK: ReadyCheck = { iqn: IQN, portal: { ip: '10.77.0.101', port: 3260 }, luns: [0, 2] };
const folder = mkdtempSync(join(tmpdir(), 'blockledger-ready-'));
test.after(() => rmSync(folder, { recursive: true }));

const program = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}`);
  chmodSync(path, 0o755);
  return path;
};
const host = localHost({ name: 'gw1', prefix: ['env', `PATH=${folder}:${process.env['PATH']}`] });
const says = async (argv: readonly string[]): Promise<boolean> => {
  const answer = await host.run({ argv, idleTimeoutMs: 10_000, signal: new AbortController().signal })();
  assert.ok(E.isRight(answer) && answer.right.stdout === '', JSON.stringify(answer));
  return answer.right.exitCode === 0;
};

const lunText = (lun: number, online: boolean): string => [`        LUN: ${lun}`, '            Type: disk', '            SCSI ID: 1c5a53c025ad131a', `            Online: ${online ? 'Yes' : 'No'}`, '            LUN information:'].join('\n');
const targetText = (iqn: string, luns: readonly [number, boolean][], state = 'ready'): string =>
  [`Target 5: ${iqn}`, '    System information:', '        Driver: iscsi', `        State: ${state}`, '    I_T nexus information:', '    LUN information:', ...luns.map(([lun, online]) => lunText(lun, online)), '    Account information:', '    ACL information:', '        ALL', ''].join('\n');
const ALL: readonly [number, boolean][] = [[0, true], [1, true], [2, false], [3, true]];

const tgt = async (shown: string, { listens = '10.77.0.101:3260', pid = 4711, check = CHECK } = {}): Promise<boolean> => {
  const runDir = join(folder, 'run');
  mkdirSync(join(runDir, 'gw1'), { recursive: true });
  // The daemon itself does not end the line.
  writeFileSync(join(runDir, 'gw1/tgtd.9006.pid'), '4710');
  writeFileSync(join(runDir, 'gw1/tgtd.9007.pid'), '4711');
  writeFileSync(join(folder, 'shown'), shown);
  program('ss', `echo 'LISTEN 0 4096 ${listens} 0.0.0.0:* users:(("tgtd",pid=${pid},fd=12))'\n`);
  const admin = program('tgtadm', `[ "$2" = 9007 ] && [ "$TGT_IPC_SOCKET" = ${runDir}/gw1/ipc ] || { echo 'asked the wrong one' >&2; exit 22; }\ncat ${folder}/shown\n`);
  return says(tgtReadiness({ runDir, admin }).check(check, 'gw1'));
};

test('a gateway with tgt serves what its daemon on just that portal shows as ready and online [S0-91, I-20]', async () => {
  assert.ok(await tgt(targetText(OTHER, []) + targetText(IQN, ALL)));
  assert.ok(await tgt(targetText(IQN, ALL) + targetText(OTHER, [[2, true]]), { check: { ...CHECK, luns: [] } }));
});

test('a gateway with tgt does not serve what is missing, offline, another target’s, or behind a portal of somebody else [I-20]', async () => {
  const wrong: Readonly<Record<string, boolean>> = {
    'nothing is shown': await tgt(''),
    'another target has the LUNs': await tgt(targetText(IQN, []) + targetText(OTHER, ALL)),
    'a LUN is missing': await tgt(targetText(IQN, [[0, true], [1, true]])),
    'a LUN is not online': await tgt(targetText(IQN, [[1, true], [3, false]])),
    'another target has the LUN online': await tgt(targetText(IQN, [[1, true]]) + targetText(OTHER, [[3, true]])),
    'the target is offline': await tgt(targetText(IQN, ALL, 'offline')),
    'the name only begins alike': await tgt(targetText(`${IQN}0`, ALL)),
    'it listens on another address': await tgt(targetText(IQN, ALL), { listens: '10.77.0.1:3260' }),
    'a daemon that is not ours listens': await tgt(targetText(IQN, ALL), { pid: 47_110 }),
  };
  assert.equal(Object.entries(wrong).filter(([, served]) => served).map(([what]) => what), []);
});

test('a daemon of tgt that starts anew is known by its pid file, whichever access path it has [I-20]', () => {
  assert.equal(tgtReadiness().daemonPidFiles('gw1'), ['/run/blockledger/tgt/gw1/tgtd.*.pid']);
});

const at = (more: Partial<ShownAt<ClearAccount>> = {}): ShownAt<ClearAccount> => ({
  atid: 7,
  board: 0,
  hostname: 'gw1',
  type: 'iscsi',
  chap: { user: 'storage', password: 'state: Enable' },
  targets: [{ iqn: IQN, state: 'Enable', portals: [{ ip: '10.77.0.1', port: 3260, flag: 0, mode: 0 }, { ip: '10.77.0.101', port: 3260, flag: 0, mode: 0 }] }],
  luns: [0, 2].map((lun) => ({ lun, name: `volume-${lun}`, serial: `1c5a53c025ad131${lun}`, sizeBytes: 1_048_576, config: `ceph/vols/volume-${lun}` })),
  clients: [],
  ...more,
});
const xdc = async (...ats: readonly ShownAt<ClearAccount>[]): Promise<boolean> => {
  writeFileSync(join(folder, 'shown'), printShow(ats));
  const xdcadm = program('xdcadm', `[ "$*" = '-L at -m at -o show' ] || exit 1\ncat ${folder}/shown\n`);
  return says(xdcReadiness({ xdcadm }).check(CHECK, 'gw1'));
};
const other = at({ atid: 8, targets: [{ iqn: OTHER, state: 'Enable', portals: [{ ip: '10.77.0.101', port: 3260, flag: 0, mode: 0 }] }] });

test('a gateway with XDC serves what xdcadm shows as enabled, on that portal and with those LUNs [S0-91, S0-95, I-20]', async () => {
  assert.ok(await xdc(at()));
  assert.ok(await xdc(other, at(), other));
});

test('a gateway with XDC does not serve what is missing, not enabled or another access target’s [S0-91, I-20]', async () => {
  const [target] = at().targets;
  assert.ok(target);
  const { luns } = at();
  const wrong: Readonly<Record<string, boolean>> = {
    'nothing is shown': await xdc(),
    'another access target has it all': await xdc(other),
    'it is not enabled': await xdc(at({ targets: [{ ...target, state: 'Disable' }] })),
    'the portal is missing': await xdc(at({ targets: [{ ...target, portals: target.portals.slice(0, 1) }] }), other),
    'the portal has another number': await xdc(at({ targets: [{ ...target, portals: [{ ip: '10.77.0.101', port: 3261, flag: 0, mode: 0 }] }] })),
    'a LUN is missing': await xdc(at({ luns: luns.slice(0, 1) }), other),
    'a LUN is another one’s': await xdc(at({ luns: [] }), other),
  };
  assert.equal(Object.entries(wrong).filter(([, served]) => served).map(([what]) => what), []);
});

test('a gateway whose xdcadm fails or is missing serves nothing [I-20]', async () => {
  program('xdcadm', 'exit 1\n');
  assert.not(await says(xdcReadiness({ xdcadm: join(folder, 'xdcadm') }).check({ ...CHECK, luns: [] }, 'gw1')));
  assert.not(await says(xdcReadiness({ xdcadm: join(folder, 'no-xdcadm') }).check({ ...CHECK, luns: [] }, 'gw1')));
});

test.run();
