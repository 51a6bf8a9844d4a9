/** A client group as the source writes it (S0-87, S0-93): of its account the user alone. */
import type { ClientGroupBody } from '../../api/bodies/clientGroup.ts';
import type { ClientGroupView } from '../../queries/pathViews.ts';
import { actionStatus, moment } from './common.ts';
import { linkBody } from './paths.ts';

/** The resource inside `client_group`. */
export const clientGroupBody = (group: ClientGroupView): ClientGroupBody => ({
  id: group.number,
  uuid: group.id,
  name: group.name,
  description: group.description,
  type: group.accessType,
  status: group.status,
  action_status: actionStatus(group.actionStatus),
  clients: group.clients.map((code) => ({ code })),
  chap: group.mutual !== null,
  iname: group.mutual?.user ?? null,
  mapping_groups: group.mappingGroups.map(({ id, number, accessPath }) => ({ id: number, uuid: id, access_path: linkBody(accessPath) })),
  operation: group.operationId,
  tenant: group.tenant,
  create: moment(group.createdAt),
  update: moment(group.updatedAt),
});
