/** Everything a client group can be told and everything that can have happened to it. */
import * as t from 'io-ts';
import { AccessPathId, ClientGroupId, MappingGroupId, OperationId } from '../kernel/ids.ts';
import { Count, TimestampMs } from '../kernel/quantities.ts';
import { settlementCommands, StoredRefusal } from '../kernel/settlement.ts';
import { tagged } from '../kernel/tagged.ts';
import { AccessType, ChapAccount } from '../ports/targetBackend.ts';

const orNull = <C extends t.Mixed>(codec: C) => t.union([t.null, codec]);
const id = { clientGroupId: ClientGroupId };
const user = { mappingGroupId: MappingGroupId, accessPathId: AccessPathId };

/** Codes of initiators: IQNs or IP addresses for iSCSI, WWNs for Fibre Channel (S0-93, X-6). */
const Clients = t.readonlyArray(t.string);

/** Changes of one update; absent = stays as it is. `mutual` null turns mutual CHAP off (S0-87). */
export const ClientGroupChanges = t.readonly(t.partial({ name: t.string, description: t.string, clients: Clients, mutual: orNull(ChapAccount) }), 'ClientGroupChanges');
/** A value of the codec `ClientGroupChanges`. */
export type ClientGroupChanges = t.TypeOf<typeof ClientGroupChanges>;

/** Everything that a client group can be told. `Use…` and `Release…` come from access paths, the last four from drivers. */
export const ClientGroupCommand = tagged('ClientGroupCommand', {
  CreateClientGroup: { ...id, name: t.string, description: t.string, accessType: AccessType, clients: Clients, mutual: orNull(ChapAccount) },
  UpdateClientGroup: { ...id, changes: ClientGroupChanges },
  /** Refused while a mapping group has it. */
  DeleteClientGroup: id,
  /** `initiators`: one that belongs to the attachments of the initiator with these codes; it is made where it is not there. */
  UseClientGroup: { ...id, ...user, accessType: AccessType, initiators: orNull(Clients) },
  ReleaseClientGroup: { ...id, mappingGroupId: MappingGroupId },
  ConfirmWork: { ...id, ...settlementCommands.ConfirmWork },
  RefuseWork: { ...id, ...settlementCommands.RefuseWork },
  FailWork: { ...id, ...settlementCommands.FailWork },
  DelayWork: { ...id, ...settlementCommands.DelayWork },
});
/** A value of the codec `ClientGroupCommand`. */
export type ClientGroupCommand = t.TypeOf<typeof ClientGroupCommand>;

const op = { operationId: OperationId, at: TimestampMs };

const ClientGroupEventTable = {
  ClientGroupRequested: { ...op, ...id, name: t.string, description: t.string, tenant: t.string, accessType: AccessType, clients: Clients, mutual: orNull(ChapAccount) },
  /** For the attachments of one initiator: nobody else has the name, and it goes with the last mapping group that has it. */
  InitiatorGroupRequested: { ...op, ...id, name: t.string, tenant: t.string, accessType: AccessType, clients: Clients },
  ClientGroupCreated: { ...op, number: Count },
  ClientGroupRefused: { ...op, refusal: StoredRefusal },
  /** Everything but the name; access paths are told of it. */
  ClientGroupUpdated: { ...op, description: t.string, clients: Clients, mutual: orNull(ChapAccount) },
  ClientGroupRenameRequested: { ...op, name: t.string },
  /** Another name and more: all of it counts when the name is reserved, and none of it if it cannot be. */
  ClientGroupUpdateRequested: { ...op, name: t.string, description: t.string, clients: Clients, mutual: orNull(ChapAccount) },
  ClientGroupRenamed: { ...op, name: t.string },
  ClientGroupRenameRefused: { ...op, refusal: StoredRefusal },
  ClientGroupUsed: { ...user, at: TimestampMs },
  ClientGroupReleased: { mappingGroupId: MappingGroupId, at: TimestampMs },
  /** An access path knows the group as it was at this `shape`. */
  ClientGroupShown: { mappingGroupId: MappingGroupId, shape: Count, at: TimestampMs },
  ClientGroupDeleted: op,
  DueSettled: { ...op, due: t.string },
} as const;
/** Everything that can have happened to a client group, as it is stored; docs/events.md lists the fields. */
export const ClientGroupEvent = tagged('ClientGroupEvent', ClientGroupEventTable);
/** A value of the codec `ClientGroupEvent`. */
export type ClientGroupEvent = t.TypeOf<typeof ClientGroupEvent>;

/**
 * The stream of a client group.
 *
 * @example
 * import { clientGroupStream, type ClientGroupId } from '@blockledger/domain';
 * clientGroupStream('0b9d7a3e-0000-4000-8000-000000000001' as ClientGroupId).startsWith('clientGroup-'); // => true
 */
export const clientGroupStream = (clientGroupId: ClientGroupId): string => `clientGroup-${clientGroupId}`;
