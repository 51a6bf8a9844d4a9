import { accessPath, accessToken, backend, clientGroup, host, noAccessPathFacts, noReservationFacts, pool, reservation, snapshot, vipGroup, volume, webhook } from '@blockledger/domain';
import type { DomainCommand, Outcome, Work } from '@blockledger/domain';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { metaOf, NOON } from '../support/decider.ts';
import { beginWalk, nothingSeen, seeds, steps, type Walk } from '../support/domainWalk.ts';
import { secretFactsOf, targetFacts } from '../support/pathWorld.ts';
import { able, bytes, cloneFacts, facts, poolFacts, webhookFacts } from '../support/samples.ts';
import { suite } from '../support/suite.ts';

const test = suite('laws of every decider');

type Event = { readonly type: string };
/** A decider whose types are forgotten, so that any state, command and facts can be put together. */
interface Any {
  readonly initial: unknown;
  readonly decide: (state: unknown, command: unknown, meta: ReturnType<typeof metaOf>, facts: unknown) => { readonly _tag: 'Left' } | { readonly _tag: 'Right'; readonly right: readonly Event[] };
  readonly evolve: (state: unknown, event: unknown) => unknown;
  readonly owed: (state: unknown) => readonly Work<DomainCommand>[];
  readonly settle: (state: unknown, work: Work<DomainCommand>, outcome: Outcome) => unknown;
  readonly reply: (state: unknown, command: unknown) => unknown;
  readonly answer: (state: unknown, operationId: string) => unknown;
  readonly event: { readonly decode: (u: unknown) => { readonly _tag: string }; readonly types: readonly string[] };
  readonly command: { readonly decode: (u: unknown) => { readonly _tag: string }; readonly types: readonly string[] };
}
const deciders = { volume, snapshot, pool, backend, token: accessToken, webhook, reservation, host, clientGroup, accessPath, vipGroup } as unknown as Readonly<Record<DomainCommand['to'], Any>>;
const kinds = Object.keys(deciders) as readonly DomainCommand['to'][];

const factsOf: Readonly<Record<DomainCommand['to'], readonly unknown[]>> = {
  volume: [facts, { pool: null, snapshot: null, source: null }, cloneFacts(), cloneFacts({ usable: false }, { depth: 16 }), { ...facts, pool: poolFacts({ health: 'error' }) }, { ...facts, pool: poolFacts({ capabilities: null }) }],
  snapshot: [{ pool: poolFacts() }, { pool: null }],
  pool: [{ capabilities: able, identity: null, provisionedBytes: 0 }, { capabilities: null, identity: null, provisionedBytes: 7 }],
  backend: [{ known: true }, { known: false }],
  token: [null],
  webhook: [webhookFacts(), webhookFacts({ url: null, secretBytes: null, registered: 100, kinds: [], types: [] })],
  reservation: [noReservationFacts, { limit: 1, limitUnknown: null }],
  host: [{ targets: targetFacts, vips: { reaches: true } }, { targets: null, vips: null }],
  clientGroup: [{ secret: secretFactsOf(7), paths: [] }, { secret: null, paths: [] }],
  accessPath: [noAccessPathFacts],
  vipGroup: [{ members: [], tenant: 'default', sessions: { known: true, sessions: [] } }, { members: null, tenant: null, sessions: { known: false, why: 'nobody answers' } }],
};

const outcomes: readonly Outcome[] = [
  { _tag: 'Told', replies: [{ number: 3 }] },
  { _tag: 'Performed', result: {} },
  { _tag: 'Performed', result: { sizeBytes: bytes(1024), hasParent: false } },
  { _tag: 'Refused', refusal: { _tag: 'X', rule: 'x', spec: 'x', message: 'x', remedy: 'x' } },
  { _tag: 'Failed', error: { _tag: 'Permanent', code: 'x', message: 'x' } },
  { _tag: 'Delayed', error: { _tag: 'Retryable', code: 'x', message: 'x', outcomeUnknown: true } },
];

