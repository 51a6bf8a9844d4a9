/** `blockledger volume update`, `resize`, `migrate`, `rollback`. */
import * as E from 'fp-ts/lib/Either.js';
import { ending } from '../../exit.ts';
import { maybe, needed, several } from '../../frame/parts.ts';
import { oneOf, size, text } from '../../frame/readers.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { confirmed, yesPart } from '../../service/confirm.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { label, labelsOf, qosOf, qosParts } from './fields.ts';

const takes = { volume: needed('<volume>', 'its number, UUID or name', refOf('volume')) } as const;

export const volumeUpdate = serviceCommand({
  words: 'volume update',
  summary: 'Change the name, description, labels, limits or priority of a volume',
  about: 'What is not given stays. Labels are replaced as a whole.',
  shows: 'report',
  takes,
  options: {
    name: maybe('--name <name>', 'another display name', text),
    description: maybe('--description <text>', 'another description', text),
    labels: several('--label <key=value>', 'a label; may be given several times', label),
    limits: maybe('--limits <on|off>', 'whether the limits count', oneOf('on', 'off')),
    priority: maybe('--priority <on|off>', 'performance priority', oneOf('on', 'off')),
    ...qosParts,
    ...changeParts,
  },
  examples: [{ line: 'blockledger volume update 1 --name db-main --max-iops 5000', does: 'another name, and a limit' }],
  run: async ({ volume, name, description, labels, limits, priority, plan, wait, key, ...qos }, service, io) => {
    const ref = await resolveRef(service.client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const fields = {
      ...given({ name, description, qos_enabled: limits === undefined ? undefined : limits === 'on' }),
      ...(priority === undefined ? {} : { performance_priority: priority === 'on' ? (1 as const) : (0 as const) }),
      ...labelsOf(labels),
      ...qosOf(qos),
    };
    if (Object.keys(fields).length === 0) return E.left(ending('usage', 'nothing was given to change', 'give --name, --description, --label, a limit, --limits or --priority'));
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.updateVolume({ path: { volume: ref.right }, body: { block_volume: fields }, ...more }));
  },
});

export const volumeResize = serviceCommand({
  words: 'volume resize',
  summary: 'Make a volume larger, or smaller',
  about: 'What lies behind the new end of a smaller volume is lost, so that is asked about; it is refused while the volume is mapped or attached.',
  shows: 'report',
  takes: { ...takes, size: needed('<size>', 'such as 150GiB, or bytes', size) },
  options: { yes: yesPart, ...changeParts },
  examples: [{ line: 'blockledger volume resize 1 150GiB --wait', does: 'make volume 1 larger' }],
  run: async ({ volume, size: bytes, yes, plan, wait, key }, service, io) => {
    const { client } = service;
    const ref = await resolveRef(client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const now = await client.getVolume({ path: { volume: ref.right } });
    if (!plan && E.isRight(now) && now.right.body.block_volume.size > bytes) {
      const asked = await confirmed(io, yes, `${now.right.body.block_volume.name} would lose what lies behind its new end. Make it smaller?`);
      if (E.isLeft(asked)) return asked;
    }
    return makeChange({ service, io, plan, wait, key }, (more) => client.updateVolume({ path: { volume: ref.right }, body: { block_volume: { size: bytes } }, ...more }));
  },
});

export const volumeMigrate = serviceCommand({
  words: 'volume migrate',
  summary: 'Move a volume to another pool of its backend',
  about: 'Its snapshots go with it. It is refused while anybody uses the volume; until the other pool holds all of it, its task can be cancelled.',
  shows: 'report',
  takes,
  options: { pool: needed('--to-pool <pool>', 'number, UUID or name of the pool', refOf('pool')), ...changeParts },
  examples: [{ line: 'blockledger volume migrate 1 --to-pool archive --wait', does: 'move volume 1, and watch it' }],
  run: async ({ volume, pool, plan, wait, key }, service, io) => {
    const { client } = service;
    const [volumeRef, poolRef] = [await resolveRef(client, 'volume', volume), await resolveRef(client, 'pool', pool)];
    if (E.isLeft(volumeRef)) return volumeRef;
    if (E.isLeft(poolRef)) return poolRef;
    return makeChange({ service, io, plan, wait, key }, (more) => client.migrateVolume({ path: { volume: volumeRef.right }, body: { block_volume: { pool_id: poolRef.right } }, ...more }));
  },
});

export const volumeRollback = serviceCommand({
  words: 'volume rollback',
  summary: 'Take a volume back to a snapshot',
  about: 'A backup snapshot is taken first and kept for 7 days. It is refused while anybody uses the volume.',
  shows: 'report',
  takes: { ...takes, snapshot: needed('<snapshot>', 'its number, UUID or name', refOf('snapshot')) },
  options: { yes: yesPart, ...changeParts },
  examples: [{ line: 'blockledger volume rollback 1 1 --yes --wait', does: 'volume 1 back to snapshot 1' }],
  run: async ({ volume, snapshot, yes, plan, wait, key }, service, io) => {
    const { client } = service;
    const [volumeRef, snapshotRef] = [await resolveRef(client, 'volume', volume), await resolveRef(client, 'snapshot', snapshot)];
    if (E.isLeft(volumeRef)) return volumeRef;
    if (E.isLeft(snapshotRef)) return snapshotRef;
    const asked = plan ? E.right(undefined) : await confirmed(io, yes, `Volume ${volume} goes back to snapshot ${snapshot}; what was written since is then only in its backup snapshot. Go on?`);
    if (E.isLeft(asked)) return asked;
    const body = { block_volume: { action: 'roll_back', block_snapshot_id: snapshotRef.right } };
    return makeChange({ service, io, plan, wait, key }, (more) => client.updateVolume({ path: { volume: volumeRef.right }, body, ...more }));
  },
});
