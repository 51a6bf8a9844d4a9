/** `blockledger pool register`, `update`, `health`, `pause`, `resume`, `retire`. */
import * as E from 'fp-ts/lib/Either.js';
import { maybe, needed, type Reader } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { verbCommand } from '../../service/verb.ts';
import { given } from '../../show/given.ts';

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
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.registerPool({ body: { pool: fields }, ...more }));
  },
});

export const poolUpdate = verbCommand({
  kind: 'pool',
  words: 'pool update',
  summary: 'Change how far a pool may be over-subscribed',
  options: { ratio: needed('--ratio <ratio>', 'how many times its size may be promised, 1 to 1000', ratio) },
  examples: [{ line: 'blockledger pool update vols --ratio 3', does: 'at most three times its size' }],
  call: (client, pool, { ratio: times }) => (more) => client.updatePool({ path: { pool }, body: { pool: { over_subscription_ratio: times } }, ...more }),
});

export const poolPause = verbCommand({
  kind: 'pool',
  words: 'pool pause',
  summary: 'Keep the work of a pool and do not run it',
  options: { reason: needed('--reason <text>', 'why; told with every piece of work that waits', text) },
  examples: [{ line: "blockledger pool pause vols --reason 'new disks'", does: 'work is accepted and kept' }],
  call: (client, pool, { reason }) => (more) => client.pausePool({ path: { pool }, body: { pool: { reason } }, ...more }),
});

export const poolResume = verbCommand({
  kind: 'pool',
  words: 'pool resume',
  summary: 'Run the work of a pool again',
  examples: [{ line: 'blockledger pool resume vols', does: 'what was kept runs' }],
  call: (client, pool) => (more) => client.resumePool({ path: { pool }, ...more }),
});

export const poolHealth = verbCommand({
  kind: 'pool',
  words: 'pool health',
  summary: 'Say how a pool is',
  about: 'New volumes are refused while it is in error; what is there goes on. Monitoring can say it, or you when the cluster is repaired.',
  takes: { health: needed('<health>', 'online, degraded or error', oneOf('online', 'degraded', 'error')) },
  examples: [{ line: 'blockledger pool health vols online', does: 'new volumes are accepted again' }],
  call: (client, pool, { health }) => (more) => client.reportPoolHealth({ path: { pool }, body: { pool: { health } }, ...more }),
});

export const poolRetire = verbCommand({
  kind: 'pool',
  words: 'pool retire',
  summary: 'Retire a pool that holds nothing',
  examples: [{ line: 'blockledger pool retire archive --yes', does: 'it can be used no more' }],
  question: (pool) => `Pool ${pool} is retired for good. Go on?`,
  call: (client, pool) => (more) => client.retirePool({ path: { pool }, ...more }),
});
