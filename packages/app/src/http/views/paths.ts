/** What bodies of hosts, client groups, access paths and VIP groups share. */
import type * as t from 'io-ts';
import type { PortError } from '@blockledger/domain';
import type { LinkBody } from '../../api/bodies/common.ts';
import type { OperationBody, PartStatusWord, UnreachableBody } from '../../api/bodies/paths.ts';
import type { OperationView, PartStatus, ResourceLink } from '../../queries/pathViews.ts';
import { moment } from './common.ts';

/** A resource by both of its names. */
export const linkBody = ({ id, number, name }: ResourceLink): t.TypeOf<typeof LinkBody> => ({ id: number, uuid: id, name });

/** A part by both of its names: it has no name for people. */
export const partLinkBody = ({ id, number }: Omit<ResourceLink, 'name'>): t.TypeOf<typeof LinkBody> => ({ id: number, uuid: id });

const PART_STATUS = { adding: 'creating', active: 'active', removing: 'deleting' } as const satisfies Readonly<Record<PartStatus, t.TypeOf<typeof PartStatusWord>>>;

/** The source's word for where a part is in its life. */
export const partStatus = (status: PartStatus): t.TypeOf<typeof PartStatusWord> => PART_STATUS[status];

/** Since when and why a host cannot be reached (I-20). */
export const unreachableBody = (unreachable: { readonly error: PortError; readonly since: number } | null): t.TypeOf<typeof UnreachableBody> | null =>
  unreachable === null ? null : { code: unreachable.error.code, message: unreachable.error.message, since: moment(unreachable.since) };

export const operationBody = ({ operationId, kind }: OperationView): t.TypeOf<typeof OperationBody> => ({ task: operationId, kind });
