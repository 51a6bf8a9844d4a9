/** The structures that a driver returns, copied from the source's document field by field: never written by a test. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../files.ts';

/** By the names of the calls that return them. */
export const source = JSON.parse(readFileSync(join(repositoryRoot, 'test/golden/cinder/source.json'), 'utf8')) as {
  readonly provider_location: string;
  readonly provider_auth: string;
  readonly get_volume_stats: object;
  readonly initialize_connection: { readonly driver_volume_type: string; readonly data: object };
  readonly call_initialize_connection: { readonly driver_volume_type: string; readonly data: object };
};
