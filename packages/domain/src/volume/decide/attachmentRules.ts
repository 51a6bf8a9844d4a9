/** What must hold of attachments, and what their connectors say. */
import { clientCodeKind } from '../../kernel/addresses.ts';
import type { AccessType } from '../../ports/targetBackend.ts';
import { refuseVolume, type VolumeRefusal } from '../errors.ts';
import type { VolumeFacts } from '../facts.ts';
import { MAX_ATTACHMENT_TEXT, MAX_ATTACHMENTS } from '../limits.ts';
import type { Connector, ConnectionWish } from '../messages.ts';
import type { Existing } from '../rules.ts';
import type { AttachmentConnection, VolumeFields } from '../state.ts';

type Answer = VolumeRefusal | undefined;

const BARE_WWN = /^[0-9a-f]{16}$/;

/** WWNs as client groups have them: in lower case, with colons. */
const wwnOf = (text: string): string => {
  const lower = text.toLowerCase();
  return BARE_WWN.test(lower) ? (lower.match(/../g) ?? []).join(':') : lower;
};

/**
 * The codes by which targets of a type know whoever a connector tells of: its iSCSI name, or its WWNs; on the gateway itself also its address.
 * Empty where the connector does not have what the type needs.
 *
 * @example
 * import { initiatorCodes, type Connector } from '@blockledger/domain';
 * const connector: Connector = { initiator: 'iqn.1994-05.com.redhat:h1', wwpns: ['5001438012345678'], ip: '10.0.0.7', host: 'h1', multipath: true };
 * initiatorCodes('iscsi', connector); // => ['iqn.1994-05.com.redhat:h1']
 * initiatorCodes('fc', connector); // => ['50:01:43:80:12:34:56:78']
 */
export const initiatorCodes = (type: AccessType, { initiator, wwpns, ip }: Connector): readonly string[] => {
  if (type === 'fc') return [...new Set(wwpns.map(wwnOf))].toSorted();
  const code = type === 'local' ? (initiator ?? ip) : initiator;
  return code === null || code === '' ? [] : [code];
};

const NEEDED: Readonly<Record<AccessType, string>> = { iscsi: 'initiator', local: 'initiator', fc: 'wwpns' };

/** S4-3: what the targets know initiators by must be there. */
export const connectorFits = ({ accessPathId, connector }: ConnectionWish, { paths }: VolumeFacts): Answer => {
  const type = paths?.[accessPathId]?.accessType ?? 'iscsi';
  const codes = initiatorCodes(type, connector);
  if (codes.length === 0) return refuseVolume('ConnectorIsIncomplete', `the connector has no ${NEEDED[type]}, which an access path of the type ${type} needs`, { value: NEEDED[type] });
  const wrong = codes.find((code) => (type === 'fc' ? clientCodeKind(code) !== 'wwn' : clientCodeKind(code) === undefined || clientCodeKind(code) === 'wwn'));
  return wrong === undefined ? undefined : refuseVolume('InitiatorIsNotAllowed', `${JSON.stringify(wrong)} names no initiator of the type ${type}`, { value: wrong, limit: type });
};

/** What belongs to somebody else is not there. */
export const pathOf = ({ accessPathId }: ConnectionWish, { tenant }: VolumeFields, { paths }: VolumeFacts): Answer =>
  paths?.[accessPathId]?.tenant === tenant ? undefined : refuseVolume('AccessPathNotFound', `there is no access path ${accessPathId}`, { value: accessPathId });

/** Who is cut off by force must be seen to be cut off (I-21). What is not known just now is found out when it is done. */
export const pathsCanFence = (connections: readonly AttachmentConnection[], { paths }: VolumeFacts): Answer => {
  const path = connections.map(({ wish }) => paths?.[wish.accessPathId]).find((found) => found?.fences === false);
  if (path === undefined) return undefined;
  const remedy = 'log the initiators out on their hosts, or switch the hosts off, and do it without force';
  return { ...refuseVolume('CapabilityIsMissing', `the targets of access path "${path.name}" cannot be seen to cut an initiator off`, { value: 'fences' }), remedy };
};

export const roomForAttachment = ({ volume }: Existing): Answer => {
  const count = Object.keys(volume.attachments).length;
  return count < MAX_ATTACHMENTS ? undefined : refuseVolume('TooManyAttachments', `volume "${volume.name}" has ${count} attachments`, { value: count + 1, limit: MAX_ATTACHMENTS });
};

export const validAttachmentTexts = (texts: Readonly<Record<string, string | null>>): Answer => {
  const long = Object.entries(texts).find(([, text]) => text !== null && text.length > MAX_ATTACHMENT_TEXT);
  return long === undefined ? undefined : refuseVolume('AttachmentTextIsTooLong', `${long[0]} has ${long[1]?.length ?? 0} characters`, { value: long[0], limit: MAX_ATTACHMENT_TEXT });
};
