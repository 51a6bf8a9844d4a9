/** `blockledger snapshot create`, `delete`, `protect`, `unprotect`. */
import * as E from 'fp-ts/lib/Either.js';
import { flag, maybe, needed } from '../../frame/parts.ts';
import { text } from '../../frame/readers.ts';
import { isRecord } from '../../history/isRecord.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { confirmed, yesPart } from '../../service/confirm.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';

const subject = (body: Readonly<Record<string, unknown>>): string => {
  const snapshot = body['block_snapshot'];
  return isRecord(snapshot) ? `snapshot ${String(snapshot['id'] ?? snapshot['uuid'])} ${String(snapshot['name'])}` : '';
};

const takes = { snapshot: needed('<snapshot>', 'its number, UUID or name', refOf('snapshot')) } as const;

export const snapshotCreate = serviceCommand({
  words: 'snapshot create',
  summary: 'Take a snapshot of a volume',
  shows: 'report',
  takes: { volume: needed('<volume>', 'its number, UUID or name', refOf('volume')), name: needed('<name>', 'name of the snapshot', text) },
  options: { description: maybe('--description <text>', 'more about it', text), ...changeParts },
  examples: [{ line: 'blockledger snapshot create 1 before-upgrade --wait', does: 'a snapshot of volume 1' }],
  run: async ({ volume, name, description, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const fields = { block_volume_id: ref.right, name, ...given({ description }) };
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.createSnapshot({ body: { block_snapshot: fields }, ...more }), subject);
  },
});

export const snapshotDelete = serviceCommand({
  words: 'snapshot delete',
  summary: 'Delete a snapshot',
  about: 'It is refused while it is protected or clones depend on it. --force never bypasses that.',
  shows: 'report',
  takes,
  options: { force: flag('--force', 'delete from a failed state; never bypasses data safety'), yes: yesPart, ...changeParts },
  examples: [{ line: 'blockledger snapshot delete 1 --yes --wait', does: 'without being asked' }],
  run: async ({ snapshot, force, yes, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'snapshot', snapshot);
    if (E.isLeft(ref)) return ref;
    const asked = plan ? E.right(undefined) : await confirmed(io, yes, `Snapshot ${snapshot} goes for good. Go on?`);
    if (E.isLeft(asked)) return asked;
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.deleteSnapshot({ path: { snapshot: ref.right }, ...more, query: { ...(force ? { force } : {}), ...more.query } }), subject);
  },
});

export const snapshotProtect = serviceCommand({
  words: 'snapshot protect',
  summary: 'Guard a snapshot against deletion',
  shows: 'report',
  takes,
  options: changeParts,
  examples: [{ line: 'blockledger snapshot protect 1', does: 'nobody deletes it now' }],
  run: async ({ snapshot, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'snapshot', snapshot);
    if (E.isLeft(ref)) return ref;
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.protectSnapshot({ path: { snapshot: ref.right }, ...more }), subject);
  },
});

export const snapshotUnprotect = serviceCommand({
  words: 'snapshot unprotect',
  summary: 'Lift the guard of a snapshot',
  shows: 'report',
  takes,
  options: changeParts,
  examples: [{ line: 'blockledger snapshot unprotect 1', does: 'it can be deleted again' }],
  run: async ({ snapshot, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'snapshot', snapshot);
    if (E.isLeft(ref)) return ref;
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.unprotectSnapshot({ path: { snapshot: ref.right }, ...more }), subject);
  },
});
