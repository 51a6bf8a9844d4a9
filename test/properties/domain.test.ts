import { backendRefusals, poolRefusals, reservationRefusals, snapshotRefusals, tokenRefusals, volumeRefusals, webhookRefusals, BackendEvent, PoolEvent, ReservationEvent, SnapshotEvent, TokenEvent, VolumeEvent, WebhookEvent } from '@blockledger/domain';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { ofConnections } from '../support/attachmentDraws.ts';
import { faultsAtRest, faultsOf, takeDown } from '../support/auditor.ts';
import { beginWalk, nothingSeen, seeds, steps } from '../support/domainWalk.ts';
import { suite } from '../support/suite.ts';

const test = suite('walks over the domain');
const seen = nothingSeen();
/** Enough for the closing test with the seed of always; a fresh one only looks for what is new. */
const runsOf = (seed: number): number => (seed === 42 ? 900 : 400);

for (const seed of seeds()) {
  const name = seed === 42 ? 'the seed of always' : 'a fresh seed';
  test(`whatever is asked in whatever order, the auditor finds nothing, and everything can be taken down again: ${name} [I-3, I-11, I-12, I-17, I-26, R-3, R-4, R-9]`, () => {
    fc.assert(
      fc.property(steps(60, 300), (walked) => {
        const walk = beginWalk(seen);
        for (const step of walked) {
          walk.step(step);
          const faults = faultsOf(walk);
          if (faults.length > 0) throw new Error(`after ${JSON.stringify(step)}: ${faults.join('; ')}`);
        }
        walk.calm();
        assert.equal(faultsAtRest(walk), []);
        assert.equal(takeDown(walk), []);
        assert.equal(faultsAtRest(walk), []);
      }),
      { seed, numRuns: runsOf(seed), includeErrorInReport: true, endOnFailure: process.env['BLOCKLEDGER_SHRINK'] === undefined },
    );
  });
}

/** What the walks cannot reach, with the reason. The examples under test/examples/domain reach every refusal. */
const outOfReach: Readonly<Record<string, string>> = {
  'volume CloneTooDeep': 'sixteen clones of clones in one walk of four volumes',
  'volume SnapshotIsInGroupSnapshot': 'group snapshots come with volume groups; a member could not be taken down here',
  'volume PoolIsOnAnotherBackend': 'the pools of these walks are on one backend',
  'volume VolumeAttached': 'logs from before attachments were connected have it',
  'volume VolumeDetached': 'logs from before attachments were connected have it',
  'volume TooManyAttachments': '257 attachments in one walk',
  ...Object.fromEntries(ofConnections.map((name) => [`volume ${name}`, 'the walks over access paths reach it'])),
  'snapshot SnapshotIsInGroupSnapshot': 'group snapshots come with volume groups; a member could not be taken down here',
  'reservation AddressIsTaken': 'the walks over access paths reach it',
  'reservation VridIsTaken': 'the walks over access paths reach it',
  'reservation TooManyVipPaths': 'nine access paths with virtual IPs in one walk',
};

test('the walks reach every answer that the domain can give', () => {
  const missing = (events: readonly string[], refusals: object, of: 'volume' | 'snapshot' | 'pool' | 'backend' | 'token' | 'webhook' | 'reservation'): readonly string[] => [
    ...events.filter((type) => !seen[of].events.has(type)),
    ...Object.keys(refusals).filter((tag) => !seen[of].refusals.has(tag)),
  ];
  const unreached = [
    ...missing(VolumeEvent.types, volumeRefusals, 'volume').map((tag) => `volume ${tag}`),
    ...missing(SnapshotEvent.types, snapshotRefusals, 'snapshot').map((tag) => `snapshot ${tag}`),
    ...missing(PoolEvent.types, poolRefusals, 'pool').map((tag) => `pool ${tag}`),
    ...missing(BackendEvent.types, backendRefusals, 'backend').map((tag) => `backend ${tag}`),
    ...missing(TokenEvent.types, tokenRefusals, 'token').map((tag) => `token ${tag}`),
    ...missing(WebhookEvent.types, webhookRefusals, 'webhook').map((tag) => `webhook ${tag}`),
    ...missing(ReservationEvent.types, reservationRefusals, 'reservation').map((tag) => `reservation ${tag}`),
  ];
  assert.equal(unreached.filter((name) => !Object.hasOwn(outOfReach, name)), []);
});

test.run();
