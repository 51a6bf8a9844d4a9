/**
 * The same races by the six calls, as callers have them who cannot ask for two things at once: each call is several requests, and between any two of
 * them, of appends and of calls of a backend a seed chooses who goes on. What stands at the end is read off the array and the gateways themselves.
 */
import { cinderDriver, sixCalls, type CinderError, type CinderVolume } from '@blockledger/app/cinder-driver';
import * as E from 'fp-ts/lib/Either.js';
import { returned } from '../support/cinder/world.ts';
import { GIB, raceTests, WON, type Race, type RaceVolume } from '../support/races/race.ts';
import { raceWorld, type RaceSide } from '../support/races/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('races by the six calls');
const world = await raceWorld();
const { plane, client: control } = world;

const host = (name: string) => ({ initiator: `iqn.1993-08.org.debian:01:${name}`, host: name, multipath: true });
const [ONE, OTHER] = [host('one'), host('other')];

const callsOf = ({ place }: RaceSide) => sixCalls({ control, ...place });
const driverOf = ({ place }: RaceSide) => cinderDriver({ control, ...place, volumeBackendName: 'races' });
const cinders = ({ id, name }: RaceVolume, multiattach = false): CinderVolume => ({ id, name, size: 1, multiattach });

/** A call after the other until one fails; its exception and why. */
const inOrder = async (calls: readonly (() => Promise<E.Either<CinderError, unknown>>)[]): Promise<string> => {
  for (const call of calls) {
    const answer = await call();
    if (E.isLeft(answer)) return `${answer.left._tag} ${answer.left.code}`;
  }
  return WON;
};

const attaching =
  (side: RaceSide, volume: CinderVolume, connector: typeof ONE) =>
  (): Promise<string> => {
    const calls = callsOf(side);
    return inOrder([
      () => calls.reserve_volume(volume),
      () => calls.initialize_connection(volume, connector),
      () => calls.attach(volume, { instance_uuid: `vm-${connector.host}`, host_name: connector.host, mount_point: '/dev/vdb', mode: 'rw' }),
    ]);
  };

const detaching =
  (side: RaceSide, volume: CinderVolume, connector: typeof ONE) =>
  (): Promise<string> => {
    const calls = callsOf(side);
    return inOrder([() => calls.begin_detaching(volume), () => calls.terminate_connection(volume, connector), () => calls.detach(volume, null)]);
  };

const must = async (work: () => Promise<string>): Promise<void> => {
  const end = await work();
  if (end !== WON) throw new Error(end);
  await plane.idle();
};

const isInvalid = (end: string): boolean => end.startsWith('InvalidVolume ');
const isMissing = (end: string): boolean => isInvalid(end) || end === 'VolumeNotFound VolumeNotFound';
const grown = 2 * GIB;

const all: Readonly<Record<string, Race>> = {
  'of two hosts that attach one volume at once, one has it, and the other one is told that it is not available [S4-2, S4-3, S4-4, S4-8, R-28, I-15]': {
    rivals: (side, volume) => [attaching(side, cinders(volume), ONE), attaching(side, cinders(volume), OTHER)],
    outcome: ([one, other]) => (one === WON && isInvalid(other) ? [{ sizeBytes: GIB, letIn: [ONE.initiator] }] : isInvalid(one) && other === WON ? [{ sizeBytes: GIB, letIn: [OTHER.initiator] }] : []),
    reached: ['accepted, InvalidVolume MappingNeedsShared: one', 'InvalidVolume MappingNeedsShared, accepted: other'],
  },
  'two hosts that attach a multiattach volume at once both have it, each by an attachment of its own [S4-2, S4-3, S4-4, S4-8, R-28]': {
    rivals: (side, volume) => [attaching(side, cinders(volume, true), ONE), attaching(side, cinders(volume, true), OTHER)],
    outcome: ([one, other]) => (one === WON && other === WON ? [{ sizeBytes: GIB, letIn: [ONE.initiator, OTHER.initiator] }] : []),
    reached: ['accepted, accepted: one and other'],
  },
  'a volume is attached or deleted, and never both [S4-2, S1-31, S1-7, R-28, I-15]': {
    rivals: (side, volume) => [attaching(side, cinders(volume), ONE), () => inOrder([() => driverOf(side).delete_volume(cinders(volume))])],
    outcome: ([attach, remove]) =>
      attach === WON && remove === 'VolumeIsBusy VolumeIsAttached' ? [{ sizeBytes: GIB, letIn: [ONE.initiator] }] : isMissing(attach) && remove === WON ? [{ sizeBytes: null, letIn: [] }] : [],
    reached: ['accepted, VolumeIsBusy VolumeIsAttached: one', 'VolumeNotFound VolumeNotFound, accepted: nobody'],
  },
  'a volume that is detached while it grows has its new size, and nobody is let in to it any more [S4-5, S4-6, S4-7, S1-8, R-28]': {
    before: (side, volume) => must(attaching(side, cinders(volume), ONE)),
    rivals: (side, volume) => [detaching(side, cinders(volume), ONE), () => inOrder([() => driverOf(side).extend_volume(cinders(volume), grown / GIB)])],
    outcome: ([detach, resize]) => (detach === WON && resize === WON ? [{ sizeBytes: grown, letIn: [] }] : []),
    reached: ['accepted, accepted: nobody'],
  },
  'who takes a volume from everybody takes it from a second host, or comes before it, and the first host never keeps it [S4-6, S1-35, R-28]': {
    before: (side, volume) => must(attaching(side, cinders(volume, true), ONE)),
    rivals: (side, volume) => [() => inOrder([() => callsOf(side).terminate_connection(cinders(volume, true), null)]), attaching(side, cinders(volume, true), OTHER)],
    // Who is in the middle of it is told that he was cut off.
    outcome: ([terminate, attach]) => (terminate !== WON ? [] : [{ sizeBytes: GIB, letIn: [] }, ...(attach === WON ? [{ sizeBytes: GIB, letIn: [OTHER.initiator] }] : [])]),
    reached: ['accepted, accepted: other', 'accepted, accepted: nobody'],
  },
};

raceTests(test, {
  world,
  all,
  runs: Number(process.env['BLOCKLEDGER_RACES'] ?? 5),
  takenAway: async (side, volume) => {
    for (const { id } of plane.volumes.get(volume.id)?.attachments ?? []) returned(await callsOf(side).detach(cinders(volume), id));
    returned(await driverOf(side).delete_volume(cinders(volume)));
  },
});
test.run();
