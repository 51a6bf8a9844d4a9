import { accessPath, confirmedVersion, evolveAccessPath, hasConfirmed, noAccessPath, noAccessPathFacts, owedByAccessPath, wantedTargets, type AccessPathCommand, type AccessPathFields, type AccessPathState, type MappedLun, type MappingGroup, type Perform, type TargetHost, type VolumeId, type WantedTarget } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { beginArray, onArray, type ArrayScene } from '../../support/arrayScene.ts';
import { metaOf } from '../../support/decider.ts';
import { addVolumes, createGroup, pathId, removeVolumes, settleWhileAway, unreachable } from '../../support/pathScene.ts';
import { accountOf } from '../../support/pathWorld.ts';
import { suite } from '../../support/suite.ts';

const test = suite('what the targets of an array owe, one by one');

const targetOf = (work: Perform): VolumeId | undefined => (work.on === 'target' ? work.action.target.volumeId : undefined);
/** The volumes whose targets were touched, in order. */
const touched = ({ calls }: ArrayScene, from = 0): readonly (VolumeId | undefined)[] => calls.slice(from).map(targetOf);
const sorted = (ids: readonly (VolumeId | undefined)[]): readonly string[] => ids.map(String).toSorted((a, b) => (a < b ? -1 : 1));
const targetWork = (state: AccessPathState): readonly string[] => owedByAccessPath(state).filter((work) => work.kind === 'perform').map(({ workId }) => workId);

/** Two volumes stand. */
const standing = (): ArrayScene => {
  const scene = beginArray({ capabilities: { sessions: true } });
  scene.onPath(createGroup(1, [onArray(1), onArray(2)], true)).accepted();
  scene.it.settle();
  return scene;
};

test('one more volume makes its own target owed, and no other; nor does one that goes [S1-17, S1-22]', () => {
  const scene = standing();
  const { it, onPath, calls, path } = scene;
  const before = calls.length;
  onPath(addVolumes(1, [onArray(3)])).accepted();
  it.settle();
  assert.equal(touched(scene, before), [onArray(3)]);
  onPath(removeVolumes(1, [onArray(1)])).accepted();
  it.settle();
  assert.equal(touched(scene, before), [onArray(3), onArray(1)]);
  const host = path().path!.hosts[0]!;
  assert.equal([path().operations, hasConfirmed(path(), host), confirmedVersion(path(), host)], [[], true, path().version]);
});

test('what one more volume needs is worked out for that volume alone: the targets of all others are the very same [S1-17, S1-22]', () => {
  const { it, onPath, path } = standing();
  const wanted = (): readonly WantedTarget[] => path().path!.hosts.flatMap((host) => wantedTargets(path().path!, host));
  const before = wanted();
  assert.is(before.length, 2);
  onPath(addVolumes(1, [onArray(3)])).accepted();
  it.settle();
  const after = wanted();
  assert.equal(after.map(({ key }) => before.some((target) => target.key === key && target === after.find((one) => one.key === key))), [true, true, false]);
});

test('making the target of a volume is work of whoever had it mapped, whoever showed itself last: its task fails with it, and is what is tried again [I-2, S1-17]', () => {
  const { it, onPath, path } = beginArray();
  const asked = [createGroup(1, [onArray(1)]), addVolumes(1, [onArray(2)]), addVolumes(1, [onArray(3)])].map((command) => {
    const { operationId } = onPath(command).accepted();
    settleWhileAway(it, ({ on }) => on === 'target');
    return operationId;
  });
  const owed = (): readonly string[] => owedByAccessPath(path()).filter(({ kind }) => kind === 'perform').map(({ operationId }) => operationId);
  assert.equal(owed(), asked);
  for (const work of it.owing()) it.work(work, () => ({ error: { ...unreachable, _tag: 'Permanent', code: 'Invalid' } as never, landed: false, final: true }));
  assert.equal([owed(), path().operations.map(({ operationId }) => operationId)], [[], asked]);
  for (const operationId of asked) onPath({ type: 'RetryOperation', accessPathId: pathId, operationId } as AccessPathCommand).accepted();
  assert.equal(owed(), asked);
  it.settle();
  assert.equal([path().operations, path().troubles], [[], {}]);
});

test('whatever changes what a target should be, what was worked out before is not taken for it [S1-17, S1-23, S1-24]', () => {
  const { path: state } = standing();
  const before = state().path!;
  const told = (path: AccessPathFields): string => JSON.stringify(path.hosts.map((host) => wantedTargets(path, host)));
  const on = (fields: Partial<TargetHost>): AccessPathFields => ({ ...before, hosts: before.hosts.map((host) => ({ ...host, ...fields })) });
  const inGroup = (fields: Partial<MappingGroup>, path = before): AccessPathFields => ({ ...path, groups: path.groups.map((group) => ({ ...group, ...fields })) });
  const withAccount = { ...before, chap: accountOf(7) };
  const byHand = on({ portalChoice: 'given', portals: [{ ip: '10.0.0.1' } as never] });
  const leaving = before.groups.flatMap(({ luns }) => luns.map((lun, at): MappedLun => (at === 0 ? { ...lun, stage: 'leaving' } : lun)));
  const both = { ...before, groups: [...before.groups, { ...before.groups[0]!, clients: ['iqn.1994-05.com.redhat:another'], luns: leaving }] };
  const forced = { ...both, groups: both.groups.map((group, at) => ({ ...group, force: at === 1 })) };
  const changes: readonly (readonly [string, AccessPathFields, AccessPathFields])[] = [
    ['the prefix of names', before, { ...before, iqnPrefix: 'iqn.2019-01.com.other:c' }],
    ['the name of the host', before, on({ name: 'other' })],
    ['portals', before, byHand],
    ['an account', before, withAccount],
    ['another account', withAccount, { ...before, chap: accountOf(8) }],
    ['who is let in', before, inGroup({ clients: [] })],
    ['the account of a client', withAccount, inGroup({ mutual: accountOf(9) }, withAccount)],
    ['a group that goes', before, inGroup({ stage: 'leaving' })],
    ['a group that loses a volume', before, both],
    ['by force', both, forced],
  ];
  for (const [what, from, to] of changes) {
    assert.is(told({ ...from }), told(structuredClone(from)), what);
    assert.is(told(to), told(structuredClone(to)), what);
    assert.is.not(told(to), told(from), `${what} changes nothing`);
  }
});

