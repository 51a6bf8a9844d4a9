/** Mistakes of callers without types in requests about hosts, client groups, access paths and VIP groups. */
import * as assert from 'uvu/assert';
import type { PlaneRequest } from '@blockledger/app';
import type { Refusal } from '@blockledger/domain';
import type { PathRequest } from '../../packages/app/src/engine/pathRequests.ts';
import { left, right } from '../support/plane.ts';
import { pathPlane, SECRET } from '../support/pathPlane.ts';
import { suite } from '../support/suite.ts';

const test = suite('mistakes about access paths');

const ADDRESS = { ip: '10.252.1.9', prefix: 24, interface: 'eth0', segment: 'lan', role: 'gateway' } as const;
const ACCOUNT = { user: 'storage-1', secret: SECRET };
const VIP = { ip: '10.252.1.128', mask: 32, networkAddress: 1 };
const TEXTS = { name: 'one', description: 'words' };
const reason = { reason: 'maintenance' };

type FieldsOf<R extends PathRequest, Do> = R extends { readonly do: infer Known } ? (Do extends Known ? Omit<R, 'do'> : never) : never;

/** Each request with everything that it may hold: one that is missing here does not compile. */
const WHOLE: { readonly [Do in PathRequest['do']]: FieldsOf<PathRequest, Do> } = {
  registerHost: { input: { name: 'gw3', targets: 'xdc', vips: 'keepalived', addresses: [ADDRESS, ADDRESS] } },
  addNetworkAddress: { host: 'gw1', input: ADDRESS },
  removeNetworkAddress: { networkAddress: 1 },
  pauseHost: { host: 1, input: reason },
  resumeHost: { host: 1 },
  declareHostOff: { host: 1, input: reason },
  declareHostBack: { host: 1 },
  retireHost: { host: 1 },
  createClientGroup: { input: { ...TEXTS, accessType: 'iscsi', clients: ['10.255.101.73'], mutual: ACCOUNT } },
  updateClientGroup: { clientGroup: 1, input: { ...TEXTS, clients: ['10.255.101.73'], mutual: ACCOUNT } },
  deleteClientGroup: { clientGroup: 1 },
  createAccessPath: { input: { ...TEXTS, accessType: 'iscsi', iqnPrefix: 'iqn.2026-11.org.example', chap: ACCOUNT, hosts: [1] } },
  updateAccessPath: { accessPath: 1, input: { ...TEXTS, chap: ACCOUNT } },
  deleteAccessPath: { accessPath: 1 },
  redeployAccessPath: { accessPath: 1 },
  addTarget: { accessPath: 1, input: { host: 1 } },
  removeTarget: { target: 1, input: { force: true } },
  createMappingGroup: { accessPath: 1, input: { clientGroup: 1, volumes: [1], shared: true } },
  addVolumesToMappingGroup: { mappingGroup: 1, input: { volumes: [1], shared: true } },
  removeVolumesFromMappingGroup: { mappingGroup: 1, input: { volumes: [1], force: true } },
  deleteMappingGroup: { mappingGroup: 1, input: { force: true } },
  createVipGroup: { input: { accessPath: 1, network: '10.252.1.0/24', preempt: true, vips: [VIP, VIP], force: true } },
  updateVipGroup: { vipGroup: 1, input: { preempt: false } },
  addVip: { vipGroup: 1, input: VIP },
  removeVip: { vip: 1 },
  addVipMember: { vipGroup: 1, input: { networkAddress: 1 } },
  removeVipMember: { vipGroup: 1, input: { networkAddress: 1 } },
  deleteVipGroup: { vipGroup: 1, input: { force: true } },
  redeployVipGroup: { vipGroup: 1 },
};

interface Marred {
  readonly request: PlaneRequest;
  /** Where the field is that there is not. */
  readonly path: string;
}

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value with one more field in each of its objects, one after the other; with where it is. */
const marred = (value: unknown, path: readonly string[]): readonly { readonly value: unknown; readonly path: readonly string[] }[] => {
  if (Array.isArray(value)) return value.flatMap((one: unknown, at) => marred(one, [...path, String(at)]).map((inner) => ({ ...inner, value: value.map((other: unknown, index) => (index === at ? inner.value : other)) })));
  if (!isPlain(value)) return [];
  const deeper = Object.entries(value).flatMap(([key, inner]) => marred(inner, [...path, key]).map((one) => ({ ...one, value: { ...value, [key]: one.value } })));
  return [{ value: { ...value, typo: 'odd' }, path: [...path, 'typo'] }, ...deeper];
};

