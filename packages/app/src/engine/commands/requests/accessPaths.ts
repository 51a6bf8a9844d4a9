/** Requests about access paths and their targets, as commands. Of a secret they know the reference. */
import { DEFAULT_IQN_PREFIX } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { targetIdOf } from '../../../queries/kinds/target.ts';
import { accountOf } from '../chapRequests.ts';
import { idIn, idsIn, onPart, onResource, related, type Addressed, type Addressing, type RequestContext, type RequestOf, type Resolved } from './addressing.ts';

type AccessPathRequestName = 'createAccessPath' | 'updateAccessPath' | 'deleteAccessPath' | 'redeployAccessPath' | 'addTarget' | 'removeTarget';

const createAccessPath = ({ input }: RequestOf<'createAccessPath'>, context: RequestContext): Resolved => {
  const { name, description = '', accessType = 'iscsi', iqnPrefix = DEFAULT_IQN_PREFIX, chap, hosts } = input;
  const accessPathId = context.ids.derive(context.commandId, 'accessPath');
  return E.map((hostIds: readonly string[]): Addressed => {
    const command = { type: 'CreateAccessPath', accessPathId, name, description, accessType, iqnPrefix, chap: accountOf(chap) ?? null, hostIds };
    return { to: 'accessPath', command, resource: { kind: 'accessPath', id: accessPathId }, related: related('host', hostIds) };
  })(idsIn(context, 'host', hosts));
};

const addTarget = ({ accessPath, input }: RequestOf<'addTarget'>, context: RequestContext): Resolved => {
  const hostId = idIn(context, 'host', input.host);
  if (E.isLeft(hostId)) return hostId;
  const on = onResource(context, ['accessPath', accessPath], () => ({ type: 'AddTarget', hostId: hostId.right }));
  return E.map((addressed: Addressed): Addressed => ({ ...addressed, part: targetIdOf(addressed.resource.id, hostId.right), related: related('host', [hostId.right]) }))(on);
};

export const accessPathRequests: Addressing<AccessPathRequestName> = {
  createAccessPath,
  updateAccessPath: ({ accessPath, input }, context) => {
    const { chap: given, ...rest } = input;
    const chap = accountOf(given);
    return onResource(context, ['accessPath', accessPath], () => ({ type: 'UpdateAccessPath', changes: { ...rest, ...(chap === undefined ? {} : { chap }) } }));
  },
  deleteAccessPath: ({ accessPath }, context) => onResource(context, ['accessPath', accessPath], () => ({ type: 'DeleteAccessPath' })),
  redeployAccessPath: ({ accessPath }, context) => onResource(context, ['accessPath', accessPath], () => ({ type: 'RedeployAccessPath' })),
  addTarget,
  removeTarget: ({ target, input }, context) => onPart(context, ['target', target], ({ hostId }) => ({ type: 'RemoveTarget', hostId, force: input.force ?? false })),
};
