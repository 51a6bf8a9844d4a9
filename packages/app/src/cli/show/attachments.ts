/** Attachments for people: who has a volume, and where a host finds it. */
import type { AttachmentBody, ConnectionInfoBody } from '../../api/bodies/attachment.ts';
import type { Io } from '../frame/io.ts';
import type { Column } from '../frame/table.ts';
import { clean } from '../frame/text.ts';
import { showMoment } from '../frame/time.ts';
import type { Branch } from '../frame/tree.ts';
import { nameOf, titledLink } from './links.ts';
import { paintState } from './states.ts';

const initiatorOf = ({ connector }: AttachmentBody): string => [...(connector?.initiator === undefined || connector.initiator === null ? [] : [connector.initiator]), ...(connector?.wwpns ?? [])].join(', ');

const machineOf = ({ host, connector }: AttachmentBody): string | null => host ?? connector?.host ?? null;

const modeOf = ({ mode, shared }: AttachmentBody): string => (shared ? `${mode}, shared` : mode);

/** `vm-1`, `backup`, `clone of vm-1`. */
const userOf = ({ purpose, instance }: AttachmentBody): string => {
  const what = purpose === 'host' ? [] : [purpose];
  return [...what, ...(instance === null ? [] : [instance])].join(' of ');
};

/** The columns of a list. */
export const attachmentColumns = ({ screen }: Pick<Io, 'screen'>): readonly Column<AttachmentBody>[] => [
  { title: 'ATTACHMENT', cell: ({ uuid }) => uuid },
  { title: 'STAGE', cell: ({ stage }) => stage, paint: paintState(screen) },
  { title: 'MODE', cell: modeOf },
  { title: 'FOR', cell: (attachment) => userOf(attachment) || screen.glyphs.dash, elastic: true },
  { title: 'HOST', cell: (attachment) => machineOf(attachment) ?? screen.glyphs.dash, elastic: true },
  { title: 'LUN', cell: ({ lun_id: lun }) => (lun === null ? screen.glyphs.dash : String(lun)), align: 'right' },
  { title: 'PATH', cell: ({ access_path: path }) => (path === null ? screen.glyphs.dash : nameOf(path)), elastic: true },
  { title: 'INITIATOR', cell: initiatorOf, below: true },
];

/** What becomes of it when it is disconnected. */
const leavingOf = ({ stage, force, releasing }: AttachmentBody): string =>
  stage === 'disconnecting' ? [...(force ? ['its initiator is fenced'] : []), ...(releasing ? ['it is released afterwards'] : [])].join(', ') : '';

/** Everything about one. */
export const attachmentFields = ({ screen }: Pick<Io, 'screen'>): readonly Column<AttachmentBody>[] => [
  { title: 'UUID', cell: ({ uuid }) => uuid },
  { title: 'Volume', cell: ({ block_volume: volume }) => titledLink('volume', volume) },
  { title: 'Stage', cell: ({ stage }) => stage, paint: paintState(screen) },
  { title: 'Leaving', cell: leavingOf },
  { title: 'Task', cell: ({ task }) => task ?? screen.glyphs.dash },
  { title: 'Purpose', cell: ({ purpose }) => purpose },
  { title: 'Mode', cell: modeOf },
  { title: 'Instance', cell: ({ instance }) => instance ?? screen.glyphs.dash },
  { title: 'Host', cell: (attachment) => machineOf(attachment) ?? screen.glyphs.dash },
  { title: 'Mount point', cell: ({ mount_point: at }) => at ?? screen.glyphs.dash },
  { title: 'Initiator', cell: initiatorOf },
  { title: 'Address', cell: ({ connector }) => connector?.ip ?? screen.glyphs.dash },
  { title: 'Multipath', cell: ({ connector }) => (connector === null ? screen.glyphs.dash : connector.multipath ? 'yes' : 'no') },
  { title: 'Access path', cell: ({ access_path: path }) => (path === null ? screen.glyphs.dash : titledLink('access path', path)) },
  { title: 'LUN', cell: ({ lun_id: lun }) => (lun === null ? screen.glyphs.dash : String(lun)) },
  { title: 'Tenant', cell: ({ tenant }) => tenant },
  { title: 'Reserved', cell: ({ create }) => showMoment(screen, create === null ? null : Date.parse(create)) },
];

/** One attachment in a line: what became of it. */
export const attachmentLine = ({ uuid, stage, lun_id: lun, access_path: path }: AttachmentBody): string =>
  `attachment ${uuid}: ${stage}${lun === null ? '' : `, LUN ${lun}`}${path === null ? '' : `, by access path ${nameOf(path)}`}`;

const targetBranch = ({ screen: { colour } }: Pick<Io, 'screen'>, { host, iqn, portals, reachable }: ConnectionInfoBody['targets'][number]): Branch => ({
  text: `target on ${colour.bold(clean(nameOf(host)))}${reachable ? '' : `, ${colour.red('not reached')}`}`,
  branches: [{ text: clean(iqn) }, { text: portals.length === 0 ? 'no portals' : `${portals.length === 1 ? 'portal' : 'portals'} ${clean(portals.map(({ ip, port }) => `${ip}:${port}`).join(', '))}` }],
});

/** What is said of the secret: itself, the file that it was written to, or how to learn it. */
const secretText = ({ tsecret }: ConnectionInfoBody, file: string | undefined): string => {
  if (tsecret !== null) return `, secret ${tsecret}`;
  return file === undefined ? '; its secret is told with --chap-secret-file or --show-chap-secret' : `, its secret stands in ${file}`;
};

/** Where a host finds its volume. `file`: where the secret was written to. */
export const connectionTree = (io: Pick<Io, 'screen'>, info: ConnectionInfoBody, file?: string): Branch => ({
  text: clean(`LUN ${info.lun_id}, ${info.type}, ${info.mode}${info.multipath ? ', multipath' : ''}, serial number ${info.sn}`),
  branches: [...info.targets.map((target) => targetBranch(io, target)), { text: clean(info.chap ? `CHAP as ${info.tname ?? '?'}${secretText(info, file)}` : 'no CHAP') }],
});
