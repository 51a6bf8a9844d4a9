/** `blockledger attachment begin-detach`, `disconnect`, `release`. */
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient } from '../../../client/index.ts';
import { ending, type Ending } from '../../exit.ts';
import { flag, maybe, needed } from '../../frame/parts.ts';
import { attachmentArgument, attachmentRef, ATTACHMENT_TEXT } from '../../service/attachmentRefs.ts';
import type { ChangeCall } from '../../service/changing.ts';
import type { Ref } from '../../service/refs.ts';
import { verbCommand } from '../../service/verb.ts';
import { tellAttachment } from './telling.ts';

type Request = Promise<E.Either<Ending, ChangeCall>>;

const takes = { attachment: needed('<attachment>', ATTACHMENT_TEXT, attachmentArgument) } as const;

const forced = (force: boolean): { readonly force?: true } => (force ? { force } : {});

export const attachmentBeginDetach = verbCommand({
  kind: 'volume',
  words: 'attachment begin-detach',
  summary: 'Say that the host is about to let go of the volume',
  takes,
  examples: [{ line: 'blockledger attachment begin-detach data-2 vm-1', does: 'vm-1 unmounts it' }],
  adding: (asked) => tellAttachment(asked),
  call: async (client, volume, { attachment }): Request => {
    const named = await attachmentRef(client, volume, attachment);
    if (E.isLeft(named)) return named;
    return E.right((how) => client.beginDetaching({ path: { volume, attachment: named.right }, ...how }));
  },
});

/** Whom `disconnect` is about: one attachment, or null for all. */
const whom = async (client: ApiClient, volume: Ref, { attachment, all, loggedOut, force }: { readonly attachment: string | undefined; readonly all: boolean; readonly loggedOut: boolean; readonly force: boolean }): Promise<E.Either<Ending, Ref | null>> => {
  if (all && attachment !== undefined) return E.left(ending('usage', '--all and an attachment exclude each other'));
  if (all && loggedOut && force) return E.left(ending('usage', '--logged-out and --force exclude each other'));
  if (all) return E.right(null);
  if (attachment === undefined) return E.left(ending('usage', 'no attachment was given', 'name one, or say --all'));
  return loggedOut ? E.left(ending('usage', '--logged-out goes with --all: one attachment is fenced by --force only')) : attachmentRef(client, volume, attachment);
};

export const attachmentDisconnect = verbCommand({
  kind: 'volume',
  words: 'attachment disconnect',
  summary: 'Take a volume from one host, or from all',
  about: 'Whoever disconnects one attachment says that its host has let go; with --force its initiator is fenced first: its sessions are seen to be gone on every host before it counts as done. --all fences every initiator. Where nobody can see sessions, fencing is refused, and --all --logged-out says that there are none. What is not connected, or not there any more, stays as it is.',
  takes: { attachment: maybe('[attachment]', ATTACHMENT_TEXT, attachmentArgument) },
  options: {
    all: flag('--all', 'every attachment of the volume, its initiators fenced first'),
    force: flag('--force', 'fence the initiator first'),
    loggedOut: flag('--logged-out', 'with --all: without force; the initiators have logged out, and none is fenced: needed where the backend shows no sessions'),
  },
  examples: [
    { line: 'blockledger attachment disconnect data-2 vm-1 --yes --wait', does: 'vm-1 has let go of it' },
    { line: 'blockledger attachment disconnect data-2 --all --logged-out --yes --wait', does: 'nobody sees it any more' },
  ],
  question: (volume, { attachment, all, force, loggedOut }) =>
    all
      ? `Volume ${volume} is taken from every host${loggedOut ? '' : ', and the sessions of all its initiators are ended'}. Go on?`
      : `Volume ${volume} is taken from the host of ${attachment ?? 'the attachment'}${force ? ', and its sessions are ended' : ''}. Go on?`,
  adding: (asked) => tellAttachment(asked),
  call: async (client, volume, { attachment, all, force, loggedOut }): Request => {
    const named = await whom(client, volume, { attachment, all, loggedOut, force });
    if (E.isLeft(named)) return named;
    const one = named.right;
    return E.right(
      one === null
        ? (how) => client.disconnectAttachments({ path: { volume }, ...how, query: { ...forced(!loggedOut), ...how.query } })
        : (how) => client.disconnectAttachment({ path: { volume, attachment: one }, ...how, query: { ...forced(force), ...how.query } }),
    );
  },
});

export const attachmentRelease = verbCommand({
  kind: 'volume',
  words: 'attachment release',
  summary: 'End an attachment; one that is connected is disconnected before',
  about: 'It leads out of every stage. Releasing what is gone succeeds, where it is named by its whole UUID.',
  takes,
  options: { force: flag('--force', 'fence its initiator first: its sessions are seen to be gone on every host; refused where nobody can see that') },
  examples: [{ line: 'blockledger attachment release data-2 vm-1 --yes --wait', does: 'data-2 is free for others' }],
  question: (volume, { attachment, force }) => `Volume ${volume} is taken from ${attachment} for good${force ? ', and its sessions are ended' : ''}. Go on?`,
  adding: (asked) => tellAttachment(asked),
  call: async (client, volume, { attachment, force }): Request => {
    const named = await attachmentRef(client, volume, attachment);
    if (E.isLeft(named)) return named;
    return E.right((how) => client.deleteAttachment({ path: { volume, attachment: named.right }, ...how, query: { ...forced(force), ...how.query } }));
  },
});
