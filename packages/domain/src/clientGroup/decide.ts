/** What a client group answers. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import { operationOf, type OperationId } from '../kernel/ids.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import type { Of } from '../kernel/tagged.ts';
import { refuseClientGroup, type ClientGroupRefusal } from './errors.ts';
import type { ClientGroupDecisionFacts } from './facts.ts';
import type { ClientGroupCommand, ClientGroupEvent } from './messages.ts';
import { chapForIscsi, clientsDiffer, descriptionFits, hasClients, madeByHand, mutualNeedsForward, oneRename, roomForClients, secretsDiffer, servedByPaths, typesAgree, unused, validAccount, validClients, validName } from './rules.ts';
import type { ClientGroupFields, ClientGroupState, Rename } from './state.ts';
import { owedByClientGroup } from './work.ts';

type Decision = E.Either<ClientGroupRefusal, readonly ClientGroupEvent[]>;
const accept = (...events: readonly ClientGroupEvent[]): Decision => E.right(events);
const unless = (refusals: readonly (ClientGroupRefusal | undefined)[], ...events: readonly ClientGroupEvent[]): Decision => {
  const refusal = refusals.find((found) => found !== undefined);
  return refusal === undefined ? E.right(events) : E.left(refusal);
};

const create = (state: ClientGroupState, command: Of<ClientGroupCommand, 'CreateClientGroup'>, meta: CommandMeta, facts: ClientGroupDecisionFacts): Decision => {
  const { type: _type, ...fields } = command;
  const { clientGroupId, name, description, accessType, clients, mutual } = fields;
  return unless(
    [
      state.lifecycle === 'absent' ? undefined : refuseClientGroup('ClientGroupAlreadyExists', `client group ${clientGroupId} exists or existed`, { value: clientGroupId }),
      validName(name),
      descriptionFits(description),
      hasClients(clients),
      roomForClients(clients),
      validClients(accessType, clients),
      clientsDiffer(clients),
      chapForIscsi(accessType, mutual),
      validAccount(mutual, null, facts),
    ],
    { type: 'ClientGroupRequested', ...fields, tenant: meta.tenant, operationId: operationOf(meta.commandId), at: meta.issuedAt },
  );
};

const sameList = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one, at) => one === b[at]);
const sameAccount = (a: ClientGroupFields['mutual'], b: ClientGroupFields['mutual']): boolean => a?.user === b?.user && a?.secretRef === b?.secretRef;

interface Existing {
  readonly state: ClientGroupState;
  readonly group: ClientGroupFields;
  readonly meta: CommandMeta;
  readonly facts: ClientGroupDecisionFacts;
}

const update = ({ changes }: Of<ClientGroupCommand, 'UpdateClientGroup'>, { state, group, meta, facts }: Existing): Decision => {
  const { name = group.name, description = group.description, clients = group.clients, mutual = group.mutual } = changes;
  const op = { operationId: operationOf(meta.commandId), at: meta.issuedAt };
  const isRenamed = name !== group.name;
  const isChanged = description !== group.description || !sameList(clients, group.clients) || !sameAccount(mutual, group.mutual);
  return unless(
    [
      ...(isRenamed || !sameList(clients, group.clients) ? [madeByHand(group)] : []),
      ...(isRenamed || (state.rename?.others ?? null) !== null ? [oneRename(state)] : []),
      ...(isRenamed ? [validName(name)] : []),
      descriptionFits(description),
      hasClients(clients),
      roomForClients(clients),
      validClients(group.accessType, clients),
      clientsDiffer(clients),
      chapForIscsi(group.accessType, mutual),
      validAccount(mutual, group.mutual, facts),
      mutualNeedsForward(mutual, facts),
      secretsDiffer(mutual, facts),
      servedByPaths(mutual, clients, facts),
    ],
    ...(isRenamed && isChanged ? [{ type: 'ClientGroupUpdateRequested' as const, ...op, name, description, clients, mutual }] : []),
    ...(isRenamed && !isChanged ? [{ type: 'ClientGroupRenameRequested' as const, ...op, name }] : []),
    ...(isChanged && !isRenamed ? [{ type: 'ClientGroupUpdated' as const, ...op, description, clients, mutual }] : []),
  );
};

/** What names may not have, and how long they may be. */
const nameOf = (code: string): string => `initiator ${code.replaceAll(/[@/]/g, '_')}`;

/** An initiator's own group is made with the first of its mapping groups. */
const useForInitiator = (state: ClientGroupState, command: Of<ClientGroupCommand, 'UseClientGroup'>, clients: readonly string[], meta: CommandMeta): Decision => {
  const { clientGroupId, mappingGroupId, accessPathId, accessType } = command;
  const at = meta.issuedAt;
  const used = { type: 'ClientGroupUsed', mappingGroupId, accessPathId, at } as const;
  const { group } = state;
  if (group === null || state.lifecycle === 'refused' || state.lifecycle === 'deleted') {
    const requested = { type: 'InitiatorGroupRequested', operationId: operationOf(meta.commandId), at, clientGroupId, name: nameOf(clients[0] ?? ''), tenant: meta.tenant, accessType, clients } as const;
    return unless([hasClients(clients), roomForClients(clients), validClients(accessType, clients), clientsDiffer(clients)], requested, used);
  }
  if (mappingGroupId in state.users) return accept();
  const isIts = group.isForAttachments && sameList(group.clients, clients) && group.accessType === accessType && group.tenant === meta.tenant;
  return isIts ? accept(used) : E.left(refuseClientGroup('ClientGroupAlreadyExists', `client group ${clientGroupId} is that of others`, { value: clientGroupId }));
};

