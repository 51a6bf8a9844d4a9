/** `blockledger volume create`, `clone`, `adopt`. */
import * as E from 'fp-ts/lib/Either.js';
import { flag, maybe, needed, several } from '../../frame/parts.ts';
import { oneOf, size, text } from '../../frame/readers.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { labelsOf, label, qosOf, qosParts } from './fields.ts';

const FORMATS = { v2: 2, v3: 128, v3adv: 129 } as const;

const named = {
  name: needed('<name>', 'its display name', text),
} as const;
const described = {
  description: maybe('--description <text>', 'more about it', text),
  labels: several('--label <key=value>', 'a label; may be given several times', label),
} as const;

export const volumeCreate = serviceCommand({
  words: 'volume create',
  summary: 'Create a volume',
  about: 'It is accepted at once and made by a task; with --wait the task is shown until it has ended.',
  shows: 'report',
  takes: named,
  options: {
    size: needed('--size <size>', 'such as 100GiB, 1.5TiB, or bytes', size),
    pool: needed('--pool <pool>', 'number, UUID or name', refOf('pool')),
    generation: maybe('--generation <generation>', 'v2, v3 (the default) or v3adv', oneOf('v2', 'v3', 'v3adv')),
    priority: flag('--priority', 'performance priority (v3 and newer)'),
    hidden: flag('--hidden', 'lists leave it out'),
    ...qosParts,
    ...described,
    ...changeParts,
  },
  examples: [
    { line: 'blockledger volume create db-1 --size 100GiB --pool vols --wait', does: 'a volume of 100 GiB, shown until it is ready' },
    { line: 'blockledger volume create db-2 --size 100GiB --pool vols --plan', does: 'only the steps that it would take' },
  ],
  run: async ({ name, size: bytes, pool, generation, priority, hidden, description, labels, plan, wait, key, ...limits }, service, io) => {
    const poolRef = await resolveRef(service.client, 'pool', pool);
    if (E.isLeft(poolRef)) return poolRef;
    const fields = {
      name,
      size: bytes,
      pool_id: poolRef.right,
      ...given({ format: generation === undefined ? undefined : FORMATS[generation], description }),
      ...(priority ? { performance_priority: 1 as const } : {}),
      ...(hidden ? { hidden } : {}),
      ...qosOf(limits),
      ...labelsOf(labels),
    };
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.createVolume({ body: { block_volume: fields }, ...more }));
  },
});

export const volumeClone = serviceCommand({
  words: 'volume clone',
  summary: 'Clone a volume from a snapshot',
  about: 'A clone is linked to its snapshot and ready at once; with --flattened it is a full copy, which takes as long as there is data.',
  shows: 'report',
  takes: { snapshot: needed('<snapshot>', 'its number, UUID or name', refOf('snapshot')), ...named },
  options: {
    pool: needed('--pool <pool>', 'number, UUID or name', refOf('pool')),
    flattened: flag('--flattened', 'a full copy instead of a linked clone'),
    ...described,
    ...changeParts,
  },
  examples: [{ line: 'blockledger volume clone 1 test-db --pool vols --wait', does: 'a linked clone of snapshot 1' }],
  run: async ({ snapshot, name, pool, flattened, description, labels, plan, wait, key }, service, io) => {
    const { client } = service;
    const [snapshotRef, poolRef] = [await resolveRef(client, 'snapshot', snapshot), await resolveRef(client, 'pool', pool)];
    if (E.isLeft(snapshotRef)) return snapshotRef;
    if (E.isLeft(poolRef)) return poolRef;
    const fields = { name, pool_id: poolRef.right, block_snapshot_id: snapshotRef.right, flattened, ...given({ description }), ...labelsOf(labels) };
    return makeChange({ service, io, plan, wait, key }, (more) => client.createVolume({ body: { block_volume: fields }, ...more }));
  },
});

export const volumeAdopt = serviceCommand({
  words: 'volume adopt',
  summary: 'Take over an object that stands on the backend',
  about: 'The object keeps its data, is renamed after its volume and marked as ours. `volume disown` is the way back.',
  shows: 'report',
  takes: { object: needed('<object>', 'name of the object on the backend', text), ...named },
  options: {
    size: needed('--size <size>', 'the size that it has', size),
    pool: needed('--pool <pool>', 'number, UUID or name', refOf('pool')),
    ...described,
    ...changeParts,
  },
  examples: [{ line: 'blockledger volume adopt old-image db-0 --size 10GiB --pool vols --plan', does: 'what taking over old-image would do' }],
  run: async ({ object, name, size: bytes, pool, description, labels, plan, wait, key }, service, io) => {
    const poolRef = await resolveRef(service.client, 'pool', pool);
    if (E.isLeft(poolRef)) return poolRef;
    const fields = { name, volume_name: object, size: bytes, pool_id: poolRef.right, ...given({ description }), ...labelsOf(labels) };
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.adoptVolume({ body: { block_volume: fields }, ...more }));
  },
});
