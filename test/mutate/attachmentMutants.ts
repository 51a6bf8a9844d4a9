/** Rules of attachments, broken by hand. */
import type { Mutant } from './mutant.ts';

const volume = ['examples/domain/volumeAttachments.test.ts'];
const path = ['examples/domain/accessPathAttachments.test.ts'];
const updates = ['examples/domain/volumeUpdates.test.ts'];

/** Of two that are asked of one volume at once. */
const races: readonly Mutant[] = [
  { breaks: 'a volume that is attached is not deleted', file: 'volume/decide/deletion.ts', find: 'notAttached(subject), notMapped(subject), notInGroup(subject), noSnapshots', replace: 'notMapped(subject), notInGroup(subject), noSnapshots', tests: volume },
  { breaks: 'a volume that is being deleted is attached to nobody', file: 'volume/decide/attachments.ts', find: '    ready(subject),\n', replace: '', tests: volume },
  { breaks: 'what is disconnected and not released keeps its volume', file: 'volume/state.ts', find: 'Object.keys(volume.attachments).length > 0', replace: "Object.values(volume.attachments).some(({ stage }) => stage !== 'disconnected')", tests: volume },
  { breaks: 'a volume that is attached gets no smaller', file: 'volume/decide/change.ts', find: 'firstRefusal(notAttached(subject), notMapped(subject), backendCan', replace: 'firstRefusal(notMapped(subject), backendCan', tests: updates },
  { breaks: 'a volume that gets smaller is attached to nobody', file: 'volume/decide/attachments.ts', find: '    notShrinking(subject),\n', replace: '', tests: updates },
  { breaks: 'a volume that grows is detached', file: 'volume/decide/attachments.ts', find: 'accept(...named.flatMap((', replace: 'accept(...named.filter(() => subject.state.operation === null).flatMap((', tests: volume },
  { breaks: 'what is detached grows on', file: 'volume/evolve/attachments.ts', find: 'return changed(calm, event, { stage, connection: null', replace: 'return changed({ ...calm, operation: null }, event, { stage, connection: null', tests: volume },
  { breaks: 'what grows is detached to its end', file: 'volume/decide/attachments.ts', find: 'undefined ? accept() : accept(...ended(', replace: 'undefined || subject.state.operation !== null ? accept() : accept(...ended(', tests: volume },
  { breaks: 'disconnecting all is disconnecting each', file: 'volume/decide/attachments.ts', find: 'attachmentId === null || id === attachmentId', replace: 'id === attachmentId', tests: volume },
  { breaks: 'what is being connected is disconnected, too', file: 'volume/decide/attachments.ts', find: 'if (connection === null) return [];', replace: "if (connection === null || stage === 'connecting') return [];", tests: volume },
  { breaks: 'who was disconnected is not connected by a late word', file: 'volume/decide/attachments.ts', find: "attachment?.stage === 'connecting' ? accept(", replace: 'attachment !== undefined ? accept(', tests: volume },
];

