/** A control plane over both backends whose appends and calls wait for a scheduler, so that a seed chooses their order. */
import { targetName, volumeName } from '@blockledger/adapters-qsan';
import type { ControlPlane } from '@blockledger/app';
import { apiClient, type ApiClient } from '@blockledger/app/client';
import type { BlockBackend, EventStore, TargetBackend, VolumeId } from '@blockledger/domain';
import type { Scheduler } from 'fast-check';
import { fetchInside } from '../cinder/fetchInside.ts';
import { CEPH, QSAN, twoBackends, type Place, type TwoBackends } from '../cinder/twoBackends.ts';

/** What stands on the storage for a volume: its size, null where it is gone; and who is let in. */
export interface Standing {
  readonly sizeBytes: number | null;
  readonly letIn: readonly string[];
}

/** One backend with its access path. */
export interface RaceSide {
  readonly name: string;
  readonly place: Place;
  /** The UUID of its access path. */
  readonly accessPath: string;
  /** Read off the storage, and not off the log. */
  readonly stands: (volume: string) => Standing;
  /** Everything that stands on the storage, in sentences. */
  readonly left: () => readonly string[];
}

export interface RaceWorld {
  readonly plane: ControlPlane;
  /** Asks the service without a network. Each request waits for the scheduler, too. */
  readonly client: ApiClient;
  readonly sides: readonly RaceSide[];
  /** Begins all of it, lets the scheduler choose who goes on until all have ended and nothing is owed; the answers. */
  readonly racing: <A>(scheduler: Scheduler, rivals: readonly (() => Promise<A>)[]) => Promise<readonly A[]>;
  readonly close: () => Promise<void>;
}

/** So many turns of the event loop without a call under way: everybody who goes on by himself has come to a seam. */
const QUIET_TURNS = 10;

/** Places where work waits until it is chosen; without a scheduler nobody waits. */
const makeSeams = () => {
  let scheduler: Scheduler | undefined;
  let underWay = 0;
  let waiting = 0;
  const chosen = async (label: string): Promise<void> => {
    waiting += 1;
    await scheduler?.schedule(Promise.resolve(), label);
    waiting -= 1;
  };
  const call = async <A>(label: string, work: () => Promise<A>): Promise<A> => {
    await chosen(label);
    underWay += 1;
    const answer = await work();
    underWay -= 1;
    await chosen(`${label} is done`);
    return answer;
  };
  const turnsWithout = async (isBusy: () => boolean): Promise<void> => {
    for (let turns = 0; turns < QUIET_TURNS; turns = isBusy() ? 0 : turns + 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const quiet = (): Promise<void> => turnsWithout(() => underWay > 0);
  const rest = (owes: () => boolean): Promise<void> => turnsWithout(() => waiting + underWay > 0 || owes());
  const store = (behind: EventStore): EventStore => ({
    ...behind,
    append: (stream, expected, events) => async () => {
      await chosen(`append to ${stream}`);
      return behind.append(stream, expected, events)();
    },
  });
  const blocks = (behind: BlockBackend): BlockBackend => ({ ...behind, perform: (action, context) => () => call(action.do, behind.perform(action, context)) });
  const targets = (behind: TargetBackend): TargetBackend => ({ ...behind, perform: (action, context) => () => call(action.do, behind.perform(action, context)) });
  const asking =
    (behind: typeof fetch): typeof fetch =>
    async (input, init) => {
      await chosen(`${init?.method ?? 'GET'} ${input instanceof Request ? input.url : String(input)}`);
      return behind(input, init);
    };
  const schedule = (next: Scheduler | undefined): void => void (scheduler = next);
  return { asking, chosen, quiet, rest, schedule, seams: { store, blocks, targets } };
};

const sidesOf = ({ plane, array, gateways, cluster }: TwoBackends): readonly RaceSide[] => {
  const pathNamed = (name: string): string => plane.accessPaths.list().items.find((path) => path.name === name)?.id ?? '';
  const clientsOf = (host: string, serial: string): readonly string[] => [...gateways.shows(host).matchAll(/client iqn: (\S+) lun sn: (\S+)/g)].flatMap(([, iqn, sn]) => (sn === serial ? [iqn ?? ''] : []));
  const hosts = ['gw1', 'gw2'];
  const serials = new Map<string, string>();
  return [
    {
      name: 'a QSAN array',
      place: QSAN,
      accessPath: pathNamed(QSAN.accessPath),
      stands: (volume) => {
        const { volumes, targets } = array.state();
        const own = targets.filter(({ name }) => name === targetName(volume as VolumeId));
        const isServed = own.some(({ luns }) => luns.some((lun) => lun.volume === volumeName(volume as VolumeId)));
        return { sizeBytes: volumes.find(({ name }) => name === volumeName(volume as VolumeId))?.sizeBytes ?? null, letIn: isServed ? own.flatMap(({ acl }) => acl).toSorted() : own.map(({ name }) => `${name} without a LUN`) };
      },
      left: () => Object.entries(array.state()).flatMap(([kind, all]) => (kind === 'volumes' || kind === 'targets' || kind === 'snapshots' ? (all as readonly { readonly name: string }[]).map(({ name }) => name) : [])),
    },
    {
      name: 'Ceph behind XDC',
      place: CEPH,
      accessPath: pathNamed(CEPH.accessPath),
      stands: (volume) => {
        const serial = plane.volumes.get(volume)?.serial ?? serials.get(volume) ?? '?';
        serials.set(volume, serial);
        const [one = [], other = []] = hosts.map((host) => clientsOf(host, serial).toSorted());
        const differ = JSON.stringify(one) === JSON.stringify(other) ? [] : ['the gateways differ'];
        return { sizeBytes: cluster.images('vols').find(({ name }) => name === `volume-${volume.replaceAll('-', '')}`)?.sizeBytes ?? null, letIn: [...one, ...differ] };
      },
      left: () => [...cluster.images('vols').map(({ name }) => name), ...hosts.flatMap((host) => [...gateways.luns(host), ...(gateways.shows(host).match(/client iqn: \S+/g) ?? [])])],
    },
  ];
};

export const raceWorld = async (): Promise<RaceWorld> => {
  const { asking, chosen, quiet, rest, schedule, seams } = makeSeams();
  const world = await twoBackends(seams);
  const { plane, service, env } = world;
  return {
    plane,
    client: apiClient({ url: 'http://inside', token: env['BLOCKLEDGER_TOKEN'] ?? '', fetch: asking(fetchInside(service)) }),
    sides: sidesOf(world),
    racing: async (scheduler, rivals) => {
      schedule(scheduler);
      const act = async (go: () => Promise<void>): Promise<void> => {
        await go();
        await quiet();
      };
      const all = Promise.all(rivals.map((rival, at) => chosen(`rival ${at}`).then(rival))).then(async (answers) => {
        await rest(() => plane.monitor.status().owed.length > 0);
        return answers;
      });
      const answers = await scheduler.waitFor(all, act);
      schedule(undefined);
      return answers;
    },
    close: world.close,
  };
};
