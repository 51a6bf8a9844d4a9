/** `blockledger events`. */
import * as E from 'fp-ts/lib/Either.js';
import { EVENT_SUBJECTS } from '../../api/bodies/subjects.ts';
import { failureMessage, StreamFailed, type ApiClient, type ClientFailure, type EventMessage } from '../../client/index.ts';
import { ending, type Ending } from '../exit.ts';
import type { Outcome } from '../frame/command.ts';
import type { Io } from '../frame/io.ts';
import { flag, maybe, several } from '../frame/parts.ts';
import { oneOf } from '../frame/readers.ts';
import { clean, wrapped } from '../frame/text.ts';
import { showMoment } from '../frame/time.ts';
import { makeNames, type Names } from '../history/names.ts';
import { sentenceOf } from '../history/sentences.ts';
import { endingOf } from '../service/failure.ts';
import { filterOf, filterParts, type FilterAsked } from '../service/filters.ts';
import { isNamedKind, kindOf } from '../service/kinds.ts';
import { orEnd, serviceCommand } from '../service/serviceCommand.ts';
import { sizeText } from '../show/sizes.ts';
import { position } from './webhook/parts.ts';

type Subject = (typeof EVENT_SUBJECTS)[number];

const KINDS = EVENT_SUBJECTS.map(kindOf);

/** `volume 3 db-1`: number and name where there are any. */
const aboutText = ({ resource_type: subject, resource_id: id, resource_number: number }: EventMessage, names: Names): string => {
  const name = names.of(id);
  return [kindOf(subject), number === null && name === undefined ? id : number, name].filter((word) => word !== null && word !== undefined).join(' ');
};

const sentenceFor = async (event: EventMessage, names: Names, io: Io): Promise<string> => {
  const { type, resource_type: subject, resource_id: resourceId, data } = event;
  await names.learn({ type, resourceId, data });
  const kind = kindOf(subject);
  if (isNamedKind(kind)) await names.ask(kind, resourceId);
  return names.told(sentenceOf(type, data, { size: (bytes) => sizeText(io, bytes), moment: (ms) => showMoment(io.screen, ms) }));
};

/** One line: when, where in the log, about what, what, by whom. */
const eventLine = async (event: EventMessage, names: Names, io: Io): Promise<string> => {
  const { screen } = io;
  if (io.json) return JSON.stringify(event);
  const sentence = await sentenceFor(event, names, io);
  const head = `${showMoment(screen, Date.parse(event.at))}  ${screen.colour.dim(String(event.position))}  ${screen.colour.bold(clean(aboutText(event, names)))}`;
  return wrapped(screen, `${head}: ${clean(sentence)} (${event.request === null ? screen.colour.dim(clean(event.issued_by)) : screen.colour.cyan(clean(event.issued_by))})`, 2);
};

interface Asked {
  readonly client: ApiClient;
  readonly io: Io;
  readonly follow: boolean;
  readonly from: number | 'start' | 'now';
  readonly kinds: readonly Subject[];
  readonly filter: FilterAsked;
}

const query = ({ follow, from, kinds, filter: { ids, types, tenant } }: Asked) => ({
  follow,
  from,
  ...(kinds.length === 0 ? {} : { kind: kinds }),
  ...(ids === undefined ? {} : { id: ids }),
  ...(types === undefined ? {} : { type: types }),
  ...(tenant === undefined ? {} : { tenant }),
});

/** What was printed stays a list of events: this is for whoever pressed the keys. */
const stopped = (last: number | undefined): Ending => ({ ...ending('interrupted', 'no more events are shown', last === undefined ? undefined : `go on behind the last one with --from ${last}`), json: null });

/** Prints events until there are no more, or somebody has seen enough. A stream that is followed survives every cut; where only what is there is wanted, a cut is told. */
const print = async (asked: Asked): Promise<Outcome> => {
  const { client, io, follow } = asked;
  const names = makeNames(client);
  const giveUp = new AbortController();
  let cut: ClientFailure | undefined;
  let last: number | undefined;
  const onCut = (failure: ClientFailure | undefined): void => {
    if (follow) io.note(`${failure === undefined ? 'the service ended the stream' : clean(failureMessage(failure))}; it goes on when the service is back\n`);
    else if (failure !== undefined) {
      cut = failure;
      giveUp.abort();
    }
  };
  try {
    for await (const event of client.watchEvents({ query: query(asked), signal: AbortSignal.any([io.signal, giveUp.signal]), onCut })) {
      await io.write(`${await eventLine(event, names, io)}\n`);
      last = event.position;
    }
  } catch (thrown) {
    if (!(thrown instanceof StreamFailed)) throw thrown;
    return E.left(endingOf(thrown.failure));
  }
  if (io.signal.aborted) return E.left(stopped(last));
  return cut === undefined ? E.right(undefined) : E.left(endingOf(cut));
};

export const eventsCommand = serviceCommand({
  words: 'events',
  summary: 'Tell what happened in the whole log, one line an event, and what happens now',
  about:
    'Without --follow, everything from the beginning or from --from on, to the end of the log. With --follow, what comes from now on, until Ctrl-C: it ends with exit code 130 and says where to go on. A stream that was cut goes on by itself, without gap or duplicate. With --json each line is one JSON object, as the service sends it.',
  shows: 'lines',
  takes: {},
  options: {
    follow: flag('--follow', 'go on with what comes, until Ctrl-C'),
    from: maybe('--from <position>', 'after which event to begin: start, now, or its position', position),
    kinds: several('--kind <kind>', `only those about ${KINDS.join(', ')}; without it all but tokens, webhooks and reservations`, oneOf(...KINDS)),
    ...filterParts,
  },
  examples: [
    { line: 'blockledger events --volume 1', does: 'what happened to volume 1' },
    { line: 'blockledger events --type WorkFailed --json | jq .data.error', does: 'every failure, for a script' },
  ],
  run: async ({ follow, from = follow ? 'now' : 'start', kinds, ...wanted }, { client }, io) => {
    // A stream would try for ever; a service that is not there, or a token that is not valid, is told at once.
    const there = orEnd(await client.whoAmI());
    if (E.isLeft(there)) return there;
    const filter = await filterOf(client, wanted);
    if (E.isLeft(filter)) return filter;
    const subjects = EVENT_SUBJECTS.filter((subject) => kinds.includes(kindOf(subject)));
    return print({ client, io, follow, from, kinds: subjects, filter: filter.right });
  },
});
