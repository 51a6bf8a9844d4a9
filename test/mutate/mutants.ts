/** Rules of the domain broken by hand, one at a time, and what the engine keeps to. */
import { arrayMutants } from './arrayMutants.ts';
import { attachmentMutants } from './attachmentMutants.ts';
import { engineMutants } from './engineMutants.ts';
import type { Mutant } from './mutant.ts';
import { pathMutants } from './pathMutants.ts';

const example = (name: string): string => `examples/domain/${name}.test.ts`;
const creation = [example('volumeCreation')];
const updates = [example('volumeUpdates')];
const rollback = [example('volumeRollback')];
const deletion = [example('volumeDeletion')];
const slots = [example('volumeSlots')];
const snapshots = [example('snapshot')];
const pools = [example('pool')];
const backends = [example('backend')];
const tokens = [example('token')];
const webhooks = [example('webhook')];
const reservations = [example('reservation')];

const domainMutants: readonly Mutant[] = [
  { breaks: 'the limit of 512 TiB', file: 'volume/limits.ts', find: '512 * TIB', replace: '513 * TIB', tests: creation },
  { breaks: 'the limit of 256 snapshots', file: 'volume/rules.ts', find: 'volume.slots.length < limit', replace: 'volume.slots.length <= limit', tests: slots },
  { breaks: 'the limit of 16 ancestors', file: 'volume/rules.ts', find: 'flattened || depth <= MAX_CLONE_DEPTH', replace: 'flattened || depth < MAX_CLONE_DEPTH', tests: creation },
  { breaks: 'depth is counted from the source', file: 'volume/rules.ts', find: '(source?.depth ?? 0) + 1', replace: '(source?.depth ?? 0)', tests: creation },
  { breaks: 'no clone of an internal snapshot', file: 'volume/rules.ts', find: 'snapshot !== null && snapshot.expiresAt !== null', replace: 'snapshot !== null && snapshot.expiresAt === 0', tests: creation },
  { breaks: 'a recovered backup stays internal', file: 'volume/decide/slots.ts', find: 'internal ? ((meta', replace: '!internal ? ((meta', tests: slots },
  { breaks: 'no V2 volume on an erasure-coded pool', file: 'volume/rules.ts', find: "generation === 'v2' && poolTypes.includes('erasure')", replace: "generation === 'v2' && poolTypes.every((type) => type === 'erasure')", tests: creation },
  { breaks: 'a burst is not below its maximum', file: 'volume/rules.ts', find: 'burst > 0 && burst < max', replace: 'burst > 0 && burst > max', tests: creation },
  { breaks: 'QoS that is enabled has a limit', file: 'volume/rules.ts', find: 'maxBytesPerSecond + burstBytesPerSecond + maxIops + burstIops === 0', replace: 'false', tests: creation },
  { breaks: 'performance priority is for V3', file: 'volume/rules.ts', find: "performancePriority && generation === 'v2'", replace: "performancePriority && generation === 'v3adv'", tests: creation },
  { breaks: 'sizes are rounded up', file: 'kernel/quantities.ts', find: 'Math.ceil(bytes / granularity)', replace: 'Math.floor(bytes / granularity)', tests: creation },
  { breaks: 'giving up a recovery does not remove data', file: 'volume/evolve/abandon.ts', find: 'operation.backendName === null && !operation.recovered', replace: 'operation.backendName === null', tests: creation },
  { breaks: 'no shrink while mapped', file: 'volume/decide/change.ts', find: 'shrinks ? firstRefusal(notAttached(subject), notMapped(subject), ', replace: 'shrinks ? firstRefusal(notAttached(subject), ', tests: updates },
  { breaks: 'no mapping while shrinking', file: 'volume/rules.ts', find: 'state.operation.sizeBytes < volume.sizeBytes', replace: 'state.operation.sizeBytes > volume.sizeBytes', tests: updates },
  { breaks: 'no resize in passive mode', file: 'volume/decide/change.ts', find: 'return firstRefusal(\n    notPassive(subject),\n    notBusy(subject),', replace: 'return firstRefusal(\n    notBusy(subject),', tests: updates },
  { breaks: 'an update waits for what an earlier one releases', file: 'volume/work.ts', find: 'if (state.dues.length > 0) return [];', replace: '', tests: updates },
  { breaks: 'a flatten frees its snapshot', file: 'volume/evolve/flatten.ts', find: '[releaseClone(parent, volume.volumeId)]', replace: '[]', tests: updates },
  { breaks: 'the fence holds during a rollback', file: 'volume/rules.ts', find: "kind === undefined || kind === 'resize' || kind === 'flatten'", replace: "kind === undefined || kind === 'resize' || kind === 'flatten' || kind === 'rollBack'", tests: rollback },
  { breaks: 'a started rollback is not given up', file: 'volume/decide/operations.ts', find: "operation.kind === 'rollBack' && operation.stage === 'rolling') return", replace: "operation.kind === 'rollBack' && operation.stage === 'purging') return", tests: rollback },
  { breaks: 'a rollback waits for its backup', file: 'volume/evolve/rollback.ts', find: "event.purge === null ? 'backingUp' : 'purging'", replace: "event.purge === null ? 'rolling' : 'purging'", tests: rollback },
  { breaks: 'the fence comes back when a forced deletion is refused', file: 'volume/evolve/deletion.ts', find: 'return bringBack(refuseOperation(reopened(state, event.operationId), event), replaced);', replace: 'return refuseOperation(reopened(state, event.operationId), event);', tests: rollback },
  { breaks: 'the target of a rollback is not deleted', file: 'volume/decide/slots.ts', find: 'rollingBack.snapshotId === snapshotId || ', replace: '', tests: rollback },
  { breaks: 'backups are kept for seven days', file: 'volume/limits.ts', find: '7 * 24 * 3_600_000', replace: '24 * 3_600_000', tests: rollback },
  { breaks: 'the rolled back size is the snapshot’s', file: 'volume/decide/settlement.ts', find: 'result.sizeBytes ?? sizeRolledBackTo(state) ?? volume.sizeBytes', replace: 'volume.sizeBytes', tests: rollback },
  { breaks: 'no rollback in a group', file: 'volume/decide/change.ts', find: '    notMapped(subject),\n    notInGroup(subject),', replace: '    notMapped(subject),', tests: rollback },
  { breaks: 'force does not bypass passive mode', file: 'volume/decide/deletion.ts', find: 'firstRefusal(notPassive(subject), notAttached(subject), notMapped(subject), notInGroup(subject)', replace: 'firstRefusal(notAttached(subject), notMapped(subject), notInGroup(subject)', tests: deletion },
  { breaks: 'an undelete that is given up is looked at', file: 'volume/evolve/abandon.ts', find: "operation.stage === 'looking' ? endOperation(calm, operationId) : {", replace: "operation.stage !== 'looking' ? endOperation(calm, operationId) : {", tests: deletion },
  { breaks: 'a volume without our marks was let go', file: 'volume/decide/settlement.ts', find: 'result.exists === false || !isOurs ?', replace: 'result.exists === false ?', tests: deletion },
  { breaks: 'settings that are given up are what is found', file: 'volume/decide/settlement.ts', find: 'qos: qos === undefined || (!qos.enabled && !volume.qos.enabled) ? volume.qos : qos', replace: 'qos: volume.qos', tests: updates },
  { breaks: 'visible snapshots keep a volume', file: 'volume/rules.ts', find: 'cascade || visible.length === 0', replace: 'cascade || visible.length <= 1', tests: deletion },
  { breaks: 'internal snapshots do not keep a volume', file: 'volume/state.ts', find: 'slot.expiresAt === null)', replace: 'slot.expiresAt === null || slot.told)', tests: deletion },
  { breaks: 'a torn or unmade volume does not go to the trash', file: 'volume/decide/deletion.ts', find: 'notBusyUnlessStuck(force && retainMs === null)(subject)', replace: 'notBusyUnlessStuck(force)(subject)', tests: rollback },
  { breaks: 'snapshots in the trash stay closed', file: 'volume/evolve/common.ts', find: "state.lifecycle === 'trashed' ? state : owe(", replace: "state.lifecycle === 'absent' ? state : owe(", tests: deletion },
  { breaks: 'a deleted volume gives its capacity back', file: 'volume/tells.ts', find: "  release(volume.volumeId, { kind: 'capacity', poolId: volume.poolId }),\n", replace: '', tests: deletion },
  { breaks: 'snapshot names are unique', file: 'volume/rules.ts', find: 'slot.name === name)', replace: 'slot.snapshotId === name)', tests: slots },
  { breaks: 'a second mapping is shared on purpose', file: 'volume/rules.ts', find: '(shared && Object.values(users).every((user) => user.shared))', replace: '(shared || Object.values(users).every((user) => user.shared))', tests: slots },
  { breaks: 'a snapshot with clones stays', file: 'snapshot/rules.ts', find: 'snapshot.clones.length === 0', replace: 'snapshot.clones.length <= 1', tests: snapshots },
  { breaks: 'a protected snapshot stays', file: 'snapshot/decide.ts', find: 'obey(subject, open, noClones, notInGroupSnapshot, notProtected)', replace: 'obey(subject, open, noClones, notInGroupSnapshot)', tests: snapshots },
  { breaks: 'a closed snapshot is not cloned', file: 'snapshot/decide.ts', find: 'at: meta.issuedAt }])(obey(subject, open, idle))', replace: 'at: meta.issuedAt }])(obey(subject, idle))', tests: snapshots },
  { breaks: 'a refused deletion opens the snapshot', file: 'snapshot/evolve.ts', find: '{ ...state, ...state.before, before: null }', replace: 'state', tests: snapshots },
  { breaks: 'erasure coding needs a data pool', file: 'pool/rules.ts', find: 'placement.dataPool === undefined ?', replace: 'placement.pool === undefined ?', tests: pools },
  { breaks: 'a pool that holds something stays', file: 'pool/rules.ts', find: 'provisionedBytes === 0 ?', replace: 'provisionedBytes >= 0 ?', tests: pools },
  { breaks: 'capacity is bounded', file: 'reservation/decide.ts', find: 'total > limit ?', replace: 'total > limit + 1 ?', tests: reservations },
  { breaks: 'statistics that never come are not waited for', file: 'reservation/errors.ts', find: "passes ? 'PoolCapacityUnknown' : 'PoolCapacityUnreadable'", replace: "'PoolCapacityUnknown'", tests: reservations },
  { breaks: 'numbers are never used again', file: 'reservation/evolve.ts', find: 'Math.max(state.next, event.number + 1)', replace: 'event.number', tests: reservations },
  { breaks: 'what is released is free', file: 'reservation/evolve.ts', find: '        total: state.total - before,\n', replace: '', tests: reservations },
  { breaks: 'a misspelt backend is not paused', file: 'backend/rules.ts', find: 'known ? undefined', replace: '!known ? undefined', tests: backends },
  { breaks: 'the first reason of a pause stays', file: 'backend/decide.ts', find: 'paused === null ? unlessRefused([backendKnown(backend, facts), reasonFits(reason)], ', replace: 'true ? unlessRefused([backendKnown(backend, facts), reasonFits(reason)], ', tests: backends },
  { breaks: 'a backend that is gone can be resumed', file: 'backend/decide.ts', find: "E.right([{ type: 'BackendResumed', at }])", replace: "unlessRefused([backendKnown(backend, facts)], { type: 'BackendResumed', at })", tests: backends },
  { breaks: 'a pause knows since when', file: 'backend/evolve.ts', find: 'since: event.at', replace: 'since: 0 as never', tests: backends },
  { breaks: 'a resumed backend runs', file: 'backend/evolve.ts', find: '{ ...state, paused: null }', replace: 'state', tests: backends },
  { breaks: 'a revoked token stays out', file: 'accessToken/state.ts', find: 'revoked === null && (', replace: '(', tests: tokens },
  { breaks: 'a token ends at its end', file: 'accessToken/state.ts', find: 'nowMs < token.expiresAt', replace: 'nowMs <= token.expiresAt', tests: tokens },
  { breaks: 'the first revocation counts', file: 'accessToken/decide.ts', find: 'if (revoked !== null) return E.right([]);', replace: '', tests: tokens },
  { breaks: 'an expiry is to come', file: 'accessToken/rules.ts', find: 'expiresAt <= nowMs', replace: 'expiresAt < nowMs', tests: tokens },
  { breaks: 'a token lives for ten years at most', file: 'accessToken/rules.ts', find: 'expiresAt > last ?', replace: 'expiresAt > last + 1 ?', tests: tokens },
  { breaks: 'plain http stays on this machine', file: 'webhook/rules.ts', find: 'parsed.isLoopback || plainHttpAllowed', replace: 'true', tests: webhooks },
  { breaks: 'an address holds no password', file: 'webhook/rules.ts', find: "if (parsed.hasCredentials) return 'it holds", replace: "if (false) return 'it holds", tests: webhooks },
  { breaks: 'a signing key has 24 bytes at least', file: 'webhook/rules.ts', find: 'secretBytes >= MIN_SECRET_BYTES && ', replace: '', tests: webhooks },
  { breaks: 'what an earlier round did is out of date', file: 'webhook/decide.ts', find: 'if (round !== webhook.round) return accept();', replace: '', tests: webhooks },
  { breaks: 'a webhook that fails for days is disabled', file: 'webhook/decide.ts', find: 'webhook.failing.since < DISABLE_AFTER_MS', replace: 'webhook.failing.since <= DISABLE_AFTER_MS', tests: webhooks },
  { breaks: 'a success ends the failing', file: 'webhook/evolve.ts', find: 'event.count, failing: null', replace: 'event.count', tests: webhooks },
  { breaks: 'nothing said later brings a revoked token back', file: 'accessToken/evolve.ts', find: '{ ...state, token:', replace: '{ revoked: null, token:', tests: tokens },
];

export const mutants: readonly Mutant[] = [...domainMutants, ...engineMutants, ...attachmentMutants, ...pathMutants, ...arrayMutants];
