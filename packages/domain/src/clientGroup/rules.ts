/** What must hold before a client group accepts a command. */
import { clientCodeKind, type ClientCodeKind } from '../kernel/addresses.ts';
import { chapFault } from '../kernel/chap.ts';
import { MAX_DESCRIPTION_LENGTH, nameFault } from '../kernel/names.ts';
import type { AccessType, ChapAccount } from '../ports/targetBackend.ts';
import { refuseClientGroup, type ClientGroupRefusal } from './errors.ts';
import type { ClientGroupDecisionFacts } from './facts.ts';
import { MAX_CLIENTS } from './limits.ts';
import type { ClientGroupFields, ClientGroupState } from './state.ts';

type Answer = ClientGroupRefusal | undefined;

export const validName = (name: string): Answer => {
  const fault = nameFault(name);
  return fault === undefined ? undefined : refuseClientGroup('NameIsNotAllowed', `the name ${JSON.stringify(name)} is not allowed: ${fault}`, { value: name });
};

export const descriptionFits = (description: string): Answer =>
  description.length <= MAX_DESCRIPTION_LENGTH
    ? undefined
    : refuseClientGroup('DescriptionIsTooLong', `the description has ${description.length} characters`, { value: description.length, limit: MAX_DESCRIPTION_LENGTH });

const KINDS: Readonly<Record<AccessType, readonly ClientCodeKind[]>> = { iscsi: ['iqn', 'ip'], local: ['iqn', 'ip'], fc: ['wwn'] };

export const validClients = (type: AccessType, clients: readonly string[]): Answer => {
  const wrong = clients.find((code) => {
    const kind = clientCodeKind(code);
    return kind === undefined || !KINDS[type].includes(kind);
  });
  return wrong === undefined
    ? undefined
    : refuseClientGroup('ClientCodeIsNotAllowed', `${JSON.stringify(wrong)} names no initiator of the type ${type}`, { value: wrong, limit: KINDS[type] });
};

export const clientsDiffer = (clients: readonly string[]): Answer => {
  const double = clients.find((code, at) => clients.indexOf(code) !== at);
  return double === undefined ? undefined : refuseClientGroup('ClientIsThereTwice', `${double} stands there twice`, { value: double });
};

export const hasClients = (clients: readonly string[]): Answer => (clients.length > 0 ? undefined : refuseClientGroup('NoClients', 'no initiator is named', { value: 0, limit: 1 }));

export const roomForClients = (clients: readonly string[]): Answer =>
  clients.length <= MAX_CLIENTS ? undefined : refuseClientGroup('TooManyClients', `${clients.length} initiators are named`, { value: clients.length, limit: MAX_CLIENTS });

export const chapForIscsi = (type: AccessType, mutual: ChapAccount | null): Answer =>
  mutual === null || type === 'iscsi' ? undefined : refuseClientGroup('MutualChapIsForIscsi', `a client group of the type ${type} has no CHAP`, { value: type, limit: 'iscsi' });

/** An account that stays as it is was checked when it was given. */
export const validAccount = (mutual: ChapAccount | null, before: ChapAccount | null, { secret }: ClientGroupDecisionFacts): Answer => {
  if (mutual === null || (mutual.user === before?.user && mutual.secretRef === before.secretRef)) return undefined;
  const fault = chapFault(mutual.user, secret);
  return fault === undefined ? undefined : refuseClientGroup('ChapAccountIsInvalid', `the mutual account is not allowed: ${fault}`, { value: mutual.user });
};

/** A target does not prove itself to initiators that need not prove themselves. */
export const mutualNeedsForward = (mutual: ChapAccount | null, { paths }: ClientGroupDecisionFacts): Answer => {
  const open = mutual === null ? undefined : paths.find(({ hasForward }) => !hasForward);
  return open === undefined ? undefined : refuseClientGroup('MutualNeedsForward', `access path "${open.name}", on which it is mapped, has no account`, { value: open.name });
};

/** RFC 7143 forbids the same secret in both directions. */
export const secretsDiffer = (mutual: ChapAccount | null, { secret, paths }: ClientGroupDecisionFacts): Answer => {
  const same = mutual === null || secret === null ? undefined : paths.find(({ forward }) => forward?.fingerprint === secret.fingerprint);
  return same === undefined ? undefined : refuseClientGroup('SecretsAreEqual', `the account of access path "${same.name}" has the same secret`, { value: same.name });
};

/** What it becomes must be served where it is mapped. */
export const servedByPaths = (mutual: ChapAccount | null, clients: readonly string[], { paths }: ClientGroupDecisionFacts): Answer => {
  for (const { name, capabilities } of paths) {
    if (capabilities === null) continue;
    if (mutual !== null && capabilities.mutualChap === 'none') return refuseClientGroup('CapabilityIsMissing', `the targets of access path "${name}" have no mutual CHAP`, { value: 'mutualChap' });
    const wrong = clients.find((code) => !capabilities.clientCodes.some((kind) => kind === clientCodeKind(code)));
    if (wrong !== undefined) return refuseClientGroup('ClientCodeIsNotServed', `the targets of access path "${name}" do not know initiators such as ${wrong}`, { value: wrong, limit: capabilities.clientCodes });
  }
  return undefined;
};

export const typesAgree = (group: ClientGroupFields, type: AccessType): Answer =>
  group.accessType === type ? undefined : refuseClientGroup('TypesDiffer', `client group "${group.name}" is of the type ${group.accessType}, the access path of ${type}`, { value: group.accessType, limit: type });

export const unused = ({ users }: ClientGroupState): Answer => {
  const count = Object.keys(users).length;
  return count === 0 ? undefined : refuseClientGroup('ClientGroupIsInUse', `${count} mapping groups have it`, { value: Object.keys(users), limit: 0 });
};

/** Its initiator is what it is for. Mutual CHAP may be set, and it may be described. */
export const madeByHand = ({ isForAttachments, name }: ClientGroupFields): Answer =>
  isForAttachments ? refuseClientGroup('ClientGroupIsForAttachments', `client group "${name}" belongs to the attachments of one initiator`, { value: name }) : undefined;

export const oneRename = ({ rename }: ClientGroupState): Answer =>
  rename === null ? undefined : refuseClientGroup('RenameIsUnderWay', `the name "${rename.name}" is being reserved`, { value: rename.name });
