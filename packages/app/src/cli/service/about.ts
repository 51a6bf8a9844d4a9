/** Which resource tasks or actions are about, as `task list` and `actions` take it. */
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient } from '../../client/index.ts';
import type { Ending } from '../exit.ts';
import { maybe } from '../frame/parts.ts';
import { refOf, resolveMaybe, type Ref } from './refs.ts';

/** The options: each names one resource. */
export const aboutParts = {
  volume: maybe('--volume <volume>', 'only those about this volume', refOf('volume')),
  host: maybe('--host <host>', 'only those about this host', refOf('host')),
  clientGroup: maybe('--client-group <client-group>', 'only those about this client group', refOf('client-group')),
  path: maybe('--path <path>', 'only those about this access path', refOf('path')),
  vipGroup: maybe('--vip-group <vip-group>', 'only those about this VIP group', refOf('vip-group')),
} as const;

/** What was given of them. */
export interface AboutGiven {
  readonly volume: string | undefined;
  readonly host: string | undefined;
  readonly clientGroup: string | undefined;
  readonly path: string | undefined;
  readonly vipGroup: string | undefined;
}

/** What the service is asked with. */
export interface AboutAsked {
  readonly block_volume_id?: Ref;
  readonly host_id?: Ref;
  readonly client_group_id?: Ref;
  readonly access_path_id?: Ref;
  readonly vip_group_id?: Ref;
}

const FIELDS = [
  ['volume', 'volume', 'block_volume_id'],
  ['host', 'host', 'host_id'],
  ['clientGroup', 'client-group', 'client_group_id'],
  ['path', 'path', 'access_path_id'],
  ['vipGroup', 'vip-group', 'vip_group_id'],
] as const;

/** What was given, as the service takes it. */
export const aboutOf = async (client: ApiClient, about: AboutGiven): Promise<E.Either<Ending, AboutAsked>> => {
  const asked: Record<string, Ref> = {};
  for (const [option, kind, field] of FIELDS) {
    const ref = await resolveMaybe(client, kind, about[option]);
    if (E.isLeft(ref)) return ref;
    if (ref.right !== undefined) asked[field] = ref.right;
  }
  return E.right(asked);
};