const everyMistake: readonly Marred[] = Object.entries(WHOLE).flatMap(([name, fields]) =>
  marred(fields, []).map(({ value, path }) => ({ request: { do: name, ...(value as object) } as PlaneRequest, path: path.filter((part, at) => at > 0 || part !== 'input').join('.') })),
);

test('a field that a request about access paths does not have is refused by its name, in addresses, virtual IPs and accounts, too [S0-16]', async () => {
  const { plane, secrets } = await pathPlane();
  const refusals: Refusal[] = [];
  for (const { request, path } of everyMistake) {
    const refused = left(await plane.request(request));
    assert.equal([refused._tag, refused.value], ['InvalidCommand', path], `${request.do}: ${refused.message}`);
    assert.ok(refused.message.startsWith(`${path} is not a known field of ${request.do}: there are `), refused.message);
    assert.equal(left(await plane.plan(request)), refused);
    refusals.push(refused);
  }
  for (const path of ['addresses.1.typo', 'chap.typo', 'mutual.typo', 'vips.1.typo', 'typo']) assert.ok(refusals.some(({ value }) => value === path), path);
  // Every one is on record, none with its account; nothing was made, and nothing was kept.
  const records = plane.actions.list({ limit: -1, result: 'refused' }).items;
  assert.is(records.length, everyMistake.length);
  assert.not.ok(JSON.stringify(records).includes(SECRET));
  assert.equal([plane.hosts.list().totalCount, plane.accessPaths.list().totalCount, plane.clientGroups.list().totalCount], [0, 0, 0]);
  assert.equal(right(await secrets.refs('chap')()), []);
  await plane.close();
});

test('an account that is none is refused, on record, and what was given in its place stands nowhere [I-24, S0-136]', async () => {
  const { plane } = await pathPlane();
  const PLANTED = 'planted-12345';
  const accounts: readonly unknown[] = [PLANTED, [PLANTED], { user: 'storage-1', sceret: PLANTED }, { user: 'storage-1', secret: { text: PLANTED } }, { user: 'storage-1', secret: SECRET, passwort: PLANTED }];
  for (const account of accounts) {
    const answers = [
      await plane.createAccessPath({ name: 'gold', hosts: [], chap: account as never }),
      await plane.createClientGroup({ name: 'db', clients: [], mutual: account as never }),
      await plane.updateClientGroup(1, { mutual: account as never }),
      await plane.plan({ do: 'updateAccessPath', accessPath: 1, input: { chap: account as never } }),
    ];
    for (const answer of answers) assert.not.ok(JSON.stringify(left<unknown>(answer)).includes(PLANTED));
  }
  const records = plane.actions.list({ limit: -1, result: 'refused' }).items;
  assert.is(records.length, 3 * accounts.length);
  assert.not.ok(JSON.stringify(records).includes(PLANTED), JSON.stringify(records));
  await plane.close();
});

test('what is no list is told as such, and not taken apart [S0-16]', async () => {
  const { plane } = await pathPlane();
  const path = { name: 'gold', hosts: ['gw1'] };
  const messages = await Promise.all(
    [
      plane.createAccessPath({ ...path, hosts: 'gw1' as never }),
      plane.createAccessPath({ name: 'gold' } as never),
      plane.registerHost({ name: 'gw1', targets: 'xdc', addresses: ADDRESS as never }),
      plane.createClientGroup({ name: 'db', clients: 'iqn.1994-05.com.redhat:db-1' as never }),
    ].map(async (answer) => left<unknown>(await answer).message),
  );
  assert.equal(messages, ['hosts must be a list', 'hosts is missing: it must be a list', 'addresses must be a list', 'clients is "iqn.1994-05.com.redhat:db-1": it must be a list']);
  await plane.close();
});

test.run();
