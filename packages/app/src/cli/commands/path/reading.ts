/** `blockledger path list`, `path show`, `path targets`, `path mappings`. */
import * as E from 'fp-ts/lib/Either.js';
import type { AccessPathBody } from '../../../api/bodies/accessPath.ts';
import type { VipBody } from '../../../api/bodies/vipGroup.ts';
import type { ApiClient } from '../../../client/index.ts';
import { maybe } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { tree } from '../../frame/tree.ts';
import { listCommand } from '../../service/list.ts';
import { argumentOf, refOf, resolveMaybe, resolveRef } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { mappingColumns, pathColumns, targetColumns } from '../../show/paths.ts';
import { pathTree, type ClientsSeen } from '../../show/pathTree.ts';

const hostOption = maybe('--host <host>', 'only those on this host', refOf('host'));
const clientsOption = maybe('--clients <client-group>', 'only those by which this client group sees volumes', refOf('client-group'));
const volumeOption = maybe('--volume <volume>', 'only those by which this volume is seen', refOf('volume'));

export const pathList = listCommand({
  words: 'path list',
  summary: 'List access paths',
  noun: 'access path',
  options: {
    status: maybe('--status <status>', 'only those that stand so; deleted ones are listed only when asked for', oneOf('creating', 'active', 'deleting', 'deleted')),
    type: maybe('--type <type>', 'only those of this kind of access', oneOf('iscsi', 'local', 'fc')),
    host: hostOption,
    clients: clientsOption,
    volume: volumeOption,
    q: maybe('--search <text>', 'part of the name or description, or the beginning of the UUID', text),
    tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
  },
  examples: [
    { line: 'blockledger path list', does: 'the access paths' },
    { line: 'blockledger path list --volume data-1', does: 'by which data-1 is seen' },
  ],
  call: async (client, { host, clients, volume, ...filters }, limit) => {
    const [hostRef, groupRef, volumeRef] = [await resolveMaybe(client, 'host', host), await resolveMaybe(client, 'client-group', clients), await resolveMaybe(client, 'volume', volume)];
    if (E.isLeft(hostRef)) return hostRef;
    if (E.isLeft(groupRef)) return groupRef;
    if (E.isLeft(volumeRef)) return volumeRef;
    const { status, type, q, tenant } = filters;
    const query = given({ status, type, q, tenant, host_id: hostRef.right, client_group_id: groupRef.right, block_volume_id: volumeRef.right });
    return orEnd(await client.listAccessPaths({ query: { ...query, limit } }));
  },
  rows: (body) => body.access_paths,
  columns: pathColumns,
});

const EVERYTHING = -1;

/** Who holds its virtual IPs; nobody's where it has none. */
const vipsOf = async (client: ApiClient, { uuid, vip_groups: groups }: AccessPathBody): Promise<readonly VipBody[]> => {
  const found = groups.length === 0 ? undefined : await client.listVips({ query: { access_path_id: uuid, limit: EVERYTHING } });
  return found !== undefined && E.isRight(found) ? found.right.body.vips : [];
};

/** The initiators of each client group; one that may not be looked at has none. */
const clientsOf = async (client: ApiClient, { mapping_groups: groups }: AccessPathBody): Promise<ClientsSeen> => {
  const seen = await Promise.all(
    groups.map(async ({ client_group: { uuid } }) => {
      const found = await client.getClientGroup({ path: { client_group: uuid }, query: { gone: true } });
      return [uuid, E.isRight(found) ? found.right.body.client_group : undefined] as const;
    }),
  );
  return new Map(seen.flatMap(([uuid, group]) => (group === undefined ? [] : [[uuid, group] as const])));
};

export const pathShow = serviceCommand({
  words: 'path show',
  summary: 'Draw an access path: its targets, its virtual IPs, and who sees which volume by it',
  about: 'A target is confirmed when its host has said that everything is there as it is wanted. --json is the access path alone, as the service answers it.',
  shows: 'sizes',
  takes: { path: argumentOf('path') },
  options: {},
  examples: [{ line: 'blockledger path show gold', does: 'the access path named gold' }],
  run: async ({ path }, { client }, io) => {
    const ref = await resolveRef(client, 'path', path);
    if (E.isLeft(ref)) return ref;
    const answered = orEnd(await client.getAccessPath({ path: { access_path: ref.right }, query: { gone: true } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    if (io.json) return E.right({ json: body, show: () => '' });
    const [vips, clients] = await Promise.all([vipsOf(client, body.access_path), clientsOf(client, body.access_path)]);
    return E.right({ json: body, show: (screen) => tree(screen, pathTree(io, { path: body.access_path, vips, clients })) });
  },
});

export const pathTargets = listCommand({
  words: 'path targets',
  summary: 'List what access paths have on hosts, and what is not confirmed there',
  noun: 'target',
  options: { path: maybe('--path <path>', 'only those of this access path', refOf('path')), host: hostOption },
  examples: [{ line: 'blockledger path targets --host gw1', does: 'what gw1 serves' }],
  call: async (client, { path, host }, limit) => {
    const [pathRef, hostRef] = [await resolveMaybe(client, 'path', path), await resolveMaybe(client, 'host', host)];
    if (E.isLeft(pathRef)) return pathRef;
    if (E.isLeft(hostRef)) return hostRef;
    return orEnd(await client.listTargets({ query: { ...given({ access_path_id: pathRef.right, host_id: hostRef.right }), limit } }));
  },
  rows: (body) => body.targets,
  columns: targetColumns,
});

export const pathMappings = listCommand({
  words: 'path mappings',
  summary: 'List which client group sees which volumes',
  noun: 'mapping group',
  options: { path: maybe('--path <path>', 'only those of this access path', refOf('path')), clients: clientsOption, volume: volumeOption },
  examples: [{ line: 'blockledger path mappings --volume data-1', does: 'who sees data-1' }],
  call: async (client, { path, clients, volume }, limit) => {
    const [pathRef, groupRef, volumeRef] = [await resolveMaybe(client, 'path', path), await resolveMaybe(client, 'client-group', clients), await resolveMaybe(client, 'volume', volume)];
    if (E.isLeft(pathRef)) return pathRef;
    if (E.isLeft(groupRef)) return groupRef;
    if (E.isLeft(volumeRef)) return volumeRef;
    const query = given({ access_path_id: pathRef.right, client_group_id: groupRef.right, block_volume_id: volumeRef.right });
    return orEnd(await client.listMappingGroups({ query: { ...query, limit } }));
  },
  rows: (body) => body.mapping_groups,
  columns: mappingColumns,
});