/** Everything one walk leaves behind: the commands it sent, and the states it ended in, by kind. */
interface Trail {
  readonly walk: Walk;
  readonly commands: readonly DomainCommand[];
  readonly states: readonly { readonly kind: DomainCommand['to']; readonly state: unknown }[];
}

const trailOf = (walked: Parameters<Walk['step']>[0][]): Trail => {
  const commands: DomainCommand[] = [];
  const walk = beginWalk(nothingSeen(), (command) => commands.push(command));
  for (const step of walked) walk.step(step);
  const states = [...kinds.map((kind) => ({ kind, state: deciders[kind].initial })), ...walk.it.streams.values()];
  return { walk, commands, states };
};

const commandsFor = (commands: readonly DomainCommand[], kind: DomainCommand['to']): readonly unknown[] => commands.filter(({ to }) => to === kind).map(({ command }) => command);

const laws = (law: (trail: Trail) => void, numRuns: number): void => {
  for (const seed of chosen)
    fc.assert(fc.property(steps(30, 120), (walked) => law(trailOf([...walked]))), { seed, numRuns, endOnFailure: true, includeErrorInReport: true });
};
const chosen = seeds();

test('deciding never throws, whatever state, command and facts meet, and what it says is an event that decodes after JSON [I-12, I-29]', () => {
  laws(({ commands, states }) => {
    for (const { kind, state } of states) {
      const decider = deciders[kind];
      for (const command of commandsFor(commands, kind).slice(-25))
        for (const found of factsOf[kind]) {
          const decided = decider.decide(state, command, metaOf(1, NOON), found);
          for (const event of decided._tag === 'Right' ? decided.right : []) {
            const stored: unknown = JSON.parse(JSON.stringify(event));
            assert.equal(stored, event, 'an event is plain JSON');
            assert.is(decider.event.decode(stored)._tag, 'Right', event.type);
          }
        }
    }
  }, 40);
});

test('evolving never throws on any events in any order, and states are plain JSON [I-29]', () => {
  const all: Record<DomainCommand['to'], Event[]> = { volume: [], snapshot: [], pool: [], backend: [], token: [], webhook: [], reservation: [], host: [], clientGroup: [], accessPath: [], vipGroup: [] };
  laws(({ commands, states }) => {
    for (const { kind, state } of states)
      for (const command of commandsFor(commands, kind).slice(-8)) {
        const decided = deciders[kind].decide(state, command, metaOf(1, NOON), factsOf[kind][0]);
        if (decided._tag === 'Right') all[kind].push(...decided.right);
      }
    for (const kind of kinds) {
      const decider = deciders[kind];
      const pick = (n: number): readonly Event[] => all[kind].filter((_, at) => (at * 7919) % 13 === n).slice(-40);
      for (const n of [0, 3, 5]) {
        const state = [...pick(n), ...pick(n).toReversed()].reduce<unknown>((folded, event) => decider.evolve(folded, event), decider.initial);
        assert.equal(JSON.parse(JSON.stringify(state)), state);
        assert.ok(decider.owed(state).every(({ workId }) => workId.length > 0));
      }
    }
  }, 40);
});

test('a state read back from JSON decides and owes the same [I-27]', () => {
  laws(({ states }) => {
    for (const { kind, state } of states) {
      const read: unknown = JSON.parse(JSON.stringify(state));
      assert.equal(read, state);
      assert.equal(deciders[kind].owed(read), deciders[kind].owed(state));
    }
  }, 40);
});

test('no two pieces of owed work share an id, within an aggregate and over all of them [I-3, I-15]', () => {
  laws(({ states }) => {
    for (const { kind, state } of states) {
      const ids = deciders[kind].owed(state).map(({ workId }) => workId);
      assert.is(new Set(ids).size, ids.length, ids.join());
    }
  }, 50);
});

