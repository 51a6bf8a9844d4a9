/** From what a caller asks to the command that says it: names resolved, defaults filled in, ids derived from the command's id. */
import * as E from 'fp-ts/lib/Either.js';
import { refuseConfined, refuseEngine } from '../../refusals.ts';
import type { PlaneRequest, RequestName } from '../../requests.ts';
import type { Addressing, RequestContext, RequestOf, Resolved } from './addressing.ts';
import { accessPathRequests } from './accessPaths.ts';
import { attachmentRequests } from './attachments.ts';
import { clientGroupRequests } from './clientGroups.ts';
import { hostRequests } from './hosts.ts';
import { mappingGroupRequests } from './mappingGroups.ts';
import { poolRequests } from './pools.ts';
import { snapshotRequests } from './snapshots.ts';
import { taskRequests } from './tasks.ts';
import { vipGroupRequests } from './vipGroups.ts';
import { volumeRequests } from './volumes.ts';

export type { Addressed, RequestContext } from './addressing.ts';

const addressing: Addressing<RequestName> = {
  ...volumeRequests,
  ...attachmentRequests,
  ...snapshotRequests,
  ...poolRequests,
  ...hostRequests,
  ...clientGroupRequests,
  ...accessPathRequests,
  ...mappingGroupRequests,
  ...vipGroupRequests,
  ...taskRequests,
};

/** What reaches beyond one tenant: some resources are everybody's, and what stands on a backend unmanaged is nobody's. */
const BEYOND_A_TENANT: ReadonlySet<string> = new Set(['adoptVolume', ...Object.keys(poolRequests), ...Object.keys(hostRequests)]);

/** Each request finds its own way. Callers without types may ask for anything. */
const addressed = <Do extends RequestName>(request: RequestOf<Do>, context: RequestContext): Resolved => {
  const name: string = request.do;
  return Object.hasOwn(addressing, name) ? addressing[name as Do](request, context) : E.left(refuseEngine('InvalidCommand', `there is no request "${name}"`, { value: name }));
};

/**
 * The command of a request. Refused for references that lead nowhere, which for a confined caller are also those that lead to another
 * tenant's (I-12), and for what is not a tenant's to ask; everything else is the domain's to say.
 */
export const commandOf = (request: PlaneRequest, context: RequestContext): Resolved =>
  context.confinedTo !== null && BEYOND_A_TENANT.has(request.do) ? E.left(refuseConfined(request.do, context.confinedTo)) : addressed(request, context);
