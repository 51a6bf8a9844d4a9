/** Dry runs: decide on the present state, fold what would happen, and follow all the work that would be owed. Nothing is stored or sent. */
import { placeOf, type BackendAction, type CallResult, type CommandMeta, type DomainCommand, type Outcome, type Perform, type Refusal, type Reply, type Tagged, type TargetAction, type VipAction } from '@blockledger/domain';
import type { Callees } from '../backends/callees.ts';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import { aggregates, kindOf, type Kind, type OwedWork } from './aggregates.ts';
import type { Asks } from './callers.ts';
import { changedSince, refusalOfStore } from './commandHandler.ts';
import type { Inspection, Plan, PlannedWork } from '../controlPlane.ts';
import { gatherFacts, type FactSources, type ReadState } from './facts.ts';
import { dataOf, explain } from './folding.ts';
import { refuseEngine } from '../refusals.ts';

/** A dry run that goes on for so long shows enough. */
const LONGEST_PLAN = 500;

/** What a call would report if it did what it says. */
const expectedResult = (action: BackendAction | TargetAction | VipAction): CallResult => {
  switch (action.do) {
    case 'ensureVolume':
      return { sizeBytes: action.sizeBytes, exists: true, hasParent: action.parent !== null };
    case 'ensureSize':
      return { sizeBytes: action.toBytes, exists: true };
    case 'ensureFlattened':
      return { exists: true, hasParent: false };
    case 'ensureVolumeGone':
    case 'ensureSnapshotGone':
    case 'ensureTargetGone':
    case 'ensureInstanceGone':
      return { exists: false };
    case 'scanVrids':
      return { heard: [] };
    case 'ensureInstance':
      return { exists: true, state: action.yielding ? 'backup' : 'master', holds: !action.yielding };
    default:
      return { exists: true };
  }
};

interface Imagined {
  readonly events: { readonly stream: string; readonly type: string; readonly data: object }[];
  readonly execute: (to: Kind, input: unknown, meta: CommandMeta) => Promise<E.Either<Refusal, { readonly stream: string; readonly reply: Reply }>>;
  readonly owed: () => readonly { readonly stream: string; readonly work: OwedWork }[];
  readonly state: (stream: string) => unknown;
}

/** States as they would be: those that were changed here, over the real ones. */
const imagine = (states: States, facts: Omit<FactSources, 'read'>): Imagined => {
  const changed = new Map<string, unknown>();
  const events: Imagined['events'] = [];
  const read: ReadState = async (stream) => {
    if (changed.has(stream)) return E.right(changed.get(stream));
    return E.map((entry: { readonly state: unknown }) => entry.state)(await states.load(stream));
  };

  return {
    events,
    state: (stream) => changed.get(stream),
    execute: async (to, input, meta) => {
      const aggregate = aggregates[to];
      const decoded = aggregate.decodeCommand(input);
      if (E.isLeft(decoded)) {
        const { path, reason } = explain(decoded.left);
        return E.left(refuseEngine('InvalidCommand', `${path === '' ? 'the command' : path} ${reason}`, { value: path }));
      }
      const stream = aggregate.streamOf(decoded.right);
      const before = await read(stream);
      if (E.isLeft(before)) return E.left(refusalOfStore(before.left));
      const gathered = await gatherFacts({ ...facts, read }, to, before.right, decoded.right);
      if (E.isLeft(gathered)) return E.left(refusalOfStore(gathered.left));
      const decided = aggregate.decide(before.right, decoded.right, meta, gathered.right);
      if (E.isLeft(decided)) return decided;
      const state = decided.right.reduce((folded, event) => aggregate.evolve(folded, event), before.right);
      changed.set(stream, state);
      events.push(...decided.right.map((event: Tagged) => ({ stream, type: event.type, data: dataOf(event) })));
      return E.right({ stream, reply: aggregate.reply(state, decoded.right) });
    },
    owed: () =>
      [...changed].flatMap(([stream, state]) => {
        const kind = kindOf(stream);
        return kind === undefined ? [] : aggregates[kind].owed(state).map((work) => ({ stream, work }));
      }),
  };
};

