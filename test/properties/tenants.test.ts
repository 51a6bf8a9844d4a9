/** Two tenants with random requests over everything there is: neither sees nor touches what is the other's. */
import * as assert from 'uvu/assert';
import type { ResourceRef } from '@blockledger/app';
import { seeded } from '@blockledger/adapters-rbd/simulator';
import { GIB, left, planeWithPool, right, UUID } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { REQUEST_NAMES, requestOf, type Picks } from '../support/tenants/requests.ts';
import { walkTenants } from '../support/tenants/walk.ts';

const test = suite('tenants');

/** Requests of each tenant. */
const REQUESTS = 500;
const FRESH_REQUESTS = 200;
const FIXED_SEED = 20_261_121;
const freshSeed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));

const seen = { accepted: new Set<string>(), refused: new Set<string>(), pointedAtOthers: 0 };

const walk = async (seed: number, requests: number): Promise<void> => {
  try {
    const { accepted, refused, pointedAtOthers } = await walkTenants(seeded(seed), requests);
    for (const name of accepted) seen.accepted.add(name);
    for (const tag of refused) seen.refused.add(tag);
    seen.pointedAtOthers += pointedAtOthers;
  } catch (error) {
    throw new Error(`tenants with seed ${seed} (BLOCKLEDGER_SEED=${seed}): ${String(error)}`, { cause: error });
  }
};

test('of 500 requests of each, none shows or touches what is another tenant’s: fixed seed [I-12]', () => walk(FIXED_SEED, REQUESTS));

test('of random requests of each, none shows or touches what is another tenant’s: fresh seed [I-12]', async () => {
  console.log(`# fresh seed ${freshSeed}`);
  await walk(freshSeed, FRESH_REQUESTS);
});

/** Everything in a request that refers to something is the same reference. */
const pointingAt = (volume: ResourceRef, snapshot: ResourceRef, task: ResourceRef): Picks => ({
  volume: () => volume,
  snapshot: () => snapshot,
  pair: () => ({ volume, snapshot }),
  task: () => task,
  trashed: () => volume,
  failed: () => task,
  pool: () => 'ssd',
  thing: () => volume,
  name: () => 'mine',
  text: () => 'words',
  secret: () => '1qaz2wsx3edc',
  user: () => UUID(77),
  sizeBytes: () => GIB,
  chance: () => true,
});

test('every request that names another tenant’s thing is refused word for word as if there were no such thing [I-12]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  const blue = plane.confinedTo('blue');
  const volume = right(await blue.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done' }));
  const snapshot = right(await blue.createSnapshot({ volume: volume.resource.id, name: 'monday' }, { wait: 'done' }));
  const red = plane.confinedTo('red');
  const theirs = [
    pointingAt(volume.resource.id, snapshot.resource.id, snapshot.task!.id),
    pointingAt(volume.resource.number!, snapshot.resource.number!, snapshot.task!.number),
    pointingAt(String(volume.resource.number), String(snapshot.resource.number), String(snapshot.task!.number)),
    pointingAt('db', 'monday', 'no task has a name'),
  ];
  const nobodys = [pointingAt(UUID(1), UUID(2), UUID(3)), pointingAt(7_001, 7_002, 7_003), pointingAt('7001', '7002', '7003'), pointingAt('a', 'b', 'c')];
  // Who makes a client group names nothing that is there, and who makes an access path only hosts, which are everybody's.
  for (const name of REQUEST_NAMES.filter((one) => one !== 'createClientGroup' && one !== 'createAccessPath')) {
    for (const [index, picks] of theirs.entries()) {
      const none = nobodys[index] ?? picks;
      const [refused, asked] = [left(await red.request(requestOf(name, picks))), left(await red.request(requestOf(name, none)))];
      const wordsOf = ({ value, message, ...rest }: typeof refused, ofThem: Picks): object => ({
        ...rest,
        value: [ofThem.volume(), ofThem.snapshot(), ofThem.task()].includes(value as never) ? 'the reference' : value,
        message: [ofThem.volume(), ofThem.snapshot(), ofThem.task()].reduce<string>((text, ref) => text.replace(new RegExp(`${ref}$`), 'the reference'), message),
      });
      assert.equal(wordsOf(refused, picks), wordsOf(asked, none), name);
      assert.match(refused._tag, /NotFound$|^CallerIsConfined$/, name);
      assert.equal(wordsOf(left(await red.plan(requestOf(name, picks))), picks), wordsOf(refused, picks), name);
    }
  }
  await plane.close();
});

test('the tenants do nearly everything there is to do, and point at each other’s things all the time [I-12]', () => {
  const FOR_OPERATORS = ['adoptVolume', 'registerPool', 'updatePool', 'reportPoolHealth', 'pausePool', 'resumePool', 'retirePool', ...REQUEST_NAMES.filter((name) => /Host(?:Off|Back)?$|NetworkAddress$/.test(name))];
  assert.equal(FOR_OPERATORS.filter((name) => seen.accepted.has(name)), []);
  // Whether work still runs, or a linked clone stands just then, is up to the speed of the machine.
  const OF_CHANCE = new Set(['cancelTask', 'flattenVolume', 'migrateVolume']);
  // There are no gateways in this world: tenantsOnGateways.test.ts has one with them.
  for (const name of REQUEST_NAMES) if (/AccessPath|ClientGroup|Target|MappingGroup|Vip|^(?:connect|complete)Attachment$/.test(name)) OF_CHANCE.add(name);
  assert.equal(REQUEST_NAMES.filter((name) => !seen.accepted.has(name) && !FOR_OPERATORS.includes(name) && !OF_CHANCE.has(name)), []);
  assert.equal(['CallerIsConfined', 'VolumeNotFound', 'SnapshotNotFound', 'TaskNotFound', 'NameIsTaken', 'CommandIdReused'].filter((tag) => !seen.refused.has(tag)), []);
  assert.ok(seen.pointedAtOthers > REQUESTS, `only ${seen.pointedAtOthers} times`);
});

test.run();
