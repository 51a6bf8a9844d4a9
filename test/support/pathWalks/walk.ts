/** One walk over access paths: a script of requests against a plane that is killed and betrayed while its gateways fail, and what must be true at its end. */
import * as E from 'fp-ts/lib/Either.js';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { seeded, simulateRbd } from '@blockledger/adapters-rbd/simulator';
import type { ControlPlane, PlaneRequest } from '@blockledger/app';
import { virtualClock } from '../virtualClock.ts';
import { mortalBackend, mortalRunner } from '../walks/life.ts';
import { mortalPlane, type MortalPlane } from '../walks/mortalPlane.ts';
import { CODES, requestOf } from './asks.ts';
import { faultsAtRest, faultsNow, type Checked } from './checks.ts';
import { audited, leftSecrets, mend, takeDown } from './ending.ts';
import { FENCED_AFTER_MS, HOSTS, makeGateways, NAMES, type HostName } from './gateways.ts';
import { scriptOf, type Ask } from './script.ts';
import { complain, MINUTE_MS, mustBeWhole, PATIENCE_MS, ROUNDS_EVERY_MS, type PathWalkOptions, type Walk } from './walking.ts';

const GIB = 2 ** 30;
const START_MS = 1_800_000_000_000;
const all = { limit: -1 } as const;

/** What a walk went through. */
export interface PathWalkReport {
  readonly deaths: number;
  readonly faults: number;
  readonly eventTypes: ReadonlySet<string>;
  readonly refusals: ReadonlySet<string>;
  readonly happened: ReadonlySet<string>;
}

const hostOf = ({ a }: Ask): HostName => (a % 2 === 0 ? 'gw1' : 'gw2');

/** What happens to hosts, and who wants to log in. */
const happen = async (walk: Walk, wish: Ask): Promise<void> => {
  const { gateways, mortal, lost } = walk;
  const plane = mortal.now();
  const [host, { b, c }] = [hostOf(wish), wish];
  const condition = gateways.conditions[host];
  const forgets = b % 2 === 0 ? 'everything' : 'unsaved';
  switch (wish.do) {
    case 'logIn':
      return void gateways.initiators.add(CODES[b % CODES.length] ?? CODES[0]);
    case 'logOut':
      return gateways.initiators.clear();
    case 'passMinutes':
      return mortal.pass((1 + (b % 20)) * MINUTE_MS);
    case 'cut':
      return void (condition.cut = true);
    case 'mend':
      return void (condition.cut = condition.off);
    case 'restart':
      return gateways.restart(host, forgets);
    case 'loseLink':
      return gateways.loseLink(host, b % 3 === 0 ? FENCED_AFTER_MS / 2 : FENCED_AFTER_MS * 2, plane.installationId);
    case 'powerOff':
      gateways.powerOff(host);
      // Not everybody is told.
      if (c % 3 !== 0) {
        lost.add(host);
        await mortal.ask({ do: 'declareHostOff', host, input: { reason: 'its power supply burned' } });
      }
      return;
    case 'powerOn':
      await gateways.powerOn(host, forgets);
      if (plane.hosts.get(host)?.off !== null) await mortal.ask({ do: 'declareHostBack', host });
      return;
    default:
      return;
  }
};

const perform = async (walk: Walk, wish: Ask): Promise<void> => {
  const { mortal } = walk;
  const request = requestOf(mortal.now(), wish);
  walk.happened.add(wish.do);
  if (request !== undefined) await mortal.ask(request);
  else await happen(walk, wish);
};

