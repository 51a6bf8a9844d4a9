/** What `xdcadm` shows, read and printed: the sample of the specification, generated configurations, damaged texts. */
import fc from 'fast-check';
import { localHost, xdcTargets } from '@blockledger/adapters-xdc';
import * as E from 'fp-ts/lib/Either.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseLuns } from '../../packages/adapters-xdc/src/xdc/look.ts';
import { parseShow, troubleText, type SealedAccount } from '../../packages/adapters-xdc/src/xdc/parse.ts';
import type { ShowReason } from '../../packages/adapters-xdc/src/xdc/reader.ts';
import { printShow, type ClearAccount, type ShownAt } from '../../packages/adapters-xdc/src/xdc/show.ts';
import { suite } from '../support/suite.ts';
import { context } from '../support/xdc.ts';
import { DAMAGES, damaged, shownHost } from '../support/xdcShow.ts';

const test = suite('what xdcadm shows');

const SAMPLE = `Access Target information:
    AT 1:
        atid: 1
        boardid: 0
        hostname: ceph-2
        type: iscsi
        chap: user: 1qaz2wsx3edc password: planted-secret-1
        targetlist:
            iqn: iqn.2019-01.com.xsky:testcluster.iscsi.1.14e203c25aeaaab5
            state: Enable
            portlist:
                portal IP: 10.255.101.74 port: 3260 flag: 0 mode: 0
        lunlist:
            lun id: 0 name: volume-e1ca0819025e46fcac9d8b61379baf81 sn: 1c5a53c025ad131a size: 214748364800 config: ceph/pool-04df31bcc71242709ca99199dffbf3fe/volume-e1ca0819025e46fcac9d8b61379baf81
            lun id: 1 name: volume-7d574a1969c0474cb784740d030e6da1 sn: 1134321edf size: 10737418240 config: ceph/pool-04df31bcc71242709ca99199dffbf3fe/volume-7d574a1969c0474cb784740d030e6da1
        clientlist:
            client iqn: 10.255.101.73
            chap mutual: user: 3edc2wsx1qaz password: planted-secret-2
            client lun mapping flag: mask
            client lun mapping list:
                client iqn: 10.255.101.73 lun sn: 1c5a53c025ad131a lunid: 0
            client iqn: iqn.1994-05.com.redhat:9f2838fc926e
            chap mutual: user:  password:
            client lun mapping flag: mask
            client lun mapping list:
                client iqn: iqn.1994-05.com.redhat:9f2838fc926e lun sn: 1c5a53c025ad131a lunid: 0
                client iqn: iqn.1994-05.com.redhat:9f2838fc926e lun sn: 1134321edf lunid: 1
`;

const ok = (text: string): readonly ShownAt<SealedAccount>[] => {
  const read = parseShow(text);
  if (E.isLeft(read)) throw new Error(troubleText(read.left));
  return read.right;
};
const reasonOf = (text: string): ShowReason | 'read' => {
  const read = parseShow(text);
  return E.isLeft(read) ? read.left.reason : 'read';
};

test('the sample is read: access target, target, portal, LUNs, clients with masks and accounts [S0-90, S0-91, S0-93, S0-94, S0-95, X-4, X-5]', () => {
  const [at, ...others] = ok(SAMPLE);
  assert.is(others.length, 0);
  assert.ok(at);
  assert.equal([at.atid, at.board, at.hostname, at.type, at.chap?.user], [1, 0, 'ceph-2', 'iscsi', '1qaz2wsx3edc']);
  assert.equal(at.targets, [{ iqn: 'iqn.2019-01.com.xsky:testcluster.iscsi.1.14e203c25aeaaab5', state: 'Enable', portals: [{ ip: '10.255.101.74', port: 3260, flag: 0, mode: 0 }] }]);
  assert.equal(at.luns.map(({ lun, serial, sizeBytes }) => [lun, serial, sizeBytes]), [[0, '1c5a53c025ad131a', 214_748_364_800], [1, '1134321edf', 10_737_418_240]]);
  assert.is(at.luns[0]?.config, 'ceph/pool-04df31bcc71242709ca99199dffbf3fe/volume-e1ca0819025e46fcac9d8b61379baf81');
  assert.equal(at.clients.map(({ code, mutual, flag, mappings }) => [code, mutual?.user, flag, mappings.map(({ lun }) => lun)]), [
    ['10.255.101.73', '3edc2wsx1qaz', 'mask', [0]],
    ['iqn.1994-05.com.redhat:9f2838fc926e', undefined, 'mask', [0, 1]],
  ]);
});

