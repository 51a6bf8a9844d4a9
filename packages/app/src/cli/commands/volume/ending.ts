/** `blockledger volume delete`, `undelete`, `disown`, `promote`, `demote`. */
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient } from '../../../client/index.ts';
import type { CliCommand, Example } from '../../frame/command.ts';
import { flag, maybe, needed } from '../../frame/parts.ts';
import { duration } from '../../frame/readers.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { confirmed, yesPart } from '../../service/confirm.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { volumeSubject } from './subject.ts';

const takes = { volume: needed('<volume>', 'its number, UUID or name', refOf('volume')) } as const;

export const volumeDelete = serviceCommand({
  words: 'volume delete',
  summary: 'Delete a volume, or put it into the trash',
  about: 'It is refused while the volume is mapped, attached, has snapshots (unless --cascade) or clones depend on it. --force never bypasses that.',
  shows: 'report',
  takes,
  options: {
    cascade: flag('--cascade', 'delete its snapshots, too'),
    force: flag('--force', 'delete from a failed state; never bypasses data safety'),
    retain: maybe('--retain <time>', 'keep it in the trash for so long, such as 7d', duration),
    yes: yesPart,
    ...changeParts,
  },
  examples: [
    { line: 'blockledger volume delete 1 --retain 7d', does: 'into the trash for a week' },
    { line: 'blockledger volume delete 1 --cascade --yes --wait', does: 'with its snapshots, for good, without being asked' },
  ],
  run: async ({ volume, cascade, force, retain, yes, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    // What goes into the trash can come back.
    const isFinal = !plan && retain === undefined;
    const asked = isFinal ? await confirmed(io, yes, `Volume ${volume} and its data go for good${cascade ? ', with all its snapshots' : ''}. Go on?`) : E.right(undefined);
    if (E.isLeft(asked)) return asked;
    const query = given({ cascade: cascade ? true : undefined, force: force ? true : undefined, retain_ms: retain });
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.deleteVolume({ path: { volume: ref.right }, ...more, query: { ...query, ...more.query } }), volumeSubject);
  },
});

interface Verb {
  readonly words: string;
  readonly summary: string;
  readonly examples: readonly [Example, ...Example[]];
  readonly call: (client: ApiClient) => ApiClient['undeleteVolume'];
}

const verb = ({ words, summary, examples, call }: Verb): CliCommand =>
  serviceCommand({
    words,
    summary,
    shows: 'report',
    takes,
    options: changeParts,
    examples,
    run: async ({ volume, plan, wait, key }, service, io) => {
      const ref = await resolveRef(service.client, 'volume', volume);
      if (E.isLeft(ref)) return ref;
      return makeChange({ service, io, plan, wait, key }, (more) => call(service.client)({ path: { volume: ref.right }, ...more }), volumeSubject);
    },
  });

export const volumeUndelete = verb({
  words: 'volume undelete',
  summary: 'Bring a volume back from the trash',
  examples: [{ line: 'blockledger volume undelete 1', does: 'volume 1 is back' }],
  call: (client) => client.undeleteVolume,
});
export const volumeDisown = serviceCommand({
  words: 'volume disown',
  summary: 'Let a volume go with its data',
  about: 'The object stays on the backend, with all that is in it, and Blockledger forgets it. `volume adopt` is the way back.',
  shows: 'report',
  takes,
  options: { yes: yesPart, ...changeParts },
  examples: [{ line: 'blockledger volume disown 1 --plan', does: 'what letting it go would do' }],
  run: async ({ volume, yes, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const asked = plan ? E.right(undefined) : await confirmed(io, yes, `Volume ${volume} is let go: its data stays, and nobody looks after it any more. Go on?`);
    if (E.isLeft(asked)) return asked;
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.disownVolume({ path: { volume: ref.right }, ...more }), volumeSubject);
  },
});
export const volumePromote = verb({
  words: 'volume promote',
  summary: 'Make a passive volume active',
  examples: [{ line: 'blockledger volume promote 1', does: 'volume 1 may be written to' }],
  call: (client) => client.promoteVolume,
});
export const volumeDemote = verb({
  words: 'volume demote',
  summary: 'Make a volume passive',
  examples: [{ line: 'blockledger volume demote 1', does: 'volume 1 follows another' }],
  call: (client) => client.demoteVolume,
});
