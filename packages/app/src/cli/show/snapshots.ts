/** Snapshots for people. */
import type { SnapshotBody } from '../../api/bodies/snapshot.ts';
import type { Io } from '../frame/io.ts';
import type { Column } from '../frame/table.ts';
import { showMoment } from '../frame/time.ts';
import { sizeText } from './sizes.ts';
import { paintState, standing } from './states.ts';

/** The columns of a list. */
export const snapshotColumns = (io: Io): readonly Column<SnapshotBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?'), align: 'right' },
  { title: 'NAME', cell: ({ name }) => name, elastic: true },
  { title: 'VOLUME', cell: ({ block_volume: volume }) => volume.name ?? '?', elastic: true },
  { title: 'SIZE', cell: ({ size }) => sizeText(io, size), align: 'right' },
  { title: 'STATUS', cell: standing, paint: paintState(io.screen) },
  { title: 'CLONES', cell: ({ cloned_block_volume_num: count }) => String(count), align: 'right' },
];

/** Everything about one. */
export const snapshotFields = (io: Io): readonly Column<SnapshotBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?') },
  { title: 'UUID', cell: ({ uuid }) => uuid },
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Description', cell: ({ description }) => description || io.screen.glyphs.dash },
  { title: 'Status', cell: standing, paint: paintState(io.screen) },
  { title: 'Failure', cell: ({ failure }) => (failure === null ? io.screen.glyphs.dash : `${failure.step}: ${failure.message} (task ${failure.task})`) },
  { title: 'Volume', cell: ({ block_volume: volume }) => `${volume.name ?? '?'} (${volume.id ?? volume.uuid})` },
  { title: 'Size', cell: ({ size }) => sizeText(io, size) },
  { title: 'Allocated', cell: ({ allocated_size: size }) => sizeText(io, size) },
  { title: 'Protected', cell: ({ protected: guarded }) => (guarded ? 'yes' : 'no') },
  { title: 'Clones', cell: ({ cloned_block_volume_num: count }) => String(count) },
  { title: 'Tenant', cell: ({ tenant }) => tenant },
  { title: 'Created', cell: ({ create }) => showMoment(io.screen, create === null ? null : Date.parse(create)) },
];