test('passwords of the text are read into nothing, and stand in no trouble that is told [S0-92, I-24]', () => {
  assert.not.match(JSON.stringify(ok(SAMPLE)), /planted/);
  for (let at = 0; at < SAMPLE.length; at += 1) {
    for (const text of [SAMPLE.slice(0, at), `${SAMPLE.slice(0, at)}\n${SAMPLE.slice(at)}`, `${SAMPLE.slice(0, at)}\t${SAMPLE.slice(at)}`]) {
      const read = parseShow(text);
      assert.not.match(JSON.stringify(read).replaceAll(/"code":"[^"]*"|"config":"[^"]*"/g, ''), /planted-secret/);
    }
  }
});

/** As it is read where the seal is open: everything that the text says. */
const unsealed = (at: ShownAt<ClearAccount>): ShownAt<SealedAccount> => {
  const sealed = (account: ClearAccount | undefined): SealedAccount | undefined => account && { user: account.user, seal: account.password };
  return { ...at, chap: sealed(at.chap), clients: at.clients.map((client) => ({ ...client, mutual: sealed(client.mutual) })) };
};
const resealed = (at: ShownAt<SealedAccount>): ShownAt<ClearAccount> => {
  const clear = (account: SealedAccount | undefined): ClearAccount | undefined => account && { user: account.user, password: account.seal };
  return { ...at, chap: clear(at.chap), clients: at.clients.map((client) => ({ ...client, mutual: clear(client.mutual) })) };
};

