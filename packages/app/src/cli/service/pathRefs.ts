/** Hosts, client groups, access paths and VIP groups by what people call them, and the parts that they are made of. */
import { ipOf, networkOf } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { parseRef } from '../../api/fields.ts';
import type { VipGroupBody } from '../../api/bodies/vipGroup.ts';
import type { ApiClient } from '../../client/index.ts';
import { ending, type Ending } from '../exit.ts';
import { orEnd } from './serviceCommand.ts';

/** What has a number and a UUID, and something that tells it from others of its name. */
export interface Candidate {
  readonly uuid: string;
  readonly id: number | null;
  readonly about: string;
}

type Found = Promise<E.Either<Ending, readonly Candidate[]>>;
type Ref = number | string;

const EVERYTHING = -1;

interface Answer<B> {
  readonly body: B;
}

interface Listed {
  readonly uuid: string;
  readonly id: number | null;
}

const candidates = <B extends Listed>(rows: readonly B[], about: (row: B) => string): readonly Candidate[] => rows.map((row) => ({ uuid: row.uuid, id: row.id, about: about(row) }));

/** No two hosts in service have one name. */
export const hostsNamed = async (client: ApiClient, name: string): Found =>
  E.map(({ body }: Answer<{ readonly hosts: readonly (Listed & { readonly status: string })[] }>) => candidates(body.hosts, ({ status }) => status))(orEnd(await client.listHosts({ query: { name, limit: EVERYTHING } })));

interface OfTenant extends Listed {
  readonly tenant: string;
}
const ofTenant = ({ tenant }: OfTenant): string => `of tenant ${tenant}`;

export const clientGroupsNamed = async (client: ApiClient, name: string): Found =>
  E.map(({ body }: Answer<{ readonly client_groups: readonly OfTenant[] }>) => candidates(body.client_groups, ofTenant))(orEnd(await client.listClientGroups({ query: { name, limit: EVERYTHING } })));

export const accessPathsNamed = async (client: ApiClient, name: string): Found =>
  E.map(({ body }: Answer<{ readonly access_paths: readonly OfTenant[] }>) => candidates(body.access_paths, ofTenant))(orEnd(await client.listAccessPaths({ query: { name, limit: EVERYTHING } })));

const vipGroup = (group: VipGroupBody): Candidate => ({ uuid: group.uuid, id: group.id, about: `${group.network}, of access path ${group.access_path.name ?? '?'}` });

const vipGroupsOf = async (client: ApiClient, query: { readonly network?: string; readonly resource_id?: Ref }): Found =>
  E.map(({ body }: Answer<{ readonly vip_groups: readonly VipGroupBody[] }>) => body.vip_groups.map(vipGroup))(orEnd(await client.listVipGroups({ query: { ...query, limit: EVERYTHING } })));

/** VIP groups have no names: one of their addresses says which is meant, or their network, or their access path. */
export const vipGroupsNamed = async (client: ApiClient, given: string): Found => {
  if (networkOf(given) !== undefined) return vipGroupsOf(client, { network: given });
  if (ipOf(given) !== undefined) {
    const vips = orEnd(await client.listVips({ query: { ip: given, limit: EVERYTHING } }));
    return E.map(({ body }: Answer<{ readonly vips: readonly { readonly vip_group: Listed; readonly access_path: { readonly name?: string | null } }[] }>) =>
      body.vips.map(({ vip_group: { uuid, id }, access_path: path }) => ({ uuid, id, about: `of access path ${path.name ?? '?'}` })),
    )(vips);
  }
  const paths = await accessPathsNamed(client, given);
  if (E.isLeft(paths)) return paths;
  const found: Candidate[] = [];
  for (const { uuid } of paths.right) {
    const groups = await vipGroupsOf(client, { resource_id: uuid });
    if (E.isLeft(groups)) return groups;
    found.push(...groups.right);
  }
  return E.right(found);
};

/** The only part that there is; `absent` and `several` are the sentences where it is not. */
const onlyOne = (rows: readonly Listed[], absent: string, several: string): E.Either<Ending, Ref> => {
  const [first, ...others] = rows;
  if (first === undefined) return E.left(ending('notFound', absent));
  return others.length === 0 ? E.right(first.uuid) : E.left({ ...ending('usage', several, 'name one by its number or UUID'), details: rows.map(({ uuid, id }) => `${id ?? '?'}  ${uuid}`) });
};

/** An address of a host, by its number, its UUID or itself. */
export const addressRef = async (client: ApiClient, host: Ref, given: string): Promise<E.Either<Ending, Ref>> => {
  const ref = parseRef(given);
  if (ref !== undefined) return E.right(ref);
  const found = orEnd(await client.listNetworkAddresses({ query: { host_id: host, ip: given, limit: EVERYTHING } }));
  return E.isLeft(found) ? found : onlyOne(found.right.body.network_addresses, `the host has no address ${given}`, `the host has ${given} several times`);
};

/** What an access path has on a host. */
export const targetRef = async (client: ApiClient, path: Ref, host: Ref): Promise<E.Either<Ending, Ref>> => {
  const found = orEnd(await client.listTargets({ query: { access_path_id: path, host_id: host, limit: EVERYTHING } }));
  return E.isLeft(found) ? found : onlyOne(found.right.body.targets, 'the access path has nothing on that host', 'the access path is on that host several times');
};

/** What a client group sees by an access path; undefined where it sees nothing. */
export const mappingRef = async (client: ApiClient, path: Ref, group: Ref): Promise<E.Either<Ending, Ref | undefined>> => {
  const found = orEnd(await client.listMappingGroups({ query: { access_path_id: path, client_group_id: group, limit: EVERYTHING } }));
  return E.isLeft(found) ? found : E.right(found.right.body.mapping_groups[0]?.uuid);
};

/** A virtual IP of a group, by its number, its UUID or its address. */
export const vipRef = async (client: ApiClient, group: Ref, given: string): Promise<E.Either<Ending, Ref>> => {
  const ref = parseRef(given);
  if (ref !== undefined) return E.right(ref);
  const found = orEnd(await client.listVips({ query: { vip_group_id: group, ip: given, limit: EVERYTHING } }));
  return E.isLeft(found) ? found : onlyOne(found.right.body.vips, `the VIP group has no virtual IP ${given}`, `the VIP group has ${given} several times`);
};
