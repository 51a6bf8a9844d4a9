/** `blockledger history`, `at`. */
import * as E from 'fp-ts/lib/Either.js';
import type { EventBody } from '../../../api/bodies/inspection.ts';
import type { ApiClient } from '../../../client/index.ts';
import type { Ending } from '../../exit.ts';
import type { Io } from '../../frame/io.ts';
import { flag, needed } from '../../frame/parts.ts';
import { moment, oneOf, text } from '../../frame/readers.ts';
import { record } from '../../frame/table.ts';
import { clean, wrapped } from '../../frame/text.ts';
import { showMoment } from '../../frame/time.ts';
import { makeNames, type Names } from '../../history/names.ts';
import { sentenceOf } from '../../history/sentences.ts';
import type { Words } from '../../history/words.ts';
import { resolveRef, type NamedKind } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { poolFields } from '../../show/pools.ts';
import { sizeText } from '../../show/sizes.ts';
import { snapshotFields } from '../../show/snapshots.ts';
import { volumeFields } from '../../show/volumes.ts';
import type { Report } from '../../frame/command.ts';

const kind = needed('<kind>', 'volume, snapshot or pool', oneOf('volume', 'snapshot', 'pool'));
const ref = needed('<resource>', 'its number, UUID or name; what is gone has its number or UUID', { ...text, completion: { of: 'kindBefore' } });

type Told = Promise<E.Either<Ending, { readonly body: { readonly events: readonly EventBody[] } }>>;

const historyOf = async (client: ApiClient, which: NamedKind, of: number | string): Told => {
  switch (which) {
    case 'volume':
      return orEnd(await client.getVolumeHistory({ path: { volume: of } }));
    case 'snapshot':
      return orEnd(await client.getSnapshotHistory({ path: { snapshot: of } }));
    case 'pool':
      return orEnd(await client.getPoolHistory({ path: { pool: of } }));
  }
};

const wordsOf = (io: Io): Words => ({ size: (bytes) => sizeText(io, bytes), moment: (ms) => showMoment(io.screen, ms) });

/** Requests by the chain that each began: what is done later is for them. */
const requestsIn = (events: readonly EventBody[]): ReadonlyMap<string, EventBody> => new Map(events.filter(({ request }) => request !== null).map((event) => [event.correlation_id, event]));

/** Why: what was asked for, or the request that the work was for, where it is one about this resource. */
const whyOf = ({ request, correlation_id: chain }: EventBody, requests: ReadonlyMap<string, EventBody>): string => {
  if (request !== null) return `asked for ${request}`;
  const began = requests.get(chain);
  return began === undefined ? '' : `for ${began.request ?? ''} of ${began.issued_by}`;
};

/** The moment, who and why, then the sentence below, so that it fits everywhere. */
const eventText = (io: Io, requests: ReadonlyMap<string, EventBody>, names: Names) => {
  const { screen } = io;
  return (event: EventBody): string => {
    const { at, issued_by: by, request, type, data } = event;
    const who = request === null ? screen.colour.dim(clean(by)) : screen.colour.cyan(clean(by));
    const why = whyOf(event, requests);
    const head = `${showMoment(screen, at === null ? null : Date.parse(at))}  ${who}${why === '' ? '' : `, ${clean(why)}`}`;
    return `${wrapped(screen, head, 2)}\n  ${wrapped(screen, clean(names.told(sentenceOf(type, data, wordsOf(io)))), 2)}`;
  };
};

export const historyCommand = serviceCommand({
  words: 'history',
  summary: 'Tell everything that happened to a volume, a snapshot or a pool: when, by whom, and why',
  shows: 'sizes',
  takes: { kind, ref },
  options: { asked: flag('--asked', 'only what somebody asked for') },
  examples: [
    { line: 'blockledger history volume 1', does: 'what happened to volume 1' },
    { line: 'blockledger history volume 1 --asked', does: 'who wanted what of it' },
  ],
  run: async ({ kind: which, ref: given, asked }, { client }, io) => {
    const resolved = await resolveRef(client, which, given);
    if (E.isLeft(resolved)) return resolved;
    const answered = await historyOf(client, which, resolved.right);
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const events = asked ? body.events.filter(({ request }) => request !== null) : body.events;
    const names = makeNames(client);
    if (!io.json) for (const { type, stream, data } of body.events) await names.learn({ type, resourceId: stream.slice(which.length + 1), data });
    return E.right({ json: { ...body, events }, show: () => events.map(eventText(io, requestsIn(body.events), names)).join('\n') });
  },
});

interface Then {
  readonly which: NamedKind;
  readonly of: number | string;
  readonly at: number;
}

const lookBack = async (client: ApiClient, { which, of, at }: Then, io: Io): Promise<E.Either<Ending, Report>> => {
  switch (which) {
    case 'volume': {
      const answered = orEnd(await client.getVolume({ path: { volume: of }, query: { at } }));
      return E.isLeft(answered) ? answered : E.right({ json: answered.right.body, show: (screen) => record(volumeFields(io), answered.right.body.block_volume, screen) });
    }
    case 'snapshot': {
      const answered = orEnd(await client.getSnapshot({ path: { snapshot: of }, query: { at } }));
      return E.isLeft(answered) ? answered : E.right({ json: answered.right.body, show: (screen) => record(snapshotFields(io), answered.right.body.block_snapshot, screen) });
    }
    case 'pool': {
      const answered = orEnd(await client.getPool({ path: { pool: of }, query: { at } }));
      return E.isLeft(answered) ? answered : E.right({ json: answered.right.body, show: (screen) => record(poolFields(io), answered.right.body.pool, screen) });
    }
  }
};

export const atCommand = serviceCommand({
  words: 'at',
  summary: 'Show a volume, a snapshot or a pool as it stood at a moment',
  shows: 'sizes',
  takes: { moment: needed('<moment>', 'such as 2026-11-21T07:00:00Z, "yesterday 22:00", or 2h (ago)', moment), kind, ref },
  options: {},
  examples: [{ line: 'blockledger at 0s volume 1', does: 'volume 1 as it stands at this moment' }],
  run: async ({ moment: at, kind: which, ref: given }, { client }, io) => {
    const resolved = await resolveRef(client, which, given);
    return E.isLeft(resolved) ? resolved : lookBack(client, { which, of: resolved.right, at }, io);
  },
});
