/** What the commands about webhooks share: how one is named, what it is sent, and its secret. */
import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { parseRef } from '../../../api/fields.ts';
import type { DELIVERABLE_SUBJECTS } from '../../../api/bodies/subjects.ts';
import type { NewFilter } from '../../../api/bodies/webhook.ts';
import type { ApiClient } from '../../../client/index.ts';
import { newWebhookSecret } from '../../../engine/webhooks/secretText.ts';
import { ending, messageOf, type Ending } from '../../exit.ts';
import { maybe, needed, several, type Reader } from '../../frame/parts.ts';
import { oneOf, path, text, whole } from '../../frame/readers.ts';
import { filterOf, filterParts, type FilterGiven } from '../../service/filters.ts';
import { SUBJECTS } from '../../service/kinds.ts';
import { namedOne } from '../../service/namedOne.ts';
import { orEnd } from '../../service/serviceCommand.ts';

/** The webhook that a command is about. */
export const takes = { webhook: needed('<webhook>', 'its UUID or name', { ...text, completion: { of: 'webhooks' } }) } as const;

const EVERYTHING = -1;

/** The UUID of a webhook by its name; several may have one. */
export const webhookNamed = async (client: ApiClient, named: string): Promise<E.Either<Ending, string>> => {
  if (typeof parseRef(named) === 'string') return E.right(named);
  const found = orEnd(await client.listWebhooks({ query: { name: named, limit: EVERYTHING } }));
  return E.isLeft(found) ? found : namedOne('webhook', named, found.right.body.webhooks.map(({ uuid, url, status }) => ({ uuid, about: `${url}, ${status}` })));
};

const WORDS = { ...SUBJECTS, backend: 'backend' } as const satisfies Readonly<Record<string, (typeof DELIVERABLE_SUBJECTS)[number]>>;
type Kind = keyof typeof WORDS;
const KINDS = Object.keys(WORDS) as readonly Kind[];

const atPosition = whole(-1, Number.MAX_SAFE_INTEGER);

/** A place in the log. */
export const position: Reader<number | 'start' | 'now'> = {
  read: (given) => (given === 'start' || given === 'now' ? E.right(given) : E.mapLeft(() => `${given} is not a position: write start, now, or a whole number from -1`)(atPosition.read(given))),
  completion: { of: 'words', words: ['start', 'now'], open: true },
};

/** Options that say which events are sent. */
export const wantedParts = { kinds: several('--kind <kind>', `only those about ${KINDS.join(', ')}`, oneOf(...KINDS)), ...filterParts } as const;

/** What was given of them. */
export interface Wanted extends FilterGiven {
  readonly kinds: readonly Kind[];
}

/** The filter of a body; undefined where nothing was given. */
export const wantedFilter = async (client: ApiClient, { kinds, ...more }: Wanted): Promise<E.Either<Ending, NewFilter | undefined>> =>
  E.map((asked: Omit<NewFilter, 'kinds'>) => {
    const filter = { ...asked, ...(kinds.length === 0 ? {} : { kinds: kinds.map((kind) => WORDS[kind]) }) };
    return Object.keys(filter).length === 0 ? undefined : filter;
  })(await filterOf(client, more));

/** The option that names the file of a secret. */
export const secretPart = maybe('--secret-file <file>', 'file that holds the secret, `whsec_` and Base64 (without it one is made and printed)', path);

/** A secret, and whether it was made here, so that it must be shown. */
export interface Secret {
  readonly text: string;
  readonly isMade: boolean;
}

/** The secret of the file, or a fresh one. Command lines are seen by others, so none is taken from there. */
export const secretFrom = (file: string | undefined): E.Either<Ending, Secret> => {
  if (file === undefined) return E.right({ text: newWebhookSecret(), isMade: true });
  try {
    return E.right({ text: readFileSync(file, 'utf8').trim(), isMade: false });
  } catch (thrown) {
    return E.left(ending('usage', `the secret cannot be read: ${messageOf(thrown)}`));
  }
};