test('every owed work can be settled however it ended; said a second time, the outcome changes nothing [I-6, I-15, I-16]', () => {
  laws(({ states }) => {
    for (const { kind, state } of states) {
      const decider = deciders[kind];
      for (const work of decider.owed(state))
        for (const outcome of outcomes) {
          if ((outcome._tag === 'Told' || outcome._tag === 'Refused') !== (work.kind === 'tell') && outcome._tag !== 'Failed' && outcome._tag !== 'Delayed') continue;
          const command = decider.settle(state, work, outcome);
          assert.is(decider.command.decode(JSON.parse(JSON.stringify(command)))._tag, 'Right');
          const first = decider.decide(state, command, metaOf(1, NOON), factsOf[kind][0]);
          assert.is(first._tag, 'Right', `${work.step} ${outcome._tag}`);
          const events = first._tag === 'Right' ? first.right : [];
          assert.ok(events.length > 0 || kind === 'pool' || outcome._tag === 'Delayed', `${work.step} ${outcome._tag} changes nothing`);
          const after = events.reduce<unknown>((folded, event) => decider.evolve(folded, event), state);
          const again = decider.decide(after, command, metaOf(2, NOON), factsOf[kind][0]);
          // Giving a sample answer twice to work whose round comes again is told apart by the driver's command id.
          assert.equal(again._tag === 'Right' ? again.right : 'refused', [], `${work.step} ${outcome._tag} settled twice`);
        }
    }
  }, 50);
});

/** Repeating these on the resulting state says nothing more: they set something to a value or release it. */
const settled = new Set(['ReleaseMapping', 'ReleaseAttachment', 'CompleteAttachment', 'LeaveVolumeGroup', 'ReserveMapping', 'ReserveAttachment', 'JoinVolumeGroup', 'PromoteVolume', 'DemoteVolume', 'ProtectSnapshot', 'UnprotectSnapshot', 'ReportPoolHealth', 'PausePool', 'ResumePool', 'PauseBackend', 'ResumeBackend', 'Reserve', 'Release', 'RevokeAccessToken', 'UpdateWebhook', 'RotateSecret', 'RecordDelivery']);
/** Asking for deliveries from somewhere is asking for them again: the command id tells a repeat. */
const anew = new Set(['WebhookMoved']);
/** Repeating these begins another operation, which the first must have ended or refuses: the command id tells a repeat. */
const begins = new Set(['CreateVolume', 'AdoptVolume', 'RecoverVolume', 'CreateSnapshot', 'RecoverSnapshot', 'RollBackVolume', 'FlattenVolume', 'MigrateVolume', 'DeleteVolume', 'UndeleteVolume', 'DisownVolume', 'UpdateVolume', 'DeleteSnapshot', 'RegisterPool', 'RetirePool', 'UpdatePool', 'RetryOperation', 'AbandonOperation', 'CancelOperation', 'IssueAccessToken', 'RegisterWebhook', 'RemoveWebhook']);

test('an accepted command repeated at once changes nothing more: it says nothing or is refused [I-16, I-32]', () => {
  laws(({ commands, states }) => {
    for (const { kind, state } of states) {
      const decider = deciders[kind];
      for (const command of commandsFor(commands, kind).slice(-40) as readonly Event[]) {
        const first = decider.decide(state, command, metaOf(1, NOON), factsOf[kind][0]);
        if (first._tag === 'Left' || first.right.length === 0) continue;
        const after = first.right.reduce<unknown>((folded, event) => decider.evolve(folded, event), state);
        const second = decider.decide(after, command, metaOf(2, NOON), factsOf[kind][0]);
        const more = second._tag === 'Right' ? second.right.filter(({ type }) => !anew.has(type)) : [];
        assert.ok(settled.has(command.type) || begins.has(command.type), `${command.type} is in neither list`);
        assert.equal(more, [], `${command.type} was accepted twice`);
      }
    }
  }, 30);
});

test('no state is without an exit: after retries and a forced deletion every volume of every walk is gone [I-26]', async () => {
  const { takeDown } = await import('../support/auditor.ts');
  laws(({ walk }) => assert.equal(takeDown(walk), []), 40);
});

test.run();
