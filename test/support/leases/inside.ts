/** What of the engine is not for its users, and is tested by itself. */
export { memoryStore } from '@blockledger/app/memory';
export { silentLogger } from '@blockledger/app';
export { defaultLimits } from '../../../packages/app/src/engine/parts.ts';
export { sharedLeases, type Leases } from '../../../packages/app/src/engine/leases/leases.ts';
export { SHARDS, shardOf, wantedOwner } from '../../../packages/app/src/engine/leases/shards.ts';