export const attachmentMutants: readonly Mutant[] = [
  ...races,
  { breaks: 'a volume is attached twice only if all share it', file: 'volume/decide/attachments.ts', find: 'sharedOnPurpose({ ...volume.attachments, ...volume.mappings }, shared)(subject),', replace: '', tests: volume },
  { breaks: 'who maps a volume by hand counts when it is attached', file: 'volume/decide/attachments.ts', find: '{ ...volume.attachments, ...volume.mappings }', replace: '{ ...volume.attachments }', tests: volume },
  { breaks: 'who has a volume attached counts when it is mapped', file: 'volume/decide/users.ts', find: '{ ...mappings, ...attachments }', replace: '{ ...mappings }', tests: volume },
  { breaks: 'a connector has what its path needs', file: 'volume/decide/attachmentRules.ts', find: 'if (codes.length === 0) return', replace: 'if (codes.length < 0) return', tests: volume },
  { breaks: 'an access path of another tenant is none', file: 'volume/decide/attachmentRules.ts', find: 'paths?.[accessPathId]?.tenant === tenant', replace: 'paths?.[accessPathId] !== undefined', tests: volume },
  { breaks: 'nobody is cut off where nobody can see it', file: 'volume/decide/attachmentRules.ts', find: 'found?.fences === false', replace: 'found?.fences === null', tests: volume },
  { breaks: 'what is connected is disconnected before it is released', file: 'volume/decide/attachments.ts', find: 'if (connection === null) return accept({ type: ', replace: 'if (connection?.link !== "dismissed") return accept({ type: ', tests: volume },
  { breaks: 'a word about an earlier connection does not count', file: 'volume/decide/attachments.ts', find: 'attachment?.connection?.connectionId === connectionId ?', replace: 'attachment?.connection !== undefined && attachment.connection !== null ?', tests: volume },
  { breaks: 'an operation on all ends with the last', file: 'volume/decide/attachments.ts', find: '...(others ? [] :', replace: '...(!others ? [] :', tests: volume },
  { breaks: 'what was reserved and connected in one request goes whole', file: 'volume/decide/attachments.ts', find: 'connection.whole ? [refused, released] : [refused]', replace: '[refused]', tests: volume },
  { breaks: 'an access path is told to end what it is sure to know', file: 'volume/work.ts', find: "if (link === 'asking') {", replace: "if (link === 'asking' && stage !== 'disconnecting') {", tests: volume },
  { breaks: 'what was told to end is not told again', file: 'volume/work.ts', find: "stage !== 'disconnecting' || link === 'dismissed'", replace: "stage !== 'disconnecting'", tests: volume },
  { breaks: 'force outlives a gentler word', file: 'volume/decide/attachments.ts', find: 'const isForced = force || (attachment.force &&', replace: 'const isForced = force || (attachment.shared && attachment.force &&', tests: volume },
  { breaks: 'what cannot be forced can be done without force', file: 'volume/decide/attachments.ts', find: "!(isStuck && connection.link !== 'dismissed')", replace: "!(isStuck && connection.link === 'dismissed')", tests: path },
  { breaks: 'a volume has 256 attachments', file: 'volume/limits.ts', find: 'MAX_ATTACHMENTS = 256', replace: 'MAX_ATTACHMENTS = 257', tests: volume },
  { breaks: 'the mapping group of an initiator goes with its last LUN', file: 'accessPath/decide/settlement.ts', find: "stage === 'active' && luns.length === 0", replace: "stage === 'active' && luns.length < 0", tests: path },
  { breaks: 'nobody is attached where no target is', file: 'accessPath/decide/attaching.ts', find: 'pathHasTargets(path, state) ??\n    ', replace: '', tests: path },
  { breaks: 'a host that is asked later than the path was made may say no', file: 'accessPath/rules.ts', find: " && lifecycle === 'creating'))", replace: '))', tests: path },
  { breaks: 'a LUN stays while another attachment holds it', file: 'accessPath/decide/attaching.ts', find: 'if (lun.holders.length > 1 &&', replace: 'if (lun.holders.length > 9 &&', tests: path },
  { breaks: 'an attachment is connected when the hosts have confirmed', file: 'accessPath/work.ts', find: "stage === 'mapped' && !underWay.has(operationId)", replace: "stage === 'leaving' && !underWay.has(operationId)", tests: path },
  { breaks: 'the client group of an initiator goes with its last mapping group', file: 'clientGroup/decide.ts', find: 'state.group?.isForAttachments === true && Object', replace: 'state.group?.isForAttachments === false && Object', tests: path },
  { breaks: 'what attachments depend on is not changed by hand', file: 'accessPath/rules.ts', find: 'initiators === null ? undefined : refuseAccessPath', replace: 'initiators !== null ? undefined : refuseAccessPath', tests: path },
  { breaks: 'a mapping group that is about to go stays for the next volume', file: 'accessPath/decide/attaching.ts', find: "stage === 'leaving' ? [{ type: 'MappingGroupKept'", replace: "stage === 'joining' ? [{ type: 'MappingGroupKept'", tests: path },
  { breaks: 'an initiator does not have a volume by hand and attached', file: 'accessPath/decide/attaching.ts', find: 'luns.some((lun) => lun.volumeId === volumeId));', replace: 'luns.some((lun) => lun.volumeId === volumeId && lun.force));', tests: path },
];
