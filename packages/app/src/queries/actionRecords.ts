/**
 * Action records as they are kept: accepted ones come from the log, so the latest are there after a restart; refusals are no events, and
 * come from callers as they are answered, or from what was put aside.
 */
import type { Refusal } from '@blockledger/domain';
import { isLeft, type Either } from 'fp-ts/lib/Either.js';
import { aggregates, idOf } from '../engine/commands/aggregates.ts';
import type { Folded } from '../engine/commands/folding.ts';
import type { ActionResult, ActionSubject } from './actionViews.ts';
import { isOfTenants, isResourceKind } from './kinds/index.ts';
import { maskSecrets } from './masking.ts';
import type { Keeping } from './kept.ts';
import { insert } from './numbered.ts';
import type { Change, States } from './states.ts';

/** A command that was answered. */
export interface Answered {
  readonly commandId: string;
  readonly issuedBy: string;
  readonly tenant: string;
  /** The tenant that may see the record; null: only those who see all of them. */
  readonly owner: string | null;
  readonly correlationId: string;
  readonly clientAddress: string | null;
  readonly action: string;
  readonly parameters: unknown;
  readonly resource: ActionSubject | null;
  readonly related: readonly ActionSubject[];
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly answer: Either<Refusal, readonly string[]>;
}

/** What is kept of an action without its events. */
export interface ActionCore extends Omit<Answered, 'answer'> {
  /** The order of actions, the same after a restart. */
  readonly number: number;
  readonly result: ActionResult;
}

/** An event of an action's own, as it is stored. */
export interface Told {
  readonly type: string;
  readonly data: object;
}

export interface ActionRecord extends ActionCore {
  readonly told: readonly Told[];
}

export interface ActionRecords {
  /** Numbers of all that are kept, sorted. */
  readonly numbers: () => readonly number[];
  readonly at: (number: number) => ActionRecord | undefined;
  readonly of: (commandId: string) => ActionRecord | undefined;
  readonly note: (answered: Answered) => void;
  /** Takes in what was put aside; before the log is replayed. */
  readonly restore: (cores: readonly ActionCore[]) => void;
}

/** Between two events there is room for so many refusals, so that their numbers are the same after a restart. */
const NUMBERS_PER_POSITION = 4_096;

/** How far beyond its bound the list may grow before it is cut. */
const slack = (bound: number): number => Math.ceil(bound / 10);

const makeStorage = (kept: number) => {
  const records = new Map<number, ActionRecord>();
  const numberOf = new Map<string, number>();
  const numbers: number[] = [];
  const makeRoom = (): void => {
    if (numbers.length <= kept + slack(kept)) return;
    for (const number of numbers.splice(0, numbers.length - kept)) {
      numberOf.delete(records.get(number)?.commandId ?? '');
      records.delete(number);
    }
  };
  return {
    numbers,
    at: (number: number): ActionRecord | undefined => records.get(number),
    of: (commandId: string): ActionRecord | undefined => records.get(numberOf.get(commandId) ?? -1),
    /** The wanted number, or the next after the last where it is taken. */
    free: (wanted: number): number => (records.has(wanted) ? (numbers.at(-1) ?? 0) + 1 : wanted),
    put: (record: ActionRecord): void => {
      const isNew = !records.has(record.number);
      records.set(record.number, record);
      if (!isNew) return;
      numberOf.set(record.commandId, record.number);
      insert(numbers, record.number);
      makeRoom();
    },
  };
};

interface Subjects {
  readonly resource: ActionSubject;
  readonly related: readonly ActionSubject[];
}

const snapshotsIn = ({ snapshotId, parent }: { readonly snapshotId?: string; readonly parent?: { readonly snapshotId: string } | null }): readonly ActionSubject[] =>
  [snapshotId, parent?.snapshotId].flatMap((id) => (id === undefined ? [] : [{ kind: 'snapshot', id } as const]));

/** What an action is about, by its first event: a new snapshot is asked for at its volume. */
const subjectsOf = ({ kind, stream }: Change, request: string, data: object): Subjects | undefined => {
  if (kind === 'reservation') return undefined;
  const own: ActionSubject = { kind, id: idOf(stream) };
  const snapshots = kind === 'volume' ? snapshotsIn(data) : [];
  const [snapshot] = snapshots;
  return request === 'createSnapshot' && snapshot !== undefined ? { resource: snapshot, related: [own] } : { resource: own, related: snapshots };
};