/** What belongs to an initiator goes when nobody has it any more. */
const unneeded = (state: ClientGroupState, meta: CommandMeta, without?: string): readonly ClientGroupEvent[] =>
  state.group?.isForAttachments === true && Object.keys(state.users).every((user) => user === without)
    ? [{ type: 'ClientGroupDeleted', operationId: operationOf(meta.commandId), at: meta.issuedAt }]
    : [];

const releaseGroup = (state: ClientGroupState, { mappingGroupId }: Of<ClientGroupCommand, 'ReleaseClientGroup'>, meta: CommandMeta): Decision => {
  if (!(mappingGroupId in state.users)) return accept();
  const released = { type: 'ClientGroupReleased', mappingGroupId, at: meta.issuedAt } as const;
  return accept(released, ...(state.lifecycle === 'active' ? unneeded(state, meta, mappingGroupId) : []));
};
const renamed = ({ name, others }: Rename, op: { readonly operationId: OperationId; readonly at: TimestampMs }): readonly ClientGroupEvent[] => [
  { type: 'ClientGroupRenamed', ...op, name },
  ...(others === null ? [] : [{ type: 'ClientGroupUpdated' as const, ...op, ...others }]),
];

const settle = (state: ClientGroupState, command: Of<ClientGroupCommand, 'ConfirmWork' | 'RefuseWork'>, meta: CommandMeta): Decision => {
  const work = owedByClientGroup(state).find(({ workId }) => workId === command.workId);
  if (work === undefined) return accept();
  const { step, operationId } = work;
  const op = { operationId, at: meta.issuedAt };
  const isDone = command.type === 'ConfirmWork';
  const mappingGroupId = Object.keys(state.users).find((user) => step.startsWith(`show ${user} `)) as Of<ClientGroupEvent, 'ClientGroupShown'>['mappingGroupId'] | undefined;
  // Who refuses to be shown something does not use the group any more.
  if (mappingGroupId !== undefined) return accept(isDone ? { type: 'ClientGroupShown', mappingGroupId, shape: state.shape, at: op.at } : { type: 'ClientGroupReleased', mappingGroupId, at: op.at });
  if (step === 'reserve name' && state.rename !== null) return isDone ? accept(...renamed(state.rename, op)) : accept({ type: 'ClientGroupRenameRefused', ...op, refusal: command.refusal });
  if (step !== 'reserve') return accept({ type: 'DueSettled', ...op, due: step });
  return isDone ? accept({ type: 'ClientGroupCreated', ...op, number: command.number ?? 0 }, ...unneeded(state, meta)) : accept({ type: 'ClientGroupRefused', ...op, refusal: command.refusal });
};

/**
 * What a client group answers to a command: the events that follow, or the refusal of the first rule that does not hold. Pure.
 * Refuses with the tags of `clientGroupRefusals`; a command that changes nothing is accepted without events.
 *
 * @example
 * import { decideClientGroup, noClientGroup, type ClientGroupId, type CommandId, type TimestampMs } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const decided = decideClientGroup(noClientGroup, { type: 'DeleteClientGroup', clientGroupId: '0b9d7a3e-0000-4000-8000-000000000001' as ClientGroupId }, meta, { secret: null, paths: [] });
 * decided._tag === 'Left' && decided.left._tag; // => 'ClientGroupNotFound'
 */
export const decideClientGroup = (
  state: ClientGroupState,
  command: ClientGroupCommand,
  meta: CommandMeta,
  facts: ClientGroupDecisionFacts,
): E.Either<ClientGroupRefusal, readonly ClientGroupEvent[]> => {
  const at = meta.issuedAt;
  const on = (decide: (group: ClientGroupFields) => Decision): Decision =>
    state.group === null || state.lifecycle !== 'active'
      ? E.left(refuseClientGroup('ClientGroupNotFound', `there is no client group ${command.clientGroupId}`, { value: command.clientGroupId }))
      : decide(state.group);
  return match(command)
    .with({ type: 'CreateClientGroup' }, (c) => create(state, c, meta, facts))
    .with({ type: 'UpdateClientGroup' }, (c) => on((group) => update(c, { state, group, meta, facts })))
    .with({ type: 'DeleteClientGroup' }, () => on(() => unless([unused(state)], { type: 'ClientGroupDeleted', operationId: operationOf(meta.commandId), at })))
    .with({ type: 'UseClientGroup' }, (c) => {
      const { mappingGroupId, accessPathId, accessType, initiators } = c;
      if (initiators !== null) return useForInitiator(state, c, initiators, meta);
      return on((group) => (mappingGroupId in state.users ? accept() : unless([typesAgree(group, accessType)], { type: 'ClientGroupUsed', mappingGroupId, accessPathId, at })));
    })
    .with({ type: 'ReleaseClientGroup' }, (c) => releaseGroup(state, c, meta))
    .with({ type: 'ConfirmWork' }, { type: 'RefuseWork' }, (c) => settle(state, c, meta))
    // Telling cannot fail for good: it is repeated until it is answered.
    .with({ type: 'FailWork' }, { type: 'DelayWork' }, () => accept())
    .exhaustive();
};