/** Pool, volumes, hosts, and a path by which one client group sees a volume: most walks would never come so far. */
const prepare = async ({ mortal, options }: Walk): Promise<void> => {
  const must = async (request: PlaneRequest): Promise<void> => {
    if ((await mortal.ask(request)) === 'refused') throw new Error(`${request.do} was refused: ${[...mortal.refusals].join(' ')}`);
    if (!(await mortal.run(PATIENCE_MS))) throw new Error(`${request.do} does not end`);
  };
  await must({ do: 'registerPool', input: { name: 'vols', placement: { backend: 'ceph', pool: 'vols' } } });
  for (const name of ['db', 'logs', 'mail']) await must({ do: 'createVolume', input: { pool: 'vols', name, sizeBytes: GIB } });
  for (const { name, source } of HOSTS) {
    await must({ do: 'registerHost', input: { name, targets: 'xdc', vips: 'keepalived', addresses: [{ ip: source, prefix: 24, interface: 'eth0' }] } });
  }
  await must({ do: 'createClientGroup', input: { name: 'clients-0', clients: [CODES[0]] } });
  await must({ do: 'createAccessPath', input: { name: 'path-0', hosts: ['gw1', 'gw2'] } });
  await must({ do: 'createMappingGroup', accessPath: 1, input: { clientGroup: 1, volumes: [1, 2], shared: true } });
  if (options.seed % 2 === 0) return;
  const [address] = mortal.now().networkAddresses.list(all).items;
  await must({ do: 'createVipGroup', input: { accessPath: 1, network: '10.252.1.0/24', vips: [{ ip: '10.252.1.129', networkAddress: address!.id }] } });
};

const begin = async (options: PathWalkOptions): Promise<Walk & { readonly checked: () => Checked; readonly betray: (on: boolean) => void }> => {
  const { seed, store, maxLife } = options;
  const random = seeded(seed);
  const clock = virtualClock(START_MS, { auto: false });
  const cluster = simulateRbd({ pools: { vols: {} }, clock });
  const own: { mortal?: MortalPlane; faultsOn: boolean; faults: number } = { faultsOn: false, faults: 0 };
  const [lost, broken] = [new Set<HostName>(), [] as string[]];
  const plane = (): ControlPlane | undefined => (own.mortal?.isUp() === true ? own.mortal.now() : undefined);
  const checked = (): Checked => ({ gateways, plane: plane(), lost });
  const gateways = makeGateways({
    clock,
    random,
    faultRate: () => (own.faultsOn ? options.faultRate : 0),
    onFault: () => void (own.faults += 1),
    onEffect: (what) => broken.push(...faultsNow(checked()).map((fault) => `${fault} (after a call on ${what}, ${own.mortal?.deaths() ?? 0} deaths)`)),
  });
  const mortal = await mortalPlane({
    seed,
    clock,
    random,
    store,
    maxLife,
    partsOf: (life) => {
      const { targets, vips } = gateways.backends(life);
      return {
        backends: { ceph: mortalBackend(rbdBackend({ run: mortalRunner(life, cluster.run), nowMs: clock.nowMs })) },
        targets: { xdc: targets },
        vips: { keepalived: vips },
        limits: { backendCheckEveryMs: ROUNDS_EVERY_MS, backoffCapMs: 10_000 },
      };
    },
  });
  own.mortal = mortal;
  return { options, random, clock, mortal, gateways, lost, happened: new Set(), broken, faults: () => own.faults, checked, betray: (on) => void (own.faultsOn = on) };
};

/** Everything is at rest: what was disturbed is whole again. */
const restAll = (walk: Walk): void => {
  for (const host of NAMES) walk.gateways.conditions[host].disturbed = false;
  walk.lost.clear();
};

/** Walks once. Throws, with the reason, where anything is not as it must be. */
export const walkPathsOnce = async (options: PathWalkOptions): Promise<PathWalkReport> => {
  const walk = await begin(options);
  const { mortal, random, gateways, lost, checked, betray } = walk;
  await prepare(walk);
  await mortal.close();
  betray(true);
  await mortal.reborn(true);
  for (const wish of scriptOf(random, options.length, options.hostsFail)) {
    await perform(walk, wish);
    mustBeWhole(walk);
    if (random() < 0.5 && (await mortal.run((1 + Math.floor(random() * 5)) * MINUTE_MS)) && NAMES.every((host) => !gateways.conditions[host].off)) lost.clear();
    mustBeWhole(walk);
  }
  betray(false);
  await mortal.reborn(false);
  await mend(walk);
  restAll(walk);
  const rest = [...(await faultsAtRest(checked(), mortal.now())), ...(await audited(walk)), ...(await leftSecrets(walk))];
  if (rest.length > 0) complain(walk, 'at rest', rest);
  await takeDown(walk);
  const stored = await options.store.readAll(0, 1_000_000)();
  const eventTypes = new Set(E.isRight(stored) ? stored.right.map(({ type }) => type) : []);
  await mortal.close();
  return { deaths: mortal.deaths(), faults: walk.faults(), eventTypes, refusals: mortal.refusals, happened: walk.happened };
};
