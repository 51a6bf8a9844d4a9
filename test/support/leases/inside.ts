/** What of the engine is not for its users, and is tested by itself. */
export { memoryStore } from '@blockledger/app/memory';
export { silentLogger } from '@blockledger/app';
export { defaultLimits } from '../../../packages/app/src/engine/parts.ts';
export { sharedLeases, type Leases } from '../../../packages/app/src/engine/leases/leases.ts';
export { SHARDS, shardOf, wantedOwner } from '../../../packages/app/src/engine/leases/shards.ts';
export { makeMembers, type Members } from '../../../packages/app/src/engine/leases/members.ts';
export { memberName, readMember, readShard, shardName } from '../../../packages/app/src/engine/leases/records.ts';
