/**
 * What the log does not tell of actions, parameters and refusals, is put aside in the store: the latest of it, as a cache that may be lost.
 * A refusal must not grow the log, or anybody could fill it by asking for nonsense; but after a planned restart an operator still finds
 * what was refused last night, and why.
 */
import { explain } from './folding.ts';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { orNull, StoredRefusal } from '@blockledger/domain';
import type { ActionCore, ActionRecords } from '../../queries/actionRecords.ts';
import type { States } from '../../queries/states.ts';
import type { Engine } from '../parts.ts';

const STREAM = 'actions';
/** Rises when what is put aside has another form. */
const VERSION = 1;
/** So many of the latest, and so many characters of JSON at most. */
const MOST_ACTIONS = 2_000;
const MOST_CHARACTERS = 4_000_000;
/** Put aside again after so many actions. */
const EVERY = 100;

const Subject = t.type({ kind: t.keyof({ volume: null, snapshot: null, pool: null, backend: null, token: null, webhook: null }), id: t.string });
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
const Aside = t.array(Core);

export interface ActionMemory {
  /** Takes in what was put aside; before the log is replayed. */
  readonly recall: () => Promise<void>;
  /** To be called after each action. */
  readonly noted: () => void;
  /** Puts aside what there is; before the store closes. */
  readonly save: () => Promise<void>;
}

/** The latest, oldest first, as far as there is room. */
const latest = (records: ActionRecords): readonly ActionCore[] => {
  const found: ActionCore[] = [];
  let room = MOST_CHARACTERS;
  for (const number of records.numbers().slice(-MOST_ACTIONS).toReversed()) {
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
  let count = 0;
  let isChanged = false;
  let saving: Promise<void> = Promise.resolve();

  const put = async (): Promise<void> => {
    if (!isChanged) return;
    isChanged = false;
    const saved = await store.saveState({ stream: STREAM, foldVersion: VERSION, revision: Math.max(0, states.head()), state: latest(records) })();
    if (E.isLeft(saved)) logger.warn({ error: saved.left }, 'the latest actions could not be put aside');
  };
  const save = (): Promise<void> => (saving = saving.then(put));

  return {
    recall: async () => {
      const loaded = await store.loadState(STREAM, VERSION)();
      if (E.isLeft(loaded)) return logger.warn({ error: loaded.left }, 'the latest actions could not be read back');
      if (loaded.right === undefined) return;
      const decoded = Aside.decode(loaded.right.state);
      if (E.isRight(decoded)) records.restore(decoded.right);
      else {
        const { path, reason } = explain(decoded.left);
        logger.warn({ path, reason }, 'the latest actions were put aside in another form');
      }
    },
    noted: () => {
      isChanged = true;
      count += 1;
      if (count % EVERY === 0) void save();
    },
    save,
  };
};
