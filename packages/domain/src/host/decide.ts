/** What a host answers. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import { operationOf } from '../kernel/ids.ts';
import { nameOfWork, workName } from '../kernel/owing.ts';
import type { Of } from '../kernel/tagged.ts';
import { refuseHost, type HostRefusal } from './errors.ts';
import type { HostDecisionFacts } from './facts.ts';
import type { HostCommand, HostEvent } from './messages.ts';
import { isStuck } from '../kernel/troubles.ts';
import { addressesDiffer, addressUnused, admissionIsOld, backendReachesHost, backendsKnown, hostServes, portalIsFree, reasonFits, roomForAddress, servesTargets, unused, validAddress, validName } from './rules.ts';
import type { HostFields, HostState } from './state.ts';
import { owedByHost } from './work.ts';

type Decision = E.Either<HostRefusal, readonly HostEvent[]>;
const accept = (...events: readonly HostEvent[]): Decision => E.right(events);
const unless = (refusals: readonly (HostRefusal | undefined)[], ...events: readonly HostEvent[]): Decision => {
  const refusal = refusals.find((found) => found !== undefined);
  return refusal === undefined ? E.right(events) : E.left(refusal);
};

const register = (state: HostState, command: Of<HostCommand, 'RegisterHost'>, meta: CommandMeta, facts: HostDecisionFacts): Decision => {
  const { type: _type, addresses, ...fields } = command;
  const op = { operationId: operationOf(meta.commandId), at: meta.issuedAt };
  return unless(
    [
      state.lifecycle === 'absent' ? undefined : refuseHost('HostAlreadyExists', `host ${command.hostId} exists or existed`, { value: command.hostId }),
      validName(command.name),
      hostServes(command),
      backendsKnown(command, facts),
      backendReachesHost(command, facts),
      ...addresses.map(validAddress),
      addressesDiffer(addresses),
      roomForAddress(addresses.length),
    ],
    { type: 'HostRequested', ...fields, tenant: meta.tenant, ...op },
    ...addresses.map((address): HostEvent => ({ type: 'NetworkAddressRequested', address, ...op })),
  );
};

const addAddress = (host: HostFields, { address }: Of<HostCommand, 'AddNetworkAddress'>, meta: CommandMeta): Decision =>
  unless([validAddress(address), addressesDiffer([...host.addresses.map((held) => held.address), address]), roomForAddress(host.addresses.length + 1)], {
    type: 'NetworkAddressRequested',
    address,
    operationId: operationOf(meta.commandId),
    at: meta.issuedAt,
  });

const removeAddress = (state: HostState, host: HostFields, { networkAddressId }: Of<HostCommand, 'RemoveNetworkAddress'>, meta: CommandMeta): Decision => {
  const held = host.addresses.find(({ address }) => address.networkAddressId === networkAddressId);
  if (held === undefined) return E.left(refuseHost('AddressNotFound', `host "${host.name}" has no address ${networkAddressId}`, { value: networkAddressId }));
  return unless([addressUnused(state, held.address)], { type: 'NetworkAddressRemoved', networkAddressId, operationId: operationOf(meta.commandId), at: meta.issuedAt });
};

const nextOpening = ({ admission }: HostState, { commandId, issuedAt }: CommandMeta): HostEvent => ({
  type: 'HostAdmissionAsked',
  operationId: operationOf(commandId),
  opening: (admission?.opening ?? 0) + 1,
  token: commandId,
  at: issuedAt,
});

/** Everything is opened anew, unless that is under way. What failed for good is begun again. */
const askAdmission = (state: HostState, meta: CommandMeta): Decision => {
  const { admission, troubles } = state;
  if (admission?.at === null && !isStuck(troubles, workName(admission.operationId, `admit ${admission.opening}`))) return accept();
  return unless([admissionIsOld(state, meta.issuedAt)], nextOpening(state, meta));
};

/** What was opened before it went off is not open any more: an admission that waits begins again. */
const declareBack = (state: HostState, { off }: HostFields, meta: CommandMeta): Decision => {
  if (off === null) return accept();
  return accept({ type: 'HostDeclaredBack', at: meta.issuedAt }, ...(state.admission?.at === null ? [nextOpening(state, meta)] : []));
};

/** Telling cannot fail for good: it is repeated until it is answered. Admitting can. */
const fail = (state: HostState, { type, workId, error }: Of<HostCommand, 'FailWork' | 'DelayWork'>, meta: CommandMeta): Decision => {
  const work = owedByHost(state).find((one) => one.workId === workId);
  if (work?.kind !== 'perform') return accept();
  return accept({ type: type === 'FailWork' ? 'WorkFailed' : 'WorkDelayed', operationId: work.operationId, work: nameOfWork(workId), error, at: meta.issuedAt });
};

