/** Requests about snapshots, as commands. */
import * as E from 'fp-ts/lib/Either.js';
import { onResource, type Addressed, type Addressing, type RequestContext, type RequestOf, type Resolved } from './addressing.ts';

/** It is asked for at its volume. */
const createSnapshot = ({ input }: RequestOf<'createSnapshot'>, context: RequestContext): Resolved => {
  const snapshotId = context.ids.derive(context.commandId, 'snapshot');
  const { volume, name, description } = input;
  const command = { type: 'CreateSnapshot', snapshotId, name, description: description ?? '', groupSnapshotId: null };
  return E.map((addressed: Addressed): Addressed => ({ ...addressed, resource: { kind: 'snapshot', id: snapshotId }, related: [addressed.resource] }))(onResource(context, ['volume', volume], () => command));
};

export const snapshotRequests: Addressing<'createSnapshot' | 'deleteSnapshot' | 'protectSnapshot' | 'unprotectSnapshot'> = {
  createSnapshot,
  deleteSnapshot: ({ snapshot, input }, context) => onResource(context, ['snapshot', snapshot], () => ({ type: 'DeleteSnapshot', force: input.force ?? false })),
  protectSnapshot: ({ snapshot }, context) => onResource(context, ['snapshot', snapshot], () => ({ type: 'ProtectSnapshot' })),
  unprotectSnapshot: ({ snapshot }, context) => onResource(context, ['snapshot', snapshot], () => ({ type: 'UnprotectSnapshot' })),
};
