/** `blockledger attachment list`, `show`, `connection-info`. */
import * as E from 'fp-ts/lib/Either.js';
import { PURPOSES, STAGES } from '../../../api/bodies/attachment.ts';
import { maybe, needed } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { record } from '../../frame/table.ts';
import { tree } from '../../frame/tree.ts';
import { attachmentArgument, attachmentRef, ATTACHMENT_TEXT } from '../../service/attachmentRefs.ts';
import { connectionOf, fileIsFree, secretParts } from '../../service/connection.ts';
import { argumentOf, resolveRef } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { attachmentColumns, attachmentFields, connectionTree } from '../../show/attachments.ts';
import { given } from '../../show/given.ts';
import { listText } from '../../show/lists.ts';

const takes = { volume: argumentOf('volume'), attachment: needed('<attachment>', ATTACHMENT_TEXT, attachmentArgument) } as const;

export const attachmentList = serviceCommand({
  words: 'attachment list',
  summary: 'List who has a volume',
  about: 'What is only mapped by hand is no attachment: `blockledger path mappings --volume <volume>` lists that.',
  shows: 'report',
  takes: { volume: argumentOf('volume') },
  options: {
    stage: maybe('--stage <stage>', 'only those at this stage', oneOf(...STAGES)),
    purpose: maybe('--purpose <purpose>', 'only those for this purpose', oneOf(...PURPOSES)),
    initiator: maybe('--initiator <initiator>', 'only those of the host with this IQN or WWN', text),
    instance: maybe('--instance <instance>', 'only those of this instance', text),
  },
  examples: [{ line: 'blockledger attachment list data-2', does: 'who has data-2, and how far each is' }],
  run: async ({ volume, ...filters }, { client }, io) => {
    const ref = await resolveRef(client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const answered = orEnd(await client.listAttachments({ path: { volume: ref.right }, query: given(filters) }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => listText(screen, { columns: attachmentColumns(io), rows: body.attachments, noun: 'attachment' }) });
  },
});

export const attachmentShow = serviceCommand({
  words: 'attachment show',
  summary: 'Show everything about an attachment',
  shows: 'report',
  takes,
  options: {},
  examples: [{ line: 'blockledger attachment show data-2 vm-1', does: 'the attachment by which the instance vm-1 has data-2' }],
  run: async ({ volume, attachment }, { client }, io) => {
    const ref = await resolveRef(client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const named = await attachmentRef(client, ref.right, attachment);
    if (E.isLeft(named)) return named;
    const answered = orEnd(await client.getAttachment({ path: { volume: ref.right, attachment: named.right } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => record(attachmentFields(io), body.attachment, screen) });
  },
});

export const attachmentConnectionInfo = serviceCommand({
  words: 'attachment connection-info',
  summary: 'Tell where a host finds its volume: targets, portals, LUN and account',
  about: 'The secret of the account is told where it is asked for, and nowhere else; --json leaves it out, too.',
  shows: 'report',
  takes,
  options: secretParts,
  examples: [{ line: 'blockledger attachment connection-info data-2 vm-1 --chap-secret-file chap.secret', does: 'and the secret, in a file that nobody else can read' }],
  run: async ({ volume, attachment, ...secrets }, { client }, io) => {
    const free = fileIsFree(secrets);
    if (E.isLeft(free)) return free;
    const ref = await resolveRef(client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const named = await attachmentRef(client, ref.right, attachment);
    if (E.isLeft(named)) return named;
    const info = await connectionOf(client, { volume: ref.right, attachment: named.right }, secrets);
    if (E.isLeft(info)) return info;
    return E.right({ json: { connection_info: info.right }, show: (screen) => tree(screen, connectionTree(io, info.right, secrets.chapSecretFile)) });
  },
});