interface PlanParts {
  readonly callees: Callees;
  readonly states: States;
  readonly facts: Omit<FactSources, 'read'>;
  readonly callers: Pick<Asks, 'address'>;
}

type Tells = NonNullable<PlannedWork['tells']>;

export const makePlan = ({ callees, states, facts, callers }: PlanParts): Pick<Inspection, 'plan'> => {
  const performs = (work: Perform): NonNullable<PlannedWork['performs']> => {
    const poolId = work.on === 'block' ? work.poolId : null;
    return { poolId, ...placeOf(work), action: work.action, steps: callees.of(work)?.plan() ?? [] };
  };

  const tellAll = async (imagined: Imagined, commands: readonly DomainCommand[], meta: CommandMeta): Promise<{ readonly tells: Tells; readonly outcome: Outcome }> => {
    const tells: Tells[number][] = [];
    const replies: Reply[] = [];
    for (const { to, command } of commands) {
      const told = await imagined.execute(to, command, meta);
      if (E.isLeft(told)) {
        tells.push({ stream: aggregates[to].streamOf(command), type: command.type, refusal: told.left });
        return { tells, outcome: { _tag: 'Refused', refusal: told.left } };
      }
      tells.push({ stream: told.right.stream, type: command.type });
      replies.push(told.right.reply);
    }
    return { tells, outcome: { _tag: 'Told', replies } };
  };

  /** Carries out one piece of work in imagination and tells its owner. */
  const follow = async (imagined: Imagined, stream: string, work: OwedWork, meta: CommandMeta): Promise<PlannedWork> => {
    const common = { workId: work.workId, step: work.step, stream };
    const done =
      work.kind === 'tell'
        ? await tellAll(imagined, work.commands, meta)
        : { performs: performs(work), outcome: { _tag: 'Performed', result: expectedResult(work.action) } satisfies Outcome };
    const kind = kindOf(stream);
    const command = kind === undefined ? undefined : aggregates[kind].settle(imagined.state(stream), work, done.outcome);
    if (kind !== undefined && command !== undefined) await imagined.execute(kind, command, meta);
    return 'tells' in done ? { ...common, tells: done.tells } : { ...common, performs: done.performs };
  };

  /** What would refuse the command as out of date. One that cannot be read has no stream: it is refused as such. */
  const staleness = async (to: Kind, command: unknown, expected: number | undefined): Promise<Refusal | undefined> => {
    const decoded = aggregates[to].decodeCommand(command);
    if (expected === undefined || E.isLeft(decoded)) return undefined;
    const stream = aggregates[to].streamOf(decoded.right);
    const loaded = await states.load(stream);
    return E.isLeft(loaded) ? refusalOfStore(loaded.left) : changedSince(expected, stream, loaded.right.revision);
  };

  return {
    plan: async (request, options = {}) => {
      const addressed = callers.address(request, options);
      if (E.isLeft(addressed)) return addressed;
      const { meta } = addressed.right;
      const { to, command } = addressed.right.addressed;
      const imagined = imagine(states, facts);
      const changed = await staleness(to, command, options.expectedRevision);
      if (changed !== undefined) return E.left(changed);
      const executed = await imagined.execute(to, command, meta);
      if (E.isLeft(executed)) return executed;
      const work: PlannedWork[] = [];
      const seen = new Set<string>();
      const isNow = ({ stream, work: { workId, notBefore } }: { readonly stream: string; readonly work: OwedWork }): boolean =>
        !seen.has(`${stream} ${workId}`) && (notBefore ?? 0) <= meta.issuedAt;
      for (let next = imagined.owed().find(isNow); next !== undefined && work.length < LONGEST_PLAN; next = imagined.owed().find(isNow)) {
        seen.add(`${next.stream} ${next.work.workId}`);
        work.push(await follow(imagined, next.stream, next.work, meta));
      }
      const refused = work.flatMap(({ tells }) => tells ?? []).find(({ refusal }) => refusal !== undefined)?.refusal;
      const plan: Plan = { stream: executed.right.stream, events: imagined.events, work };
      // What a reservation would refuse is the caller's answer, as it would be in earnest.
      return refused === undefined ? E.right(plan) : E.left(refused);
    },
  };
};
