/** Why an access path refuses. */
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';

/** Every reason for which an access path refuses: the rule, where it is written, and the way out. */
export const accessPathRefusals = {
  AccessPathNotFound: { rule: 'accessPathExists', spec: 'S0-16', remedy: 'check the id' },
  AccessPathAlreadyExists: { rule: 'accessPathIsNew', spec: 'S0-16', remedy: 'use a new command id for a new access path' },
  AccessPathIsDeleting: { rule: 'accessPathStays', spec: 'X-7', remedy: 'wait until it is gone, and make another one' },
  NameIsNotAllowed: { rule: 'validName', spec: 'S0-12', remedy: 'use 1 to 255 characters without @, / and control characters' },
  DescriptionIsTooLong: { rule: 'descriptionFits', spec: 'S0-12', remedy: 'use at most 1024 characters' },
  IqnPrefixIsNotAllowed: { rule: 'validIqnPrefix', spec: 'S0-90', remedy: 'give something such as iqn.2019-01.com.xsky:testcluster, at most 120 characters, in lower case' },
  RenameIsUnderWay: { rule: 'oneRename', spec: 'S0-16', remedy: 'wait until the other name is settled' },
  NoTargetHosts: { rule: 'hasTargetHosts', spec: 'S0-98', remedy: 'name at least one host' },
  TooManyTargetHosts: { rule: 'roomForTargetHost', spec: 'I-12', remedy: 'make another access path for the rest' },
  HostNotFound: { rule: 'hostExists', spec: 'S0-16', remedy: 'register the host first' },
  HostAlreadyServes: { rule: 'hostIsNew', spec: 'S0-98', remedy: 'leave it: the access path has a target there' },
  TargetNotFound: { rule: 'targetExists', spec: 'S0-98', remedy: 'check the id of the host' },
  BackendIsUnknown: { rule: 'backendKnown', spec: 'S0-98', remedy: 'add the backend to the configuration of this control plane' },
  HostsDisagree: { rule: 'hostsAgree', spec: 'S0-98', remedy: 'use hosts whose backends are of one kind; of arrays use one alone' },
  CapabilityIsMissing: { rule: 'backendCan', spec: 'R-18', remedy: 'use a backend that has this capability' },
  ChapAccountIsInvalid: { rule: 'validAccount', spec: 'R-18', remedy: 'give a user of 8 to 64 and a secret of 12 to 16 of the characters that the message names' },
  ChapIsForIscsi: { rule: 'chapForIscsi', spec: 'S0-86', remedy: 'leave CHAP out: only iSCSI has it' },
  MutualNeedsForward: { rule: 'mutualNeedsForward', spec: 'R-18', remedy: 'give the access path an account of its own, or take mutual CHAP from the client groups first' },
  SecretsAreEqual: { rule: 'secretsDiffer', spec: 'R-18', remedy: 'use another secret for the other direction' },
  AccessPathIsBeingMade: { rule: 'isReserved', spec: 'X-7', remedy: 'wait some moments: its name and its hosts are being reserved' },
  TargetIsBeingAdded: { rule: 'targetSettled', spec: 'X-7', remedy: 'wait some moments: the host is being asked' },
  TargetHoldsVips: { rule: 'holdsNoVips', spec: 'R-14', remedy: 'take the host out of the VIP groups first; one that never comes back is declared off before' },
  LastTarget: { rule: 'targetRemains', spec: 'R-12', remedy: 'add a target on another host first, or delete the mapping groups' },
  MappingGroupNotFound: { rule: 'mappingGroupExists', spec: 'S0-96', remedy: 'check the id' },
  MappingGroupAlreadyExists: { rule: 'mappingGroupIsNew', spec: 'S0-98', remedy: 'use a new command id for a new mapping group' },
  MappingGroupIsBusy: { rule: 'mappingGroupStays', spec: 'X-7', remedy: 'wait until it is made, or gone' },
  ClientGroupNotFound: { rule: 'clientGroupExists', spec: 'S0-98', remedy: 'check the id' },
  ClientGroupAlreadyMapped: { rule: 'oneGroupPerClients', spec: 'S0-98', remedy: 'add the volumes to the mapping group that the client group has on this access path' },
  ClientCodeIsNotServed: { rule: 'clientsServed', spec: 'X-6', remedy: 'name the initiators as this backend knows them' },
  TooManyMappingGroups: { rule: 'roomForMappingGroup', spec: 'I-12', remedy: 'make another access path for the rest' },
  VolumeNotFound: { rule: 'volumeExists', spec: 'S0-16', remedy: 'check the id' },
  VolumeCannotBeOpened: { rule: 'volumeCanBeOpened', spec: 'S0-91', remedy: 'use a pool whose backend lets hosts open its volumes' },
  VolumeIsElsewhere: { rule: 'hostsOpenVolumes', spec: 'S1-17', remedy: 'use an access path whose hosts open this volume: an array offers its own volumes alone, and gateways none of an array' },
  TooManyVolumes: { rule: 'volumesAtOnce', spec: 'I-12', remedy: 'send several requests' },
  LunNumbersAreTaken: { rule: 'roomForLuns', spec: 'I-19', remedy: 'unmap volumes, or wait until numbers that were used have rested for an hour' },
  VolumeIsBeingMapped: { rule: 'volumesSettled', spec: 'X-7', remedy: 'wait some moments: its volume is being asked' },
  StillHasIo: { rule: 'nobodyUsesIt', spec: 'X-7', remedy: 'log the initiators out, or send it with force, which cuts them off' },
  SessionsAreUnknown: { rule: 'sessionsKnown', spec: 'X-7', remedy: 'bring the host back, declare it off, or send it with force; of a backend that shows no sessions log the initiators out, and say that they are' },
  MappingGroupIsForAttachments: { rule: 'madeByHand', spec: 'R-28', remedy: 'attach and detach volumes: the mapping group follows' },
  ClientGroupIsForAttachments: { rule: 'clientsMadeByHand', spec: 'R-28', remedy: 'make a client group of your own, or attach the volumes' },
  AccessPathHasNoTargets: { rule: 'pathHasTargets', spec: 'S4-3', remedy: 'add a target on a host to the access path and wait until it is there, or name another access path' },
  VolumeIsMappedByHand: { rule: 'notMappedByHand', spec: 'R-28', remedy: 'take the volume out of the mapping group first' },
  AttachmentMustWait: { rule: 'attachmentsSettled', spec: 'X-7', remedy: 'wait some moments: another attachment of the initiator is being made or taken away' },
  ConnectionNotFound: { rule: 'connectionExists', spec: 'I-22', remedy: 'nothing to do: the volume is not connected here' },
  AccessPathIsInUse: { rule: 'unused', spec: 'I-26', remedy: 'delete its mapping groups and VIP groups first' },
  TooManyVipGroups: { rule: 'roomForVipGroup', spec: 'S0-68', remedy: 'delete another VIP group of the access path' },
  VipsNeedPortals: { rule: 'portalsAreGiven', spec: 'R-13', remedy: 'use an access path whose hosts serve portals that are not their own yet' },
  NothingToRetry: { rule: 'somethingFailed', spec: 'I-2', remedy: 'look at the task: nothing of it has failed for good' },
} as const;

/** The names of an access path's refusals. */
export type AccessPathRefusalTag = keyof typeof accessPathRefusals;
/** A refusal by an access path. */
export type AccessPathRefusal = Refusal & { readonly _tag: AccessPathRefusalTag };

/**
 * Makes a refusal by an access path: its tag, the sentence that says the fact, and the values compared.
 *
 * @example
 * import { refuseAccessPath } from '@blockledger/domain';
 * refuseAccessPath('TooManyVipGroups', 'it has 4 VIP groups', { value: 5, limit: 4 }).rule; // => 'roomForVipGroup'
 */
export const refuseAccessPath = refusalsOf<AccessPathRefusalTag>(accessPathRefusals);
