/** `blockledger volume list`, `volume show`. */
import * as E from 'fp-ts/lib/Either.js';
import type { AttachmentBody } from '../../../api/bodies/attachment.ts';
import type { VolumeBody } from '../../../api/bodies/volume.ts';
import type { ApiClient } from '../../../client/index.ts';
import { maybe } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { listCommand } from '../../service/list.ts';
import { argumentOf, refOf, resolveMaybe, resolveRef } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { volumeColumns, volumeText } from '../../show/volumes.ts';

export const volumeList = listCommand({
  words: 'volume list',
  summary: 'List volumes',
  noun: 'volume',
  shows: 'sizes',
  options: {
    pool: maybe('--pool <pool>', 'only those of this pool', refOf('pool')),
    status: maybe('--status <status>', 'only those that stand so; deleted ones are listed only when asked for', oneOf('creating', 'active', 'trashed', 'deleted', 'disowned')),
    hidden: maybe('--hidden <which>', 'hidden ones only (true), others only (false, the default), or all', oneOf('true', 'false', 'all')),
    q: maybe('--search <text>', 'part of the name or description, or the beginning of the UUID or serial number', text),
    tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
  },
  examples: [
    { line: 'blockledger volume list', does: 'the volumes' },
    { line: 'blockledger volume list --search db --json', does: 'those with "db" in their names, for a script' },
  ],
  call: async (client, { pool, status, hidden, q, tenant }, limit) => {
    const ref = await resolveMaybe(client, 'pool', pool);
    if (E.isLeft(ref)) return ref;
    const shown = hidden === undefined ? {} : { hidden: hidden === 'all' ? hidden : hidden === 'true' };
    return orEnd(await client.listVolumes({ query: { ...given({ status, q, tenant, pool_id: ref.right }), ...shown, limit } }));
  },
  rows: (body) => body.block_volumes,
  columns: volumeColumns,
});

/** Who has it; where that may not be looked at, the volume itself tells by which attachments. */
const attachmentsOf = async (client: ApiClient, { uuid, attachments }: VolumeBody): Promise<readonly AttachmentBody[]> => {
  const found = attachments.length === 0 ? undefined : await client.listAttachments({ path: { volume: uuid } });
  return found !== undefined && E.isRight(found) ? found.right.body.attachments : [];
};

export const volumeShow = serviceCommand({
  words: 'volume show',
  summary: 'Show everything about a volume',
  about: 'Who has it attached stands below it. --json is the volume alone, as the service answers it.',
  shows: 'sizes',
  takes: { volume: argumentOf('volume') },
  options: {},
  examples: [{ line: 'blockledger volume show 1', does: 'volume 1' }],
  run: async ({ volume }, { client }, io) => {
    const ref = await resolveRef(client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const answered = orEnd(await client.getVolume({ path: { volume: ref.right }, query: { gone: true } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const attachments = io.json ? [] : await attachmentsOf(client, body.block_volume);
    return E.right({ json: body, show: (screen) => volumeText(io, screen, { volume: body.block_volume, attachments }) });
  },
});
