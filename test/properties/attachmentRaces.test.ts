/**
 * Attachments of one volume that race, with every append and every call of a backend in an order that a seed chooses. What stands at the end is
 * read off the array and the gateways themselves.
 */
import type { PlaneRequest } from '@blockledger/app';
import * as E from 'fp-ts/lib/Either.js';
import { freshUuid, GIB, raceTests, WON, type Race } from '../support/races/race.ts';
import { raceWorld, type RaceSide } from '../support/races/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('races of attachments');
const world = await raceWorld();
const { plane } = world;

const ONE = 'iqn.1993-08.org.debian:01:one';
const OTHER = 'iqn.1993-08.org.debian:01:other';

const must = async (request: PlaneRequest): Promise<void> => {
  const answer = await plane.request(request, { wait: 'done' });
  if (E.isLeft(answer)) throw new Error(`${request.do}: ${answer.left.message}`);
  await plane.idle();
};

/** Asks, and says how it ended. */
const asks = (request: PlaneRequest) => async (): Promise<string> => {
  const answer = await plane.request(request);
  return E.isLeft(answer) ? answer.left._tag : WON;
};

const attaching = (side: RaceSide, volume: string, initiator: string, shared = false): PlaneRequest => ({
  do: 'reserveAttachment',
  volume,
  input: { id: freshUuid(), shared, connect: { accessPath: side.accessPath, connector: { initiator, host: initiator.slice(-5), multipath: true } } },
});
const detaching = (volume: string): PlaneRequest => ({ do: 'releaseAttachment', volume, input: { id: plane.attachments.list({ volume })[0]?.id ?? '' } });

const all: Readonly<Record<string, Race>> = {
  'of two hosts that attach one volume at once, one has it, and the other one is told no [S4-2, S4-8, R-28, I-15]': {
    rivals: (side, { id }) => [asks(attaching(side, id, ONE)), asks(attaching(side, id, OTHER))],
    outcome: ([one, other]) => (one === WON && other === 'MappingNeedsShared' ? [{ sizeBytes: GIB, letIn: [ONE] }] : one === 'MappingNeedsShared' && other === WON ? [{ sizeBytes: GIB, letIn: [OTHER] }] : []),
    reached: ['accepted, MappingNeedsShared: one', 'MappingNeedsShared, accepted: other'],
  },
  'a volume is attached or deleted, and never both [S1-7, R-28, I-15]': {
    rivals: (side, { id }) => [asks(attaching(side, id, ONE)), asks({ do: 'deleteVolume', volume: id, input: {} })],
    outcome: ([attach, remove]) => (attach === WON && remove !== WON ? [{ sizeBytes: GIB, letIn: [ONE] }] : attach !== WON && remove === WON ? [{ sizeBytes: null, letIn: [] }] : []),
    reached: ['accepted, VolumeIsAttached: one', 'VolumeNotFound, accepted: nobody'],
  },
  'a volume that is detached while it grows has its new size, and nobody is let in to it any more [S1-8, S1-35, R-28]': {
    before: (side, { id }) => must(attaching(side, id, ONE)),
    rivals: (_, { id }) => [asks(detaching(id)), asks({ do: 'updateVolume', volume: id, input: { sizeBytes: 2 * GIB } })],
    outcome: ([detach, resize]) => (detach === WON && resize === WON ? [{ sizeBytes: 2 * GIB, letIn: [] }] : []),
    reached: ['accepted, accepted: nobody'],
  },
  'who takes a volume from everybody takes it from a second host, or comes before it, and the first host never keeps it [S1-35, S4-6, R-28]': {
    before: (side, { id }) => must(attaching(side, id, ONE, true)),
    rivals: (side, { id }) => [asks({ do: 'disconnectAttachments', volume: id, input: {} }), asks(attaching(side, id, OTHER, true))],
    outcome: ([terminate, attach]) => (terminate === WON && attach === WON ? [{ sizeBytes: GIB, letIn: [OTHER] }, { sizeBytes: GIB, letIn: [] }] : []),
    reached: ['accepted, accepted: other', 'accepted, accepted: nobody'],
  },
};

raceTests(test, {
  world,
  all,
  runs: Number(process.env['BLOCKLEDGER_RACES'] ?? 8),
  takenAway: async (_, { id }) => {
    for (const { id: attachment } of plane.volumes.get(id)?.attachments ?? []) await must({ do: 'releaseAttachment', volume: id, input: { id: attachment } });
    await must({ do: 'deleteVolume', volume: id, input: {} });
  },
});
test.run();