/** Generated records have no prototype. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('200 generated configurations are read back as they were printed, whatever letters are in their names [S0-91]', () => {
  let [targets, portals, withoutAccount] = [0, 0, 0];
  fc.assert(
    fc.property(shownHost, (ats) => {
      assert.equal(plain(parseShow(printShow(ats), (password) => password)), plain(E.right(ats.map(unsealed))));
      targets += ats.filter((at) => at.targets.length > 1).length;
      portals += ats.filter((at) => at.targets.some((target) => target.portals.length > 1)).length;
      withoutAccount += ats.filter(({ clients }) => clients.some(({ mutual }) => mutual === undefined)).length;
    }),
    { numRuns: 200 },
  );
  assert.ok(targets > 5 && portals > 5 && withoutAccount > 5, 'several targets, several portals, empty accounts');
});

const ends = (text: string): string => text.replaceAll(/ +$/gm, '');

test('of 10,000 damaged texts each is an error with its place, or says just what was read from it [S0-91, S0-92]', () => {
  let [refused, count] = [0, 0];
  const reasons = new Set<string>();
  fc.assert(
    fc.property(shownHost.filter(({ length }) => length > 0), fc.array(fc.tuple(fc.constantFrom(...DAMAGES), fc.nat(), fc.nat()), { minLength: 50, maxLength: 50 }), (ats, damages) => {
      const whole = printShow(ats);
      for (const [kind, where, what] of damages) {
        const text = damaged(whole, kind, where, what);
        const read = parseShow(text, (password) => password);
        count += 1;
        if (E.isLeft(read)) {
          refused += 1;
          reasons.add(read.left.reason);
          assert.ok(read.left.line >= 1 && read.left.line <= text.split('\n').length + 1);
        } else assert.is(ends(printShow(read.right.map(resealed))), ends(text), kind);
      }
    }),
    { numRuns: 200 },
  );
  assert.is(count, 10_000);
  assert.ok(refused > 5_000, `${refused} refused`);
  assert.equal([...reasons].toSorted(), ['Ambiguous', 'BadLetter', 'Cut', 'Inconsistent', 'Indentation', 'Missing', 'NotANumber', 'Unexpected']);
});

test('a text without any one of its fields, with a line of another depth, or cut within an entry is refused [S0-91]', () => {
  const lines = SAMPLE.split('\n').slice(0, -1);
  // What a list has one of less is a whole text, too.
  const entries = /^ +(?:portal IP|lun id|client iqn: .* lunid:)/;
  lines.forEach((line, at) => {
    const whole = (changed: readonly string[]): string => `${changed.join('\n')}\n`;
    assert.is(reasonOf(whole(lines.toSpliced(at, 1))) === 'read', entries.test(line), `without line ${at + 1}`);
    assert.is.not(reasonOf(whole(lines.with(at, ` ${line}`))), 'read', `line ${at + 1} deeper`);
    assert.is.not(reasonOf(whole(lines.with(at, `    ${line}`))), 'read', `line ${at + 1} a level deeper`);
    if (at > 0) assert.is.not(reasonOf(whole(lines.with(at, line.slice(4)))), 'read', `line ${at + 1} a level higher`);
    assert.is.not(reasonOf(lines.slice(0, at + 1).join('\n')), 'read', `cut at the end of line ${at + 1}`);
  });
});

test('what says the same thing twice, or two things of one, is refused [S0-91]', () => {
  const changed = (from: string, to: string): ShowReason | 'read' => reasonOf(SAMPLE.replace(from, to));
  assert.is(changed('atid: 1', 'atid: 2'), 'Inconsistent');
  assert.is(changed('lun id: 1', 'lun id: 0'), 'Inconsistent');
  assert.is(changed('client iqn: 10.255.101.73 lun sn', 'client iqn: 10.255.101.74 lun sn'), 'Inconsistent');
  assert.is(changed('user:  password:\n', 'user:  password: x\n'), 'Inconsistent');
  assert.is(changed('lun id: 0', 'lun id: 00'), 'NotANumber');
  assert.is(changed('size: 214748364800', 'size: 200G'), 'NotANumber');
  assert.is(changed('size: 214748364800', 'size: 9999999999999999'), 'NotANumber');
  assert.is(changed('name: volume-e1', 'name: a sn: b'), 'Ambiguous');
  assert.is(changed('password: planted-secret-1', 'password: a password: b'), 'Ambiguous');
  assert.is(changed('flag: mask', 'flag:'), 'Missing');
  assert.is(reasonOf(SAMPLE + SAMPLE), 'Unexpected');
  assert.is(reasonOf(''), 'Cut');
  assert.is(reasonOf('Access Target information:\n'), 'read');
});

test('what the list of LUNs says is only believed if it looks as is assumed [X-3]', () => {
  assert.equal(parseLuns('Lun information:\n    name: v sn: 1 size: 2 config: ceph/p/v\n'), [{ name: 'v', serial: '1', sizeBytes: 2, config: 'ceph/p/v' }]);
  assert.equal(parseLuns('Lun information:\n'), []);
  for (const text of ['', 'LUN 1:\n', 'Lun information:\n    name: v\n', 'Lun information:\n    name: v sn: 1 size: 2 config: ceph/p/v']) assert.is(parseLuns(text), undefined);
});

/** Access target n of a host with many: two LUNs, and a client with an account that sees both. */
const numbered = (n: number): ShownAt<ClearAccount> => {
  const luns = [0, 1].map((lun) => ({ lun, name: `volume-${n}-${lun}`, serial: `${n}f${lun}`, sizeBytes: 10_737_418_240, config: `ceph/vols/volume-${n}-${lun}` }));
  const mappings = luns.map(({ serial, lun }) => ({ serial, lun }));
  return {
    atid: n,
    board: 0,
    hostname: 'gw1',
    type: 'local',
    chap: { user: 'storage', password: 'planted-secret-1' },
    targets: [{ iqn: `iqn.2018-05.gw1.${n}.14e203c25aeaaab5`, state: 'Enable', portals: [] }],
    luns,
    clients: [{ code: '10.255.101.73', mutual: undefined, flag: 'mask', mappings }],
  };
};

test('a gateway with 1,024 local access paths and 2,048 volumes is shown whole through a pipe [X-8, X-6, S0-91]', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-many-'));
  const [shown, xdcadm] = [join(folder, 'shown'), join(folder, 'xdcadm')];
  writeFileSync(shown, printShow(Array.from({ length: 1_024 }, (_, n) => numbered(n + 1))));
  writeFileSync(xdcadm, `#!/bin/sh\nexec cat ${shown}\n`, { mode: 0o755 });
  const backend = xdcTargets({ hosts: [localHost({ name: 'gw1' })], xdcadm });
  const listed = await backend.list({ backend: 'xdc', host: 'gw1' }, context)();
  await backend.close();
  rmSync(folder, { recursive: true });
  assert.ok(E.isRight(listed), JSON.stringify(listed));
  assert.is(listed.right.length, 1_024);
  assert.is(new Set(listed.right.flatMap(({ luns }) => luns.map(({ serial }) => serial))).size, 2_048);
  assert.is(listed.right.at(-1)?.iqn, 'iqn.2018-05.gw1.1024.14e203c25aeaaab5');
  assert.not.match(JSON.stringify(listed.right), 'planted-secret');
});

test.run();
