/** Volumes for people. */
import type { AttachmentBody } from '../../api/bodies/attachment.ts';
import type { VolumeBody } from '../../api/bodies/volume.ts';
import type { Io } from '../frame/io.ts';
import type { Screen } from '../frame/screen.ts';
import { record, table, type Column } from '../frame/table.ts';
import { showMoment } from '../frame/time.ts';
import { attachmentColumns } from './attachments.ts';
import { sizeText } from './sizes.ts';
import { paintState, standing } from './states.ts';

const GENERATIONS: Readonly<Record<number, string>> = { 2: 'v2', 128: 'v3', 129: 'v3 advanced' };

/** The columns of a list. */
export const volumeColumns = (io: Io): readonly Column<VolumeBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?'), align: 'right' },
  { title: 'NAME', cell: ({ name }) => name, elastic: true },
  { title: 'SIZE', cell: ({ size }) => sizeText(io, size), align: 'right' },
  { title: 'STATUS', cell: standing, paint: paintState(io.screen) },
  { title: 'POOL', cell: ({ pool }) => pool.name ?? '?', elastic: true },
  { title: 'SNAPSHOTS', cell: ({ block_snapshot_num: count }) => String(count), align: 'right' },
];

const limits = (io: Io, { qos, qos_enabled: on }: VolumeBody): string => {
  if (!on) return 'none';
  const { max_total_bw: bytes = 0, max_total_iops: iops = 0 } = qos;
  return [...(bytes > 0 ? [`${sizeText(io, bytes)}/s`] : []), ...(iops > 0 ? [`${iops} IOPS`] : [])].join(', ') || 'bursts only';
};

const attachedBy = (io: Io): Column<VolumeBody> => ({ title: 'Attached by', cell: ({ attachments }) => attachments.join(', ') || io.screen.glyphs.dash });

/** Everything about one. */
export const volumeFields = (io: Io): readonly Column<VolumeBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?') },
  { title: 'UUID', cell: ({ uuid }) => uuid },
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Description', cell: ({ description }) => description || io.screen.glyphs.dash },
  { title: 'Status', cell: standing, paint: paintState(io.screen) },
  { title: 'Task', cell: ({ operation }) => (operation === null ? io.screen.glyphs.dash : `${operation} (\`blockledger task show\` tells what it does or waits for)`) },
  { title: 'Failure', cell: ({ failure, operation }) => (failure === null ? io.screen.glyphs.dash : `${failure.step}: ${failure.message}${failure.task === operation ? '' : ` (task ${failure.task})`}`) },
  { title: 'Size', cell: ({ size }) => sizeText(io, size) },
  { title: 'Generation', cell: ({ format }) => GENERATIONS[format] ?? String(format) },
  { title: 'Limits', cell: (volume) => limits(io, volume) },
  { title: 'Pool', cell: ({ pool }) => `${pool.name ?? '?'} (${pool.id ?? '?'})` },
  { title: 'Serial number', cell: ({ sn }) => sn },
  { title: 'Clone of', cell: ({ block_snapshot: parent }) => (parent === null ? io.screen.glyphs.dash : `snapshot ${parent.id ?? parent.uuid}`) },
  { title: 'Snapshots', cell: ({ block_snapshot_num: count }) => String(count) },
  { title: 'Mapped by', cell: ({ mappings }) => mappings.join(', ') || io.screen.glyphs.dash },
  attachedBy(io),
  { title: 'Labels', cell: ({ labels }) => Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(', ') || io.screen.glyphs.dash },
  { title: 'Tenant', cell: ({ tenant }) => tenant },
  { title: 'Created', cell: ({ create }) => showMoment(io.screen, create === null ? null : Date.parse(create)) },
  { title: 'Changed', cell: ({ update }) => showMoment(io.screen, update === null ? null : Date.parse(update)) },
  { title: 'Goes for good', cell: ({ purge }) => showMoment(io.screen, purge === null ? null : Date.parse(purge)) },
];

/** One with those who have it: what they are stands below it. */
export const volumeText = (io: Io, screen: Screen, { volume, attachments }: { readonly volume: VolumeBody; readonly attachments: readonly AttachmentBody[] }): string => {
  const fields = volumeFields(io);
  if (attachments.length === 0) return record(fields, volume, screen);
  const { title: told } = attachedBy(io);
  return `${record(fields.filter(({ title }) => title !== told), volume, screen)}\n\n${table(attachmentColumns(io), attachments, screen)}`;
};
