/** Attachments have UUIDs only: people name one by the beginning of it, or by who has the volume. */
import * as E from 'fp-ts/lib/Either.js';
import type { AttachmentBody } from '../../api/bodies/attachment.ts';
import { parseRef } from '../../api/fields.ts';
import type { ApiClient } from '../../client/index.ts';
import { ending, type Ending } from '../exit.ts';
import type { Reader } from '../frame/parts.ts';
import { text } from '../frame/readers.ts';
import type { Ref } from './refs.ts';
import { orEnd } from './serviceCommand.ts';

/** An attachment on the command line, behind its volume. */
export const attachmentArgument: Reader<string> = { ...text, completion: { of: 'attachmentsOfBefore' } };

/** A UUID of the caller's own. */
export const uuidText: Reader<string> = { read: (given) => (typeof parseRef(given) === 'string' ? E.right(given) : E.left(`${given} is no UUID`)) };

/** What stands in help and documentation. */
export const ATTACHMENT_TEXT = 'its UUID or the beginning of it, or the initiator, instance or host that has the volume';

const LEAST_PREFIX = 4;

const isNamed = (given: string, { uuid, instance, host, connector }: AttachmentBody): boolean =>
  (given.length >= LEAST_PREFIX && uuid.startsWith(given.toLowerCase())) || [instance, host, connector?.initiator, connector?.host, ...(connector?.wwpns ?? [])].includes(given);

/** The UUID of the attachment that is named. A whole UUID is not looked up, since letting go of what is gone succeeds (I-22). */
export const attachmentRef = async (client: ApiClient, volume: Ref, given: string): Promise<E.Either<Ending, Ref>> => {
  const ref = parseRef(given);
  if (typeof ref === 'string') return E.right(ref);
  const found = orEnd(await client.listAttachments({ path: { volume } }));
  if (E.isLeft(found)) return found;
  const [first, ...others] = found.right.body.attachments.filter((attachment) => isNamed(given, attachment));
  if (first === undefined) return E.left(ending('notFound', `the volume has no attachment ${given}`, `\`blockledger attachment list ${volume}\` shows them all`));
  if (others.length === 0) return E.right(first.uuid);
  const details = [first, ...others].map(({ uuid, stage, instance, connector }) => [uuid, stage, instance ?? '', connector?.initiator ?? ''].filter((word) => word !== '').join('  '));
  return E.left({ ...ending('usage', `several attachments of the volume are named ${given}`, 'name one by its UUID'), details });
};
