/** `blockledger history`, `at`. */
import * as E from 'fp-ts/lib/Either.js';
import type { AccessPathBody } from '../../../api/bodies/accessPath.ts';
import type { ClientGroupBody } from '../../../api/bodies/clientGroup.ts';
import type { HostBody } from '../../../api/bodies/host.ts';
import type { EventBody } from '../../../api/bodies/inspection.ts';
import type { PoolBody } from '../../../api/bodies/pool.ts';
import type { SnapshotBody } from '../../../api/bodies/snapshot.ts';
import type { VipGroupBody } from '../../../api/bodies/vipGroup.ts';
import type { VolumeBody } from '../../../api/bodies/volume.ts';
import type { Io } from '../../frame/io.ts';
import { flag, needed } from '../../frame/parts.ts';
import { moment, oneOf, text } from '../../frame/readers.ts';
import { record } from '../../frame/table.ts';
import { clean, wrapped } from '../../frame/text.ts';
import { showMoment } from '../../frame/time.ts';
import { tree } from '../../frame/tree.ts';
import { makeNames, type Names } from '../../history/names.ts';
import { sentenceOf } from '../../history/sentences.ts';
import type { Words } from '../../history/words.ts';
import { historyOf, lookAt, SUBJECTS } from '../../service/kinds.ts';
import { NOUNS, resolveRef, type NamedKind } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { clientGroupFields } from '../../show/clientGroups.ts';
import { hostFields } from '../../show/hosts.ts';
import { pathTree } from '../../show/pathTree.ts';
import { poolFields } from '../../show/pools.ts';
import { sizeText } from '../../show/sizes.ts';
import { snapshotFields } from '../../show/snapshots.ts';
import { vipGroupTree } from '../../show/vipTree.ts';
import { volumeFields } from '../../show/volumes.ts';

const KINDS = Object.keys(NOUNS) as readonly NamedKind[];

const kind = needed('<kind>', KINDS.join(', '), oneOf(...KINDS));
const ref = needed('<resource>', 'its number, UUID or name; what is gone has its number or UUID', { ...text, completion: { of: 'kindBefore' } });

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
  summary: 'Tell everything that happened to a volume, a pool, a host, an access path or anything else: when, by whom, and why',
  shows: 'sizes',
  takes: { kind, ref },
  options: { asked: flag('--asked', 'only what somebody asked for') },
  examples: [
    { line: 'blockledger history volume 1', does: 'what happened to volume 1' },
    { line: 'blockledger history volume 1 --asked', does: 'who wanted what of it' },
    { line: 'blockledger history path gold', does: 'what happened to the access path gold' },
  ],
  run: async ({ kind: which, ref: given, asked }, { client }, io) => {
    const resolved = await resolveRef(client, which, given);
    if (E.isLeft(resolved)) return resolved;
    const answered = orEnd(await historyOf(client, which, resolved.right));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const events = asked ? body.events.filter(({ request }) => request !== null) : body.events;
    const names = makeNames(client);
    if (!io.json) for (const { type, stream, data } of body.events) await names.learn({ type, resourceId: stream.slice(stream.indexOf('-') + 1), data });
    return E.right({ json: { ...body, events }, show: () => events.map(eventText(io, requestsIn(body.events), names)).join('\n') });
  },
});

/** How a resource is shown that is not looked at now. */
const SHOWS: Readonly<Record<NamedKind, (io: Io, resource: never) => string>> = {
  'volume': (io, volume: VolumeBody) => record(volumeFields(io), volume, io.screen),
  'snapshot': (io, snapshot: SnapshotBody) => record(snapshotFields(io), snapshot, io.screen),
  'pool': (io, pool: PoolBody) => record(poolFields(io), pool, io.screen),
  'host': (io, host: HostBody) => record(hostFields(io), host, io.screen),
  'client-group': (io, group: ClientGroupBody) => record(clientGroupFields(io), group, io.screen),
  'path': (io, path: AccessPathBody) => tree(io.screen, pathTree(io, { path, vips: [], clients: new Map() })),
  'vip-group': (io, group: VipGroupBody) => tree(io.screen, vipGroupTree(io, group)),
};

export const atCommand = serviceCommand({
  words: 'at',
  summary: 'Show a volume, a pool, a host, an access path or anything else as it stood at a moment',
  shows: 'sizes',
  takes: { moment: needed('<moment>', 'such as 2026-11-21T07:00:00Z, "yesterday 22:00", or 2h (ago)', moment), kind, ref },
  options: {},
  examples: [{ line: 'blockledger at 0s volume 1', does: 'volume 1 as it stands at this moment' }],
  run: async ({ moment: at, kind: which, ref: given }, { client }, io) => {
    const resolved = await resolveRef(client, which, given);
    if (E.isLeft(resolved)) return resolved;
    const answered = orEnd(await lookAt(client, which, resolved.right, { at }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: () => SHOWS[which](io, body[SUBJECTS[which]] as never) });
  },
});
