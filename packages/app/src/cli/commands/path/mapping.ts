/** `blockledger path add-host`, `remove-host`, `map`, `unmap`. */
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient, ClientFailure } from '../../../client/index.ts';
import { ending, type Ending } from '../../exit.ts';
import { flag, needed, several } from '../../frame/parts.ts';
import type { ChangeCall } from '../../service/changing.ts';
import { mappingRef, targetRef } from '../../service/pathRefs.ts';
import { refOf, resolveAll, resolveRef, type Ref } from '../../service/refs.ts';
import { verbCommand } from '../../service/verb.ts';
import { given } from '../../show/given.ts';

type Request = Promise<E.Either<Ending, ChangeCall>>;

const takes = { host: needed('<host>', 'its number, UUID or name', refOf('host')) } as const;
const forced = (force: boolean): { readonly force?: true } => given({ force: force ? (true as const) : undefined });

export const pathAddHost = verbCommand({
  kind: 'path',
  words: 'path add-host',
  summary: 'Give an access path a target on another host',
  takes,
  examples: [{ line: 'blockledger path add-host gold gw3 --wait', does: 'gw3 serves it, too' }],
  call: async (client, path, { host }): Request => {
    const ref = await resolveRef(client, 'host', host);
    return E.isLeft(ref) ? ref : E.right((more) => client.addTarget({ body: { target: { access_path_id: path, host_id: ref.right } }, ...more }));
  },
});

export const pathRemoveHost = verbCommand({
  kind: 'path',
  words: 'path remove-host',
  summary: 'Take an access path away from a host',
  about: 'It is refused while somebody is logged in there, unless by --force.',
  takes,
  options: { force: flag('--force', 'also while somebody is logged in there') },
  examples: [{ line: 'blockledger path remove-host bare gw2 --yes --wait', does: 'gw2 serves it no more' }],
  question: (path, { host, force }) => `Host ${host} serves access path ${path} no more${force ? ', and ends the sessions there' : ''}. Go on?`,
  call: async (client, path, { host, force }): Request => {
    const hostRef = await resolveRef(client, 'host', host);
    if (E.isLeft(hostRef)) return hostRef;
    const ref = await targetRef(client, path, hostRef.right);
    return E.isLeft(ref) ? ref : E.right((more) => client.removeTarget({ path: { target: ref.right }, ...more, query: { ...forced(force), ...more.query } }));
  },
});

const clients = needed('--clients <client-group>', 'the client group', refOf('client-group'));

interface Mapped {
  readonly path: Ref;
  readonly group: Ref;
  readonly volumes: readonly Ref[];
  readonly shared: boolean;
}

/** The key was that of another request. */
const isOtherRequest = (answered: E.Either<ClientFailure, unknown>): boolean => E.isLeft(answered) && answered.left._tag === 'Refused' && answered.left.problem.rule === 'oneInputPerCommand';

/** Adds to what the client group sees already, where it sees anything. */
const mapRequest = async (client: ApiClient, { path, group, volumes, shared }: Mapped): Request => {
  const mapping = await mappingRef(client, path, group);
  if (E.isLeft(mapping)) return mapping;
  const more = shared ? { shared } : {};
  const { right: ref } = mapping;
  const make: ChangeCall = (how) => client.createMappingGroup({ body: { mapping_group: { access_path_id: path, client_group_id: group, block_volume_ids: volumes, ...more } }, ...how });
  if (ref === undefined) return E.right(make);
  return E.right(async (how) => {
    const added = await client.addVolumesToMappingGroup({ path: { mapping_group: ref }, body: { block_volume_ids: volumes, ...more }, ...how });
    // The first request of this key made the mapping group: its repeat is answered as it was.
    return isOtherRequest(added) ? make(how) : added;
  });
};

export const pathMap = verbCommand({
  kind: 'path',
  words: 'path map',
  summary: 'Let a client group see volumes by an access path',
  about: 'A set: what it sees already stays as it is. A volume that another client group sees, too, needs --shared in both.',
  options: {
    clients,
    volumes: several('--volume <volume>', 'a volume; may be given several times', refOf('volume')),
    shared: flag('--shared', 'others may see these volumes, too'),
  },
  examples: [{ line: 'blockledger path map gold --clients db --volume data-2 --wait', does: 'the hosts of the client group db see data-2' }],
  call: async (client, path, { clients: named, volumes, shared }): Request => {
    const [group, refs] = [await resolveRef(client, 'client-group', named), await resolveAll(client, 'volume', volumes)];
    if (E.isLeft(group)) return group;
    if (E.isLeft(refs)) return refs;
    if (refs.right.length === 0) return E.left(ending('usage', 'no volume was given', 'give --volume, several times where there are several'));
    return mapRequest(client, { path, group: group.right, volumes: refs.right, shared });
  },
});

export const pathUnmap = verbCommand({
  kind: 'path',
  words: 'path unmap',
  summary: 'Take volumes from a client group, or all that it sees by an access path',
  about: 'It is refused while initiators are logged in, unless by --force: then their sessions are ended everywhere before it counts as done. Where nobody can see sessions, --logged-out says that there are none.',
  options: {
    clients,
    volumes: several('--volume <volume>', 'a volume; without any, all of them', refOf('volume')),
    force: flag('--force', 'end the sessions of its initiators first'),
    loggedOut: flag('--logged-out', 'its initiators have logged out: needed where the backend shows no sessions'),
  },
  examples: [
    { line: 'blockledger path unmap gold --clients db --volume data-1 --yes --wait', does: 'one volume' },
    { line: 'blockledger path unmap gold --clients db --yes --wait', does: 'everything that db sees by gold' },
  ],
  question: (path, { clients: named, volumes, force }) =>
    `Client group ${named} no longer sees ${volumes.length === 0 ? 'anything' : volumes.join(', ')} by access path ${path}${force ? ', and its sessions are ended' : ''}. Go on?`,
  call: async (client, path, { clients: named, volumes, force, loggedOut }): Request => {
    const [group, refs] = [await resolveRef(client, 'client-group', named), await resolveAll(client, 'volume', volumes)];
    if (E.isLeft(group)) return group;
    if (E.isLeft(refs)) return refs;
    const mapping = await mappingRef(client, path, group.right);
    if (E.isLeft(mapping)) return mapping;
    const { right: ref } = mapping;
    if (ref === undefined) return E.left(ending('notFound', `the client group ${named} sees nothing by this access path`));
    const query = { ...forced(force), ...given({ logged_out: loggedOut ? (true as const) : undefined }) };
    if (refs.right.length === 0) return E.right((how) => client.deleteMappingGroup({ path: { mapping_group: ref }, ...how, query: { ...query, ...how.query } }));
    return E.right((how) => client.removeVolumesFromMappingGroup({ path: { mapping_group: ref }, body: { block_volume_ids: refs.right }, ...how, query: { ...query, ...how.query } }));
  },
});
