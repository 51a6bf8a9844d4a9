/** Names that the running service knows, for the argument that is being typed. Whoever types must never wait, nor read an error. */
import * as E from 'fp-ts/lib/Either.js';
import { parseRef } from '../../api/fields.ts';
import type { ApiClient } from '../../client/index.ts';
import type { Io } from '../frame/io.ts';
import { clean } from '../frame/text.ts';
import { reach } from '../service/connect.ts';
import type { NamesAsked, Suggestion } from './suggest.ts';

/** Nobody looks through more. */
const MOST_NAMES = 200;
/** Together with the start of the program this stays below a second. */
const PATIENCE_MS = 600;

interface Asking {
  readonly client: ApiClient;
  readonly prefix: string;
  /** What stands before it on the command line. */
  readonly argument?: string | undefined;
  readonly signal: AbortSignal;
}

/** One thing that has a name; `within` tells it from others that have the same. */
interface Candidate {
  readonly name: string;
  readonly within?: string;
  readonly about: string;
}

type Look = (asking: Asking) => Promise<readonly Candidate[]>;

/** What was found; a service that does not answer knows nothing. */
const bodyOf = <B>(answered: E.Either<unknown, { readonly body: B }>): B | undefined => (E.isRight(answered) ? answered.right.body : undefined);

/** The part of a prefix that is the thing's own name: `be` of `db-1@be`. Without a mark it is all of it. */
const ownPart = (prefix: string, mark: string): { readonly q?: string } => {
  const own = mark === '' ? prefix : prefix.slice(prefix.indexOf(mark) + 1);
  return own === '' ? {} : { q: own };
};

const page = { limit: MOST_NAMES } as const;

const LOOKS: Readonly<Record<NamesAsked['kind'], Look>> = {
  'volumes': async ({ client, prefix, signal }) => {
    const found = bodyOf(await client.listVolumes({ query: { ...page, ...ownPart(prefix, '/'), hidden: 'all' }, signal }));
    return (found?.block_volumes ?? []).map(({ name, pool, status }) => ({ name, within: `${pool.name ?? ''}/`, about: `${status}, in pool ${pool.name ?? '?'}` }));
  },
  'snapshots': async ({ client, prefix, signal }) => {
    const found = bodyOf(await client.listSnapshots({ query: { ...page, ...ownPart(prefix, '@') }, signal }));
    return (found?.block_snapshots ?? []).map(({ name, block_volume: volume, status }) => ({ name, within: `${volume.name ?? ''}@`, about: `${status}, of volume ${volume.name ?? '?'}` }));
  },
  'pools': async ({ client, signal }) => (bodyOf(await client.listPools({ query: page, signal }))?.pools ?? []).map(({ name, status, backend }) => ({ name, about: `${status}, on backend ${backend}` })),
  'tasks': async ({ client, signal }) =>
    (bodyOf(await client.listTasks({ query: { ...page, status: ['queued', 'running', 'waiting', 'failed'], sort: '-id' }, signal }))?.tasks ?? []).map(({ id, type, status }) => ({ name: String(id), about: `${type}, ${status}` })),
  'webhooks': async ({ client, signal }) => (bodyOf(await client.listWebhooks({ query: page, signal }))?.webhooks ?? []).map(({ name, url, status }) => ({ name, about: `${status}, ${url}` })),
  'tokens': async ({ client, signal }) => (bodyOf(await client.listTokens({ query: page, signal }))?.tokens ?? []).map(({ name, role }) => ({ name, about: role })),
  'hosts': async ({ client, signal }) => (bodyOf(await client.listHosts({ query: page, signal }))?.hosts ?? []).map(({ name, status }) => ({ name, about: status })),
  'addresses': async ({ client, signal }) =>
    (bodyOf(await client.listNetworkAddresses({ query: page, signal }))?.network_addresses ?? []).map(({ ip, host, interface: device, role }) => ({ name: ip, about: `${role}, ${device} of ${host.name ?? '?'}` })),
  'client-groups': async ({ client, prefix, signal }) =>
    (bodyOf(await client.listClientGroups({ query: { ...page, ...ownPart(prefix, '') }, signal }))?.client_groups ?? []).map(({ name, status, type }) => ({ name, about: `${status}, ${type}` })),
  'paths': async ({ client, prefix, signal }) =>
    (bodyOf(await client.listAccessPaths({ query: { ...page, ...ownPart(prefix, '') }, signal }))?.access_paths ?? []).map(({ name, status, type }) => ({ name, about: `${status}, ${type}` })),
  // They have no names, and one of their addresses says which is meant.
  'vip-groups': async ({ client, signal }) =>
    (bodyOf(await client.listVipGroups({ query: page, signal }))?.vip_groups ?? []).flatMap(({ vips, network, access_path: path }) =>
      vips.slice(0, 1).map(({ ip }) => ({ name: ip, about: `${network}, of access path ${path.name ?? '?'}` })),
    ),
  'vips': async ({ client, signal }) => (bodyOf(await client.listVips({ query: page, signal }))?.vips ?? []).map(({ ip, access_path: path }) => ({ name: ip, about: `of access path ${path.name ?? '?'}` })),
  'attachmentsOfBefore': async ({ client, argument = '', signal }) => {
    const slash = argument.indexOf('/');
    const volume = parseRef(argument) ?? bodyOf(await client.listVolumes({ query: { name: argument.slice(slash + 1), limit: 1 }, signal }))?.block_volumes[0]?.uuid;
    const found = volume === undefined ? undefined : bodyOf(await client.listAttachments({ path: { volume }, signal }));
    return (found?.attachments ?? []).map(({ uuid, stage, instance, connector }) => ({ name: uuid, about: [stage, instance, connector?.initiator].filter((word) => typeof word === 'string').join(', ') }));
  },
  'backends': async ({ client, signal }) => (bodyOf(await client.listBackends({ signal }))?.backends ?? []).map(({ name, type }) => ({ name, about: type ?? '' })),
};

/** What a shell can write and a command reads as this name: no number or UUID, no option, nothing that steers a terminal. */
const canBeTyped = (kind: NamesAsked['kind'], { name }: Candidate): boolean => kind === 'tasks' || kind === 'attachmentsOfBefore' || (parseRef(name) === undefined && !name.startsWith('-') && clean(name) === name);

/** The names that begin so; those that several have with what tells them apart. */
const suggestions = (kind: NamesAsked['kind'], candidates: readonly Candidate[], prefix: string): readonly Suggestion[] => {
  const counts = new Map<string, number>();
  for (const { name } of candidates) counts.set(name, (counts.get(name) ?? 0) + 1);
  return candidates
    .filter((candidate) => canBeTyped(kind, candidate))
    .map(({ name, within = '', about }) => {
      const whole = `${within}${name}`;
      const needsWhole = (counts.get(name) ?? 0) > 1 || !name.startsWith(prefix);
      return { value: needsWhole ? whole : name, description: about };
    })
    .filter(({ value }) => value.startsWith(prefix));
};

/** The names; none where no service answers in time. */
export const namesOf = async ({ environment }: Pick<Io, 'environment'>, { kind, prefix, within, reaching }: NamesAsked): Promise<readonly Suggestion[]> => {
  try {
    const found = reach(environment, reaching);
    if (E.isLeft(found) || found.right.token === undefined) return [];
    const { apiClient } = await import('../../client/index.ts');
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const client = apiClient({ url: found.right.url, token: found.right.token, retries: 0 });
    return suggestions(kind, await LOOKS[kind]({ client, prefix, argument: within, signal }), prefix);
  } catch {
    return [];
  }
};