const settle = (state: HostState, command: Of<HostCommand, 'ConfirmWork' | 'RefuseWork'>, meta: CommandMeta): Decision => {
  const work = owedByHost(state).find(({ workId }) => workId === command.workId);
  if (work === undefined) return accept();
  const { step, operationId } = work;
  const op = { operationId, at: meta.issuedAt };
  const accessPathId = Object.keys(state.users).find((user) => step.startsWith(`show ${user} `)) as Of<HostEvent, 'HostShown'>['accessPathId'] | undefined;
  // Who refuses to be shown something does not use the host any more.
  if (accessPathId !== undefined) return accept(command.type === 'ConfirmWork' ? { type: 'HostShown', accessPathId, shape: state.shape, at: op.at } : { type: 'HostReleased', accessPathId, at: op.at });
  const address = state.host?.addresses.find((held) => step === `reserve address ${held.address.networkAddressId}`)?.address;
  if (address !== undefined) {
    const { networkAddressId } = address;
    return command.type === 'ConfirmWork'
      ? accept({ type: 'NetworkAddressAdded', ...op, networkAddressId, number: command.number ?? 0 })
      : accept({ type: 'NetworkAddressRefused', ...op, networkAddressId, refusal: command.refusal });
  }
  if (work.kind === 'perform') return accept({ type: 'HostAdmitted', ...op, opening: state.admission?.opening ?? 0 });
  if (step !== 'reserve') return accept({ type: 'DueSettled', ...op, due: step });
  return command.type === 'ConfirmWork' ? accept({ type: 'HostRegistered', ...op, number: command.number ?? 0 }) : accept({ type: 'HostRefused', ...op, refusal: command.refusal });
};

/**
 * What a host answers to a command: the events that follow, or the refusal of the first rule that does not hold. Pure.
 * Refuses with the tags of `hostRefusals`; a command that changes nothing is accepted without events.
 *
 * @example
 * import { decideHost, noHost, type CommandId, type HostId, type TimestampMs } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const decided = decideHost(noHost, { type: 'ResumeHost', hostId: '0b9d7a3e-0000-4000-8000-000000000001' as HostId }, meta, { targets: null, vips: null });
 * decided._tag === 'Left' && decided.left._tag; // => 'HostNotFound'
 */
export const decideHost = (state: HostState, command: HostCommand, meta: CommandMeta, facts: HostDecisionFacts): E.Either<HostRefusal, readonly HostEvent[]> => {
  const at = meta.issuedAt;
  const on = (decide: (host: HostFields) => Decision): Decision =>
    state.host === null || state.lifecycle !== 'active' ? E.left(refuseHost('HostNotFound', `there is no host ${command.hostId}`, { value: command.hostId })) : decide(state.host);
  return match(command)
    .with({ type: 'RegisterHost' }, (c) => register(state, c, meta, facts))
    .with({ type: 'AddNetworkAddress' }, (c) => on((host) => addAddress(host, c, meta)))
    .with({ type: 'RemoveNetworkAddress' }, (c) => on((host) => removeAddress(state, host, c, meta)))
    .with({ type: 'PauseHost' }, ({ reason }) => on((host) => (host.paused === null ? unless([reasonFits(reason)], { type: 'HostPaused', reason, at }) : accept())))
    .with({ type: 'ResumeHost' }, () => on((host) => (host.paused === null ? accept() : accept({ type: 'HostResumed', at }))))
    .with({ type: 'DeclareHostOff' }, ({ reason }) => on((host) => (host.off === null ? unless([reasonFits(reason)], { type: 'HostDeclaredOff', reason, at }) : accept())))
    .with({ type: 'DeclareHostBack' }, () => on((host) => declareBack(state, host, meta)))
    .with({ type: 'RetireHost' }, () => on(() => unless([unused(state)], { type: 'HostRetired', operationId: operationOf(meta.commandId), at })))
    .with({ type: 'UseHost' }, ({ accessPathId }) => on((host) => (accessPathId in state.users ? accept() : unless([servesTargets(host, facts), portalIsFree(state, host, facts)], { type: 'HostUsed', accessPathId, at }))))
    .with({ type: 'ReleaseHost' }, ({ accessPathId }) => (accessPathId in state.users ? accept({ type: 'HostReleased', accessPathId, at }) : accept()))
    .with({ type: 'AskAdmission' }, () => on(() => askAdmission(state, meta)))
    .with({ type: 'TargetsReopened' }, ({ accessPathId, opening }) =>
      (state.users[accessPathId]?.opened ?? opening) < opening ? accept({ type: 'HostTargetsReopened', accessPathId, opening, at }) : accept(),
    )
    .with({ type: 'ConfirmWork' }, { type: 'RefuseWork' }, (c) => settle(state, c, meta))
    .with({ type: 'FailWork' }, { type: 'DelayWork' }, (c) => fail(state, c, meta))
    .exhaustive();
};
