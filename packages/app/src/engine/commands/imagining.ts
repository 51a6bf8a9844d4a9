/** What would be: commands are decided on the present states, and all work that they would owe is followed to its end. Nothing is stored or sent. */
import { placeOf, type BackendAction, type CallResult, type CommandMeta, type DomainCommand, type Outcome, type Refusal, type Reply, type Tagged, type TargetAction, type VipAction } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import type { Plan, PlannedWork } from '../controlPlane.ts';
import type { Callees } from '../backends/callees.ts';
import { shownData } from '../events/entries.ts';
import { aggregates, kindOf, type Kind, type OwedWork } from './aggregates.ts';
import { refusalOfStore } from './commandHandler.ts';
import { gatherFacts, type FactSources, type ReadState } from './facts.ts';
import { dataOf } from './folding.ts';
import { refuseUnreadable } from './unreadable.ts';

/** So much work of one command shows enough. */
const LONGEST_PLAN = 500;

export interface ImaginingParts {
  readonly callees: Callees;
  readonly states: States;
  readonly facts: Omit<FactSources, 'read'>;
}

export type ImaginedCommand = E.Either<Refusal, { readonly stream: string; readonly reply: Reply }>;

/** States as they would be, over the real ones. */
export interface Imagined {
  readonly execute: (to: Kind, input: unknown, meta: CommandMeta) => Promise<ImaginedCommand>;
  /** Carries out one piece of work of a real stream, as if it could run. */
  readonly perform: (stream: string, work: OwedWork, meta: CommandMeta) => Promise<void>;
  /** Carries out everything that is owed now where something was changed. */
  readonly finish: (meta: CommandMeta) => Promise<void>;
  readonly states: States;
  /** What was decided and done until now. */
  readonly told: () => Omit<Plan, 'stream'>;
}

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
    case 'observeInstance':
      return { exists: true, holds: true };
    case 'ensureInstance':
      return { exists: true, state: action.yielding ? 'backup' : 'master', holds: !action.yielding };
    default:
      return { exists: true };
  }
};

type Changed = Map<string, object>;

/** The real states with those in front that were changed here. */
const overlay = (states: States, changed: Changed): States => ({
  ...states,
  peek: (stream) => {
    const kind = kindOf(stream);
    const state = changed.get(stream);
    return kind === undefined || state === undefined ? states.peek(stream) : { kind, revision: states.peek(stream)?.revision ?? -1, state };
  },
  load: async (stream) => {
    const kind = kindOf(stream);
    const state = changed.get(stream);
    return kind === undefined || state === undefined ? states.load(stream) : E.right({ kind, revision: states.peek(stream)?.revision ?? -1, state });
  },
  volumeState: (id) => (changed.get(`volume-${id}`) as ReturnType<States['volumeState']>) ?? states.volumeState(id),
  snapshotState: (id) => (changed.get(`snapshot-${id}`) as ReturnType<States['snapshotState']>) ?? states.snapshotState(id),
});

/** Decides, and keeps what would be stored. */
const makeDeciding = (states: States, changed: Changed, facts: Omit<FactSources, 'read'>) => {
  const events: Plan['events'][number][] = [];
  const read: ReadState = async (stream) => E.map(({ state }: { readonly state: object }): unknown => state)(await states.load(stream));
  const execute: Imagined['execute'] = async (to, input, meta) => {
    const aggregate = aggregates[to];
    const decoded = aggregate.decodeCommand(input);
    if (E.isLeft(decoded)) return E.left(refuseUnreadable(decoded.left));
    const stream = aggregate.streamOf(decoded.right);
    const before = await read(stream);
    if (E.isLeft(before)) return E.left(refusalOfStore(before.left));
    const gathered = await gatherFacts({ ...facts, read }, to, before.right, decoded.right);
    if (E.isLeft(gathered)) return E.left(refusalOfStore(gathered.left));
    const decided = aggregate.decide(before.right, decoded.right, meta, gathered.right);
    if (E.isLeft(decided)) return decided;
    const state = decided.right.reduce((folded, event) => aggregate.evolve(folded, event), before.right);
    changed.set(stream, state as object);
    events.push(...decided.right.map((event: Tagged) => ({ stream, type: event.type, data: shownData(to, dataOf(event)) })));
    return E.right({ stream, reply: aggregate.reply(state, decoded.right) });
  };
  return { events, execute };
};

type Tells = NonNullable<PlannedWork['tells']>;

const tellAll = async (execute: Imagined['execute'], commands: readonly DomainCommand[], meta: CommandMeta): Promise<{ readonly tells: Tells; readonly outcome: Outcome }> => {
  const tells: Tells[number][] = [];
  const replies: Reply[] = [];
  for (const { to, command } of commands) {
    const told = await execute(to, command, meta);
    if (E.isLeft(told)) {
      tells.push({ stream: aggregates[to].streamOf(command), type: command.type, refusal: told.left });
      return { tells, outcome: { _tag: 'Refused', refusal: told.left } };
    }
    tells.push({ stream: told.right.stream, type: command.type });
    replies.push(told.right.reply);
  }
  return { tells, outcome: { _tag: 'Told', replies } };
};

/** Begins with the present. */
export const imagine = ({ callees, states: real, facts }: ImaginingParts): Imagined => {
  const changed: Changed = new Map();
  const states = overlay(real, changed);
  const { events, execute } = makeDeciding(states, changed, facts);
  const work: PlannedWork[] = [];
  const seen = new Set<string>();

  const performs = (owed: Extract<OwedWork, { kind: 'perform' }>): NonNullable<PlannedWork['performs']> => ({
    poolId: owed.on === 'block' ? owed.poolId : null,
    ...placeOf(owed),
    action: owed.action,
    steps: callees.of(owed)?.plan() ?? [],
  });

  const perform: Imagined['perform'] = async (stream, owed, meta) => {
    seen.add(`${stream} ${owed.workId}`);
    const common = { workId: owed.workId, step: owed.step, stream };
    const done =
      owed.kind === 'tell'
        ? await tellAll(execute, owed.commands, meta)
        : { performs: performs(owed), outcome: { _tag: 'Performed', result: expectedResult(owed.action) } satisfies Outcome };
    const kind = kindOf(stream);
    const command = kind === undefined ? undefined : aggregates[kind].settle(states.peek(stream)?.state, owed, done.outcome);
    if (kind !== undefined && command !== undefined) await execute(kind, command, meta);
    work.push('tells' in done ? { ...common, tells: done.tells } : { ...common, performs: done.performs });
  };

  const owedNow = ({ issuedAt }: CommandMeta): { readonly stream: string; readonly owed: OwedWork } | undefined => {
    for (const [stream, state] of changed) {
      const kind = kindOf(stream);
      const owed = kind === undefined ? undefined : aggregates[kind].owed(state).find(({ workId, notBefore }) => !seen.has(`${stream} ${workId}`) && (notBefore ?? 0) <= issuedAt);
      if (owed !== undefined) return { stream, owed };
    }
    return undefined;
  };

  return {
    execute,
    perform,
    states,
    finish: async (meta) => {
      const most = work.length + LONGEST_PLAN;
      for (let next = owedNow(meta); next !== undefined && work.length < most; next = owedNow(meta)) await perform(next.stream, next.owed, meta);
    },
    told: () => ({ events, work }),
  };
};