/** What events of these kinds say is for the engine: a hash, an address with its credentials. */
const UNTOLD: ReadonlySet<Change['kind']> = new Set(['token', 'webhook']);

/** The refusal of an operation that had been written down already. */
const lateRefusal = ({ stored }: Folded): { readonly operationId: string; readonly refusal: Refusal } | undefined => {
  const { operationId, refusal } = stored.data as { readonly operationId?: string; readonly refusal?: Refusal };
  return operationId === undefined || refusal === undefined ? undefined : { operationId, refusal };
};

/** Records over the states; make them before the log is replayed. */
export const makeActionRecords = (states: States, kept: number): ActionRecords & Keeping => {
  const { numbers, at, of, free, put } = makeStorage(kept);

  const append = (record: ActionRecord, told: Told, isTold: boolean): void => {
    if (record.result._tag !== 'accepted' || record.result.events.includes(told.type)) {
      if (isTold && !record.told.some(({ type }) => type === told.type)) put({ ...record, told: [...record.told, told] });
      return;
    }
    put({ ...record, result: { _tag: 'accepted', events: [...record.result.events, told.type] }, told: isTold ? [...record.told, told] : record.told });
  };

  const onEvent = (change: Change, { stored }: Folded): void => {
    const { commandId, inputHash, request, issuedBy, tenant, correlationId, at: moment } = stored.meta;
    if (inputHash === undefined || request === undefined) return;
    const told: Told = { type: stored.type, data: stored.data };
    const isTold = !UNTOLD.has(change.kind);
    const known = of(commandId);
    if (known !== undefined) return append(known, told, isTold);
    const subjects = subjectsOf(change, request, stored.data);
    if (subjects === undefined) return;
    // Pools are everybody's, and what is done to them is the operators' business.
    const owner = isResourceKind(change.kind) && !isOfTenants(change.kind) ? null : (aggregates[change.kind].tenantOf(change.after) ?? null);
    put({
      number: free((stored.position + 1) * NUMBERS_PER_POSITION),
      commandId,
      issuedBy,
      tenant: owner ?? tenant,
      owner,
      correlationId,
      clientAddress: null,
      action: request,
      parameters: null,
      ...subjects,
      result: { _tag: 'accepted', events: [stored.type] },
      told: isTold ? [told] : [],
      startedAt: moment,
      finishedAt: moment,
    });
  };

  states.onChange((change) => {
    if (change.kind === 'reservation') return;
    for (const folded of change.folded) {
      onEvent(change, folded);
      const late = lateRefusal(folded);
      const record = late === undefined ? undefined : of(late.operationId);
      if (late !== undefined && record?.result._tag === 'accepted') {
        put({ ...record, result: { _tag: 'refused', refusal: late.refusal }, finishedAt: folded.stored.meta.at });
      }
    }
  });

  /** What was put aside of an action by itself, and what a checkpoint tells of it: what happened later counts, and events are told by the log only. */
  const joined = (aside: ActionRecord, known: ActionRecord): ActionRecord => {
    const later = aside.result._tag === 'refused' || known.result._tag === 'refused' ? (aside.result._tag === 'refused' ? aside : known) : aside.result.events.length >= known.result.events.length ? aside : known;
    return { ...aside, result: later.result, finishedAt: later.finishedAt, told: known.told };
  };

  return {
    keeps: {
      name: 'actions',
      take: () => numbers.flatMap((number) => at(number) ?? []),
      put: (items) => {
        for (const record of items as readonly ActionRecord[]) {
          const aside = of(record.commandId);
          put(aside === undefined ? { ...record, number: free(record.number) } : joined(aside, record));
        }
      },
    },
    numbers: () => numbers,
    at,
    of,
    note: ({ answer, parameters, ...fields }) => {
      const known = of(fields.commandId);
      const result: ActionResult = isLeft(answer) ? { _tag: 'refused', refusal: answer.left } : { _tag: 'accepted', events: answer.right };
      const number = known?.number ?? free(Math.max((numbers.at(-1) ?? 0) + 1, (states.head() + 1) * NUMBERS_PER_POSITION + 1));
      put({ ...fields, number, parameters: maskSecrets(parameters), result, told: known?.told ?? [] });
    },
    restore: (cores) => {
      for (const core of cores) put({ ...core, told: [] });
    },
  };
};
