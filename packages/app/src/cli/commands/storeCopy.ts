/** `blockledger store copy`. */
import * as E from 'fp-ts/lib/Either.js';
import type { Copied, CopyError } from '../../eventStores/copying/copy.ts';
import { ending, type Ending } from '../exit.ts';
import { command } from '../frame/command.ts';
import { flag, needed } from '../frame/parts.ts';
import { liveBars } from '../frame/progress.ts';
import { text } from '../frame/readers.ts';
import { showDuration } from '../frame/time.ts';
import { counted, marked } from '../frame/text.ts';
import type { StorePlace } from '../store/place.ts';

interface Ends {
  readonly from: StorePlace;
  readonly to: StorePlace;
}

const failure = async ({ from, to }: Ends, error: CopyError): Promise<Ending> => {
  const { storeTrouble } = await import('../store/choose.ts');
  switch (error._tag) {
    case 'Source':
      return ending(error.error._tag === 'Corrupt' ? 'failed' : 'unavailable', `the store ${from.shown} cannot be read: ${storeTrouble(error.error)}`, 'run the command again with --resume when it can');
    case 'Destination':
      return ending('cannotCreate', `the copy in ${to.shown} is not whole: ${storeTrouble(error.error)}`, 'run the command again with --resume');
    case 'Differs':
      return ending('failed', `${to.shown} is no copy of ${from.shown}: they differ from event ${error.event} on${error.stream === '' ? '' : ` (${error.stream})`}`, 'see that no service writes to either of them, and copy to an empty store');
  }
};

/** What is another in a copy, and what somebody has to do about it. */
const advice = ({ webhooks }: Copied): readonly string[] => [
  ...(webhooks === 0 ? [] : [`${counted(webhooks, 'webhook')} will go on where they were.`]),
  'Positions are new: for each pool run `blockledger pool accept-restored-log` once a service runs over the copy; who follows events begins anew.',
  'Serve only one of both from now on.',
];

export const storeCopyCommand = command({
  words: 'store copy',
  summary: 'Copy a store into another one, from a file to EventStoreDB or back, and compare both event by event',
  about:
    'Streams, revisions, ids, metadata and schema versions stay as they are; positions are new, and webhooks are moved to theirs. The source is only read, and no service may write to it meanwhile. The destination must be empty. A copy that is cut is never taken for a store, and goes on with --resume. Secrets are in a file of their own and are not copied. A store is a path, a connection string, or @ and a file that holds one.',
  speaksTo: 'nobody',
  shows: 'report',
  takes: {},
  options: {
    from: needed('--from <store>', 'the store to read', text),
    to: needed('--to <store>', 'the store to make; it must be empty', text),
    resume: flag('--resume', 'go on with a copy that was cut'),
  },
  examples: [
    { line: 'blockledger store copy --from var/quickstart.db --to @store.secret', does: 'move to the EventStoreDB whose connection string is in a file' },
    { line: 'blockledger store copy --from @store.secret --to var/back.db --resume', does: 'go on with a copy back into a file' },
  ],
  run: async ({ from: fromText, to: toText, resume }, io) => {
    const [{ placeOfStore }, { openFrom, openTo }, { copyLog }] = await Promise.all([import('../store/place.ts'), import('../store/ends.ts'), import('../../eventStores/copying/copy.ts')]);
    const from = placeOfStore(fromText);
    if (E.isLeft(from)) return from;
    const to = placeOfStore(toText);
    if (E.isLeft(to)) return to;
    const source = await openFrom(from.right);
    if (E.isLeft(source)) return source;
    const destination = await openTo(to.right, resume);
    if (E.isLeft(destination)) {
      await source.right.close();
      return destination;
    }
    const { events: total } = source.right;
    const startedAt = performance.now();
    const bars = await liveBars(io);
    const label = { copying: 'Copying', verifying: 'Comparing' } as const;
    const copied = await copyLog({
      from: source.right.log,
      to: destination.right.store,
      isQueued: destination.right.isQueued,
      nowMs: Date.now,
      onProgress: (phase, events) => bars.show([{ label: label[phase], part: total === undefined ? null : events / Math.max(1, total), note: counted(events, 'event') }]),
    });
    const ends = { from: from.right, to: to.right };
    const made = E.isLeft(copied) ? E.left(await failure(ends, copied.left)) : E.map(() => copied.right)(await destination.right.finish());
    bars.end();
    await Promise.all([source.right.close(), destination.right.close()]);
    const tookMs = performance.now() - startedAt;
    return E.map(({ events, streams, before, webhooks }: Copied) => ({
      json: { copy: { from: ends.from.shown, to: ends.to.shown, events, streams, before, webhooks } },
      show: (screen: Parameters<typeof marked>[0]) =>
        marked(
          screen,
          'ok',
          `${ends.to.shown} holds all of ${ends.from.shown}: ${counted(events, 'event')} in ${counted(streams, 'stream')}${before === 0 ? '' : `, ${before} of them from before`}, compared; ${showDuration(tookMs)}`,
          ...advice({ events, streams, before, webhooks }),
        ),
    }))(made);
  },
});
