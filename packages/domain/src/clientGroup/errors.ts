/** Why a client group refuses. */
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';

/** Every reason for which a client group refuses: the rule, where it is written, and the way out. */
export const clientGroupRefusals = {
  ClientGroupNotFound: { rule: 'clientGroupExists', spec: 'S0-16', remedy: 'check the id' },
  ClientGroupAlreadyExists: { rule: 'clientGroupIsNew', spec: 'S0-16', remedy: 'use a new command id for a new client group' },
  NameIsNotAllowed: { rule: 'validName', spec: 'S0-12', remedy: 'use 1 to 255 characters without @, / and control characters' },
  DescriptionIsTooLong: { rule: 'descriptionFits', spec: 'S0-12', remedy: 'use at most 1024 characters' },
  ClientCodeIsNotAllowed: { rule: 'validClients', spec: 'X-6', remedy: 'give IQNs in lower case or IPv4 addresses for iSCSI, WWNs such as 50:01:43:80:12:34:56:78 for Fibre Channel' },
  ClientIsThereTwice: { rule: 'clientsDiffer', spec: 'S0-93', remedy: 'name each initiator once' },
  NoClients: { rule: 'hasClients', spec: 'S0-93', remedy: 'name at least one initiator' },
  TooManyClients: { rule: 'roomForClients', spec: 'I-12', remedy: 'make another client group for the rest' },
  ChapAccountIsInvalid: { rule: 'validAccount', spec: 'R-18', remedy: 'give a user of 8 to 64 and a secret of 12 to 16 of the characters that the message names' },
  MutualChapIsForIscsi: { rule: 'chapForIscsi', spec: 'S0-87', remedy: 'leave CHAP out: only iSCSI has it' },
  MutualNeedsForward: { rule: 'mutualNeedsForward', spec: 'R-18', remedy: 'give the access paths on which it is mapped accounts of their own first' },
  SecretsAreEqual: { rule: 'secretsDiffer', spec: 'R-18', remedy: 'use another secret for the other direction' },
  CapabilityIsMissing: { rule: 'backendCan', spec: 'R-18', remedy: 'use a backend that has this capability' },
  ClientCodeIsNotServed: { rule: 'clientsServed', spec: 'X-6', remedy: 'name the initiators as the backends know them by which they come in' },
  TypesDiffer: { rule: 'typesAgree', spec: 'X-6', remedy: 'use a client group of the access path’s type' },
  ClientGroupIsInUse: { rule: 'unused', spec: 'S0-98', remedy: 'delete its mapping groups first' },
  ClientGroupIsForAttachments: { rule: 'clientsMadeByHand', spec: 'R-28', remedy: 'make a client group of your own, or attach the volumes' },
  RenameIsUnderWay: { rule: 'oneRename', spec: 'S0-16', remedy: 'wait until the other name is settled' },
} as const;

/** The names of a client group's refusals. */
export type ClientGroupRefusalTag = keyof typeof clientGroupRefusals;
/** A refusal by a client group. */
export type ClientGroupRefusal = Refusal & { readonly _tag: ClientGroupRefusalTag };

/**
 * Makes a refusal by a client group: its tag, the sentence that says the fact, and the values compared.
 *
 * @example
 * import { refuseClientGroup } from '@blockledger/domain';
 * refuseClientGroup('NoClients', 'no initiator was named').rule; // => 'hasClients'
 */
export const refuseClientGroup = refusalsOf<ClientGroupRefusalTag>(clientGroupRefusals);
