/** `blockledger rebuild`, `pool accept-restored-log`: after a log was lost or restored. */
import * as E from 'fp-ts/lib/Either.js';
import type { RebuildBody } from '../../../api/bodies/inspection.ts';
import { EXIT_CODES } from '../../exit.ts';
import type { Outcome } from '../../frame/command.ts';
import { clean, counted, marked } from '../../frame/text.ts';
import { confirmed, yesPart } from '../../service/confirm.ts';
import { immediately, immediateParts, planOr } from '../../service/immediate.ts';
import { argumentOf, resolveRef } from '../../service/refs.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';

/** What came back, and what did not. */
const rebuilt = (body: { readonly rebuild: RebuildBody }): Outcome => {
  const { block_volumes: volumes, block_snapshots: snapshots, skipped } = body.rebuild;
  return E.right({
    json: body,
    show: (screen) =>
      [
        ...skipped.map(({ backend_name: name, why }) => marked(screen, 'warning', `left out: ${clean(name)}`, clean(why))),
        marked(screen, 'ok', `${counted(volumes.length, 'volume')} and ${counted(snapshots.length, 'snapshot')} came back into the log.`),
      ].join('\n'),
    code: skipped.length === 0 ? EXIT_CODES.done : EXIT_CODES.failed,
  });
};

export const rebuildCommand = serviceCommand({
  words: 'rebuild',
  summary: 'Write down what stands on the backends, is ours, and is unknown to the log',
  about: 'For a log that was lost, or restored from an old copy. Nothing is changed on the backends; `blockledger orphans` lists beforehand what would come back. Ends with exit code 3 where something was left out.',
  shows: 'report',
  takes: {},
  options: { yes: yesPart, ...immediateParts },
  examples: [{ line: 'blockledger rebuild --yes', does: 'what nobody knew any more is known again' }],
  run: async ({ yes, ...how }, { client }, io) => {
    const asked = how.plan ? E.right(undefined) : await confirmed(io, yes, 'All that stands on the backends, is ours and unknown comes back into the log. Go on?');
    if (E.isLeft(asked)) return asked;
    return planOr(await client.rebuildLog(immediately(how)), rebuilt);
  },
});

export const acceptRestoredLogCommand = serviceCommand({
  words: 'pool accept-restored-log',
  summary: 'Take a log that was restored from an old copy as the truth for a pool',
  about: 'The pool knows work that the log does not: it was restored from an older copy. Destructive work waits since then, and runs again after this. `blockledger drift` shows beforehand what differs.',
  shows: 'report',
  takes: { pool: argumentOf('pool') },
  options: { yes: yesPart, ...immediateParts },
  examples: [{ line: 'blockledger pool accept-restored-log vols --yes', does: 'what waited runs again' }],
  run: async ({ pool, yes, ...how }, { client }, io) => {
    const ref = await resolveRef(client, 'pool', pool);
    if (E.isLeft(ref)) return ref;
    const asked = how.plan ? E.right(undefined) : await confirmed(io, yes, `The restored log is the truth for pool ${pool} from now on; this cannot be taken back. Go on?`);
    if (E.isLeft(asked)) return asked;
    const answered = await client.acceptRestoredLog({ path: { pool: ref.right }, ...immediately(how) });
    return planOr(answered, (body) => E.right({ json: body, show: (screen) => marked(screen, 'ok', `pool ${clean(String(pool))}: the log is the truth`) }));
  },
});
