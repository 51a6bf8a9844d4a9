import { AccessPathEvent, accessPathRefusals, ClientGroupEvent, clientGroupRefusals, HostEvent, hostRefusals, VipGroupEvent, vipGroupRefusals } from '@blockledger/domain';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { ofConnections } from '../support/attachmentDraws.ts';
import { nothingSeen, seeds, steps } from '../support/domainWalk.ts';
import { pathFaultsAtRest, pathFaultsOf, takePathsDown } from '../support/pathAuditor.ts';
import { beginPathWalk } from '../support/pathWalk.ts';
import { suite } from '../support/suite.ts';

const test = suite('walks over access paths');
const seen = nothingSeen();
/** Enough for the closing test with the seed of always; a fresh one only looks for what is new. */
const runsOf = (seed: number): number => (seed === 42 ? 360 : 80);

for (const seed of seeds()) {
  const name = seed === 42 ? 'the seed of always' : 'a fresh seed';
  test(`whatever is asked while hosts come and go, a portal stays, no number means two volumes, and no volume is served that has not agreed: ${name} [I-19, I-20, I-21, I-22, I-23, R-12, R-13, R-14, R-16, R-18]`, () => {
    fc.assert(
      fc.property(steps(60, 300), (walked) => {
        const walk = beginPathWalk(seen);
        for (const step of walked) {
          walk.step(step);
          const faults = pathFaultsOf(walk);
          if (faults.length > 0) throw new Error(`after ${JSON.stringify(step)}: ${faults.join('; ')}`);
        }
        walk.calm();
        assert.equal(pathFaultsAtRest(walk), []);
        assert.equal(takePathsDown(walk), []);
        assert.equal(pathFaultsAtRest(walk), []);
      }),
      { seed, numRuns: runsOf(seed), includeErrorInReport: true, endOnFailure: process.env['BLOCKLEDGER_SHRINK'] === undefined },
    );
  });
}

/** What the walks cannot reach, with the reason. The examples under test/examples/domain reach every refusal. */
const outOfReach: Readonly<Record<string, string>> = {
  'accessPath TooManyMappingGroups': '256 mapping groups in one walk',
  'clientGroup CapabilityIsMissing': 'mutual CHAP for a client group that is mapped on an array with an account, and nowhere without one: rare beside attachments',
  'accessPath AccessPathHasNoTargets': 'a path that nothing hangs on, whose hosts were all taken away one by one, before somebody attaches by it',
  'accessPath TooManyVipGroups': 'five VIP groups on one access path in one walk',
};

const of = { host: [HostEvent.types, hostRefusals], clientGroup: [ClientGroupEvent.types, clientGroupRefusals], accessPath: [AccessPathEvent.types, accessPathRefusals], vipGroup: [VipGroupEvent.types, vipGroupRefusals] } as const;
for (const [kind, [types, refusals]] of Object.entries(of) as readonly (readonly [keyof typeof of, (typeof of)[keyof typeof of]])[]) {
  test(`the walks reach every answer that a ${kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} can give`, () => {
    const unreached = [...types.filter((type) => !seen[kind].events.has(type)), ...Object.keys(refusals).filter((tag) => !seen[kind].refusals.has(tag))].map((tag) => `${kind} ${tag}`);
    assert.equal(unreached.filter((answer) => !Object.hasOwn(outOfReach, answer)), []);
  });
}

test('the walks reach what volumes answer about connections of their attachments', () => {
  assert.equal(
    ofConnections.filter((name) => !seen.volume.events.has(name) && !seen.volume.refusals.has(name)),
    [],
  );
});

test('the walks reach what only access paths and virtual IPs are refused of reservations', () => {
  assert.equal(
    ['AddressIsTaken', 'VridIsTaken'].filter((tag) => !seen.reservation.refusals.has(tag)),
    [],
  );
});

test.run();
