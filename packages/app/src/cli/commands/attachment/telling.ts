/** What commands about attachments tell when they are done: how far it is, and where its host finds the volume. */
import * as E from 'fp-ts/lib/Either.js';
import { AttachmentBody } from '../../../api/bodies/attachment.ts';
import type { ApiClient } from '../../../client/index.ts';
import type { Ending } from '../../exit.ts';
import type { Io } from '../../frame/io.ts';
import { clean, wrapped } from '../../frame/text.ts';
import { tree } from '../../frame/tree.ts';
import type { Added, Changing } from '../../service/changing.ts';
import { connectionOf, type SecretGiven } from '../../service/connection.ts';
import { endingOf } from '../../service/failure.ts';
import type { Ref } from '../../service/refs.ts';
import { attachmentLine, connectionTree } from '../../show/attachments.ts';

/** Whom to ask, and about which volume. */
interface Asked {
  readonly client: ApiClient;
  /** The volume. */
  readonly ref: Ref;
  readonly io: Io;
}

const attachmentIn = (body: object): AttachmentBody | undefined => ('attachment' in body && AttachmentBody.is(body.attachment) ? body.attachment : undefined);

/** As it stands after the wait; undefined where it is gone. */
const now = async ({ client, ref }: Asked, { uuid }: AttachmentBody): Promise<E.Either<Ending, AttachmentBody | undefined>> => {
  const answered = await client.getAttachment({ path: { volume: ref, attachment: uuid } });
  if (E.isRight(answered)) return E.right(answered.right.body.attachment);
  return answered.left._tag === 'Refused' && answered.left.status === 404 ? E.right(undefined) : E.left(endingOf(answered.left));
};

const NOTHING: Added = { json: {}, lines: () => [] };

/** How far the attachment is; with `secrets` also its connection, as soon as there is one. */
export const tellAttachment =
  (asked: Asked, secrets?: SecretGiven): NonNullable<Changing['adding']> =>
  async (body, waited) => {
    const answered = attachmentIn(body);
    if (answered === undefined) return E.right(NOTHING);
    const seen = waited ? await now(asked, answered) : E.right(answered);
    if (E.isLeft(seen)) return seen;
    const attachment = seen.right;
    const line = attachment === undefined ? `attachment ${answered.uuid}: gone` : attachmentLine(attachment);
    const told: Added = { json: { attachment: attachment ?? null }, lines: (screen) => [wrapped(screen, clean(line), 2)] };
    const isConnected = attachment?.stage === 'connected' || attachment?.stage === 'attached';
    if (secrets === undefined || !isConnected || attachment.connector === null) return E.right(told);
    const info = await connectionOf(asked.client, { volume: asked.ref, attachment: attachment.uuid }, secrets);
    if (E.isLeft(info)) return info;
    const lines: Added['lines'] = (screen) => [...told.lines(screen), tree(screen, connectionTree(asked.io, info.right, secrets.chapSecretFile))];
    return E.right({ json: { ...told.json, connection_info: info.right }, lines });
  };
