/**
 * What the log does not tell of actions, parameters and refusals, is put aside in the store: the latest of it, as a cache that may be lost.
 * A refusal must not grow the log, or anybody could fill it by asking for nonsense; but after a planned restart an operator still finds
 * what was refused last night, and why.
 *
 * It is a ring of parts of a hundred actions: a part is written when it is full, and never again, so that what an action costs does not grow
 * with how many are remembered.
 */
import { explain } from './folding.ts';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { orNull, StoredRefusal } from '@blockledger/domain';
import type { ActionCore, ActionRecords } from '../../queries/actionRecords.ts';
import type { States } from '../../queries/states.ts';
import type { SubjectKindName } from '../../queries/views.ts';
import type { Engine } from '../parts.ts';

/** Rises when what is put aside has another form. */
const VERSION = 2;
/** Actions in a part, and how many parts there are: 2,000 actions, and those of the part that fills. */
const PART = 100;
const PARTS = 21;
/** So many characters of JSON in a part at most: where there are more, its oldest are left out. */
const MOST_CHARACTERS = 200_000;

/** What an action can be about: every kind that there is, or the whole part would be unreadable. */
const SUBJECT_KINDS = { volume: null, snapshot: null, pool: null, host: null, clientGroup: null, accessPath: null, vipGroup: null, backend: null, token: null, webhook: null } as const satisfies Readonly<Record<SubjectKindName, null>>;
const Subject = t.type({ kind: t.keyof(SUBJECT_KINDS), id: t.string });
const Core = t.type({
  number: t.number,
  commandId: t.string,
  issuedBy: t.string,
  tenant: t.string,
  owner: orNull(t.string),
  correlationId: t.string,
  clientAddress: orNull(t.string),
  action: t.string,
  parameters: t.unknown,
  resource: orNull(Subject),
  related: t.array(Subject),
  result: t.union([t.type({ _tag: t.literal('accepted'), events: t.array(t.string) }), t.type({ _tag: t.literal('refused'), refusal: StoredRefusal })]),
  startedAt: t.number,
  finishedAt: t.number,
});
/** `round` counts parts since the first, so that the order of the ring is known. */
const Aside = t.type({ round: t.number, actions: t.array(Core) });
type Aside = t.TypeOf<typeof Aside>;

export interface ActionMemory {
  /** Takes in what was put aside; before the log is replayed. */
  readonly recall: () => Promise<void>;
  /** To be called after each action. */
  readonly noted: (commandId: string) => void;
  /** Puts aside what there is; before the store closes. */
  readonly save: () => Promise<void>;
}

/** The name under which a part is kept. */
const streamOf = (round: number): string => (round % PARTS === 0 ? 'actions' : `actions-${round % PARTS}`);

/** The latest of a part, oldest first, as far as there is room. */
const coresOf = (numbers: readonly number[], records: ActionRecords): readonly ActionCore[] => {
  const found: ActionCore[] = [];
  let room = MOST_CHARACTERS;
  for (const number of numbers.toReversed()) {
    const record = records.at(number);
    if (record === undefined) continue;
    const { told: _told, ...core } = record;
    room -= JSON.stringify(core).length;
    if (room < 0) break;
    found.push(core);
  }
  return found.toReversed();
};

export const makeActionMemory = ({ store, logger }: Pick<Engine, 'store' | 'logger'>, states: Pick<States, 'head'>, records: ActionRecords): ActionMemory => {
  let round = 0;
  let numbers: number[] = [];
  /** Parts that are not put aside as they are now. */
  const unsaved = new Map<number, readonly number[]>();
  let saving: Promise<void> = Promise.resolve();

  const put = async (): Promise<void> => {
    // What is noted meanwhile waits for its own turn.
    const parts = [...unsaved];
    for (const [at, part] of parts) {
      const { length } = part;
      const saved = await store.saveState({ stream: streamOf(at), foldVersion: VERSION, revision: Math.max(0, states.head()), state: { round: at, actions: coresOf(part, records) } })();
      // What could not be put aside is tried again with the next.
      if (E.isLeft(saved)) return logger.warn({ error: saved.left }, 'the latest actions could not be put aside');
      if (part.length === length) unsaved.delete(at);
    }
  };
  const save = (): Promise<void> => (saving = saving.then(put));

  /** Undefined for a part that is not there, or cannot be read. */
  const load = async (slot: number): Promise<Aside | undefined> => {
    const loaded = await store.loadState(streamOf(slot), VERSION)();
    if (E.isLeft(loaded)) logger.warn({ error: loaded.left }, 'the latest actions could not be read back');
    if (E.isLeft(loaded) || loaded.right === undefined) return undefined;
    const decoded = Aside.decode(loaded.right.state);
    if (E.isRight(decoded)) return decoded.right;
    const { path, reason } = explain(decoded.left);
    logger.warn({ path, reason }, 'the latest actions were put aside in another form');
    return undefined;
  };

  return {
    recall: async () => {
      const parts: Aside[] = [];
      for (let slot = 0; slot < PARTS; slot += 1) {
        const part = await load(slot);
        if (part !== undefined) parts.push(part);
      }
      // What was answered twice stands in two parts, and the later one counts.
      parts.sort((a, b) => a.round - b.round);
      for (const { actions } of parts) records.restore(actions);
      const last = parts.at(-1);
      if (last === undefined) return;
      // A part that an end in order left half full is filled.
      const isFull = last.actions.length >= PART;
      round = last.round + (isFull ? 1 : 0);
      numbers = isFull ? [] : last.actions.map(({ number }) => number);
    },
    noted: (commandId) => {
      const number = records.of(commandId)?.number;
      if (number === undefined) return;
      if (!numbers.includes(number)) numbers.push(number);
      unsaved.set(round, numbers);
      if (numbers.length < PART) return;
      unsaved.delete(round - PARTS);
      round += 1;
      numbers = [];
      void save();
    },
    save,
  };
};
