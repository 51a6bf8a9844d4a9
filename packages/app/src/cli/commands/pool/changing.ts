/** `blockledger pool register`, `update`, `pause`, `resume`, `retire`. */
import * as E from 'fp-ts/lib/Either.js';
import { maybe, needed, type Reader } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { isRecord } from '../../history/isRecord.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { confirmed, yesPart } from '../../service/confirm.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';

const subject = (body: Readonly<Record<string, unknown>>): string => {
  const pool = body['pool'];
  return isRecord(pool) ? `pool ${String(pool['id'] ?? pool['uuid'])} ${String(pool['name'])}${typeof pool['paused'] === 'string' ? ` is paused (${pool['paused']}): new work is accepted and waits` : ''}` : '';
};

const takes = { pool: needed('<pool>', 'its number, UUID or name', refOf('pool')) } as const;

const ratio: Reader<number> = {
  read: (given) => (/^\d{1,4}(\.\d{1,6})?$/.test(given) ? E.right(Number(given)) : E.left(`${given} is not a ratio: write a number such as 20 or 1.5`)),
};

export const poolRegister = serviceCommand({
  words: 'pool register',
  summary: 'Register a pool of a configured backend',
  shows: 'report',
  takes: { name: needed('<name>', 'the name that users see', text) },
  options: {
    backend: needed('--backend <backend>', 'name of the backend in the configuration', text),
    pool: needed('--pool <pool>', 'name of the pool there', text),
    dataPool: maybe('--data-pool <pool>', 'where an erasure coded pool keeps its data', text),
    type: maybe('--type <type>', 'replicated (the default) or erasure', oneOf('replicated', 'erasure')),
    ratio: maybe('--ratio <ratio>', 'how many times its size may be promised, 1 to 1000 (default 20)', ratio),
    ...changeParts,
  },
  examples: [{ line: 'blockledger pool register fast --backend ceph --pool vols --wait', does: 'the pool vols of the backend ceph, as fast' }],
  run: async ({ name, backend, pool, dataPool, type, ratio: times, plan, wait, key }, service, io) => {
    const fields = { name, backend, pool_name: pool, ...given({ data_pool_name: dataPool, pool_type: type, over_subscription_ratio: times }) };
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.registerPool({ body: { pool: fields }, ...more }), subject);
  },
});

export const poolUpdate = serviceCommand({
  words: 'pool update',
  summary: 'Change how far a pool may be over-subscribed',
  shows: 'report',
  takes,
  options: { ratio: needed('--ratio <ratio>', 'how many times its size may be promised, 1 to 1000', ratio), ...changeParts },
  examples: [{ line: 'blockledger pool update vols --ratio 3', does: 'at most three times its size' }],
  run: async ({ pool, ratio: times, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'pool', pool);
    if (E.isLeft(ref)) return ref;
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.updatePool({ path: { pool: ref.right }, body: { pool: { over_subscription_ratio: times } }, ...more }), subject);
  },
});

export const poolPause = serviceCommand({
  words: 'pool pause',
  summary: 'Keep the work of a pool and do not run it',
  shows: 'report',
  takes,
  options: { reason: needed('--reason <text>', 'why; told with every piece of work that waits', text), ...changeParts },
  examples: [{ line: "blockledger pool pause vols --reason 'new disks'", does: 'work is accepted and kept' }],
  run: async ({ pool, reason, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'pool', pool);
    if (E.isLeft(ref)) return ref;
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.pausePool({ path: { pool: ref.right }, body: { pool: { reason } }, ...more }), subject);
  },
});

export const poolResume = serviceCommand({
  words: 'pool resume',
  summary: 'Run the work of a pool again',
  shows: 'report',
  takes,
  options: changeParts,
  examples: [{ line: 'blockledger pool resume vols', does: 'what was kept runs' }],
  run: async ({ pool, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'pool', pool);
    if (E.isLeft(ref)) return ref;
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.resumePool({ path: { pool: ref.right }, ...more }), subject);
  },
});

export const poolRetire = serviceCommand({
  words: 'pool retire',
  summary: 'Retire a pool that holds nothing',
  shows: 'report',
  takes,
  options: { yes: yesPart, ...changeParts },
  examples: [{ line: 'blockledger pool retire archive --yes', does: 'it can be used no more' }],
  run: async ({ pool, yes, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'pool', pool);
    if (E.isLeft(ref)) return ref;
    const asked = plan ? E.right(undefined) : await confirmed(io, yes, `Pool ${pool} is retired for good. Go on?`);
    if (E.isLeft(asked)) return asked;
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.retirePool({ path: { pool: ref.right }, ...more }), subject);
  },
});