test('who is let in changes with the client group: of every volume that it sees, and of no other [S1-23]', () => {
  const scene = standing();
  const { it, onPath, onClients, calls } = scene;
  onPath(createGroup(2, [onArray(2), onArray(3)], true)).accepted();
  it.settle();
  const before = calls.length;
  const clientGroupId = scene.path().path!.groups[1]!.clientGroupId;
  onClients({ type: 'UpdateClientGroup', clientGroupId, changes: { clients: ['iqn.1994-05.com.redhat:another'] } } as never).accepted();
  it.settle();
  assert.equal(sorted(touched(scene, before)), [onArray(2), onArray(3)]);
});

test('an account, or a word to make everything anew, is for every target [S1-24, R-19]', () => {
  const scene = standing();
  const { it, onPath, calls, path } = scene;
  onPath(addVolumes(1, [onArray(3)])).accepted();
  it.settle();
  for (const command of [{ type: 'UpdateAccessPath', accessPathId: pathId, changes: { chap: accountOf(7) } }, { type: 'RedeployAccessPath', accessPathId: pathId }] as readonly AccessPathCommand[]) {
    const before = calls.length;
    onPath(command).accepted();
    it.settle();
    assert.equal(sorted(touched(scene, before)), [onArray(1), onArray(2), onArray(3)]);
    assert.equal(path().since.only, {});
  }
});

test('work on one target goes on under its name while others are mapped: what runs is neither stopped nor begun again [S1-17, I-2]', () => {
  const { it, onPath, path } = standing();
  onPath(addVolumes(1, [onArray(3)])).accepted();
  settleWhileAway(it, (work) => targetOf(work) === onArray(3));
  const under = targetWork(path());
  assert.is(under.length, 1);
  onPath(removeVolumes(1, [onArray(1)])).accepted();
  assert.equal([targetWork(path()).includes(under[0]!), targetWork(path()).length], [true, 2]);
  it.settle();
  assert.equal([targetWork(path()), path().operations], [[], []]);
});

test('a target that cannot be made holds up its own operation, and no other; what others do does not try it again [I-2, S0-5]', () => {
  const scene = standing();
  const { it, onPath, path, calls } = scene;
  const failed = onPath(addVolumes(1, [onArray(3)])).accepted();
  settleWhileAway(it, (work) => targetOf(work) === onArray(3));
  for (const owed of it.owing()) it.work(owed, () => ({ error: { ...unreachable, _tag: 'Permanent', code: 'NoSpace' } as never, landed: false, final: true }));
  const before = calls.length;
  onPath(removeVolumes(1, [onArray(1)])).accepted();
  it.settle();
  assert.equal(touched(scene, before), [onArray(1)]);
  assert.equal([path().operations.map(({ operationId }) => operationId), Object.values(path().troubles).map(({ error, final }) => [error.code, final])], [[failed.operationId], [['NoSpace', true]]]);
  const host = path().path!.hosts[0]!;
  assert.equal([hasConfirmed(path(), host), hasConfirmed(path(), host, { targets: [onArray(2)] })], [false, true]);
  assert.ok(confirmedVersion(path(), host) === null, 'a target that never stood has no version');
  onPath({ type: 'RetryOperation', accessPathId: pathId, operationId: Object.values(path().troubles)[0]!.operationId }).accepted();
  it.settle();
  assert.equal([path().operations, touched(scene, before).at(-1)], [[], onArray(3)]);
});

test('what was changed since is not kept for volumes that are gone [S1-22]', () => {
  const { it, onPath, path } = standing();
  for (let round = 0; round < 3; round += 1) {
    onPath(addVolumes(1, [onArray(3)])).accepted();
    it.settle();
    onPath(removeVolumes(1, [onArray(3)])).accepted();
    it.settle();
  }
  onPath(removeVolumes(1, [onArray(1)])).accepted();
  it.settle();
  assert.equal(Object.keys(path().since.only).filter((key) => key === onArray(3)), []);
});

test('a log in which an operation still waited for the targets of others is read: it is over at once, and nothing is done again [I-12, S1-22]', () => {
  const { it, onPath, log } = standing();
  onPath(addVolumes(1, [onArray(3)])).accepted();
  it.settle();
  // As it was written once: the volume's own target is confirmed, and the others were to be confirmed anew.
  const ended = log().findIndex(({ type }) => type === 'VolumesMapped');
  const old = log().slice(0, ended).reduce(evolveAccessPath, noAccessPath);
  assert.equal(targetWork(old), []);
  const [work, ...others] = owedByAccessPath(old);
  assert.equal([work?.step, others], ['end', []]);
  const command = accessPath.settle(old, work!, { _tag: 'Told', replies: [] }) as AccessPathCommand;
  const decided = accessPath.decide(old, command, metaOf(999, 1_800_000_000_000), noAccessPathFacts);
  assert.ok(decided._tag === 'Right');
  assert.equal(decided.right.map(({ type }) => type), ['VolumesMapped']);
  assert.equal(owedByAccessPath(decided.right.reduce(evolveAccessPath, old)), []);
});

test.run();
