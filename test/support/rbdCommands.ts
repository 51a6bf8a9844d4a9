/** Every command line that the tables of both dialects can say, by the words of the specification. */
import { upstream, xsky, type Command, type Dialect } from '@blockledger/adapters-rbd';

const image = { pool: 'pool', name: 'volume-0b9d7a3e000040008000000000000001' };
const other = { pool: 'dest pool', name: 'volume-0b9d7a3e000040008000000000000002' };
const snap = { image, snapshot: 'snapshot-0b9d7a3e000040008000000000000003' };
const backup = { image, snapshot: 'snapshot-0b9d7a3e000040008000000000000004' };
const odd = { pool: '-pool', name: '-x y%é' };
const GIB = 2 ** 30;

const priority = ({ priority: say }: Dialect, on: boolean): readonly Command[] => (say === undefined ? [] : [say(image, on)]);
const progress = ({ progress: ask }: Dialect): readonly Command[] => (ask === undefined ? [] : [ask(image)]);
const created = (dialect: Dialect, generation: 'v2' | 'v3' | 'v3adv', dataPool?: string): Command =>
  dialect.create({ image, sizeBytes: 100 * GIB, generation, dataPool, metas: { 'blockledger.volume': '{}' } });

/** The command lines of one dialect, each list under a name that says what it is for. */
export const commandLines = (dialect: Dialect): Readonly<Record<string, readonly Command[]>> => ({
  'S0-22 create a volume of the older generation, V3, and V3 advanced': [created(dialect, 'v2'), created(dialect, 'v3'), created(dialect, 'v3adv')],
  'R-5 V-11 create with the data in an erasure coded pool': [created(dialect, 'v3', 'ec data')],
  'S0-23 set the performance priority': priority(dialect, true),
  'S0-47 unset the performance priority': priority(dialect, false),
  'S0-35 protect, clone into another pool, flatten, progress': [
    dialect.snapshotProtect(snap),
    dialect.clone({ from: snap, image: other, dataPool: undefined }),
    dialect.flatten(other),
    ...progress(dialect),
  ],
  'R-5 clone with the data in an erasure coded pool': [dialect.clone({ from: snap, image: other, dataPool: 'ec data' })],
  'S0-45 V-6 resize, growing and shrinking': [
    dialect.resize({ image, sizeBytes: 150 * GIB, shrink: false }),
    dialect.resize({ image, sizeBytes: 50 * GIB, shrink: true }),
  ],
  'S0-46 measure the volume': [dialect.usage(image)],
  'S0-49 take the backup snapshot and measure it': [dialect.snapshotCreate(backup), dialect.usage(backup)],
  'S0-50 roll back, progress, measure': [dialect.snapshotRollback(snap), ...progress(dialect), dialect.usage(image)],
  'S0-51 flatten, progress, measure': [dialect.flatten(image), ...progress(dialect), dialect.usage(image)],
  'S0-56 list, unprotect and remove snapshots, with the hidden ones V-3': [
    dialect.snapshotList(image),
    dialect.children(snap),
    dialect.snapshotUnprotect(snap),
    dialect.snapshotRemove(snap),
  ],
  'S0-56 V-8 find the clones of a snapshot that a dead removal left hidden, and remove it': [
    dialect.snapshotList(image),
    dialect.hiddenChildren(image, 42),
    dialect.hiddenRemove(image, 42),
  ],
  'S0-57 remove the volume, progress': [dialect.remove(image), ...progress(dialect)],
  'S0-63 take a snapshot and measure it': [dialect.snapshotCreate(snap), dialect.usage(snap)],
  'R-24 V-12 limits, each under its own key': [
    dialect.option(image, 'rbd_qos_bps_limit', '1048576000'),
    dialect.option(image, 'rbd_qos_bps_burst', '2097152000'),
    dialect.option(image, 'rbd_qos_iops_limit', '100000'),
    dialect.option(image, 'rbd_qos_iops_burst', '200000'),
    dialect.option(image, 'rbd_qos_iops_burst', undefined),
  ],
  'looks and marks': [
    dialect.info(image),
    dialect.status(image),
    dialect.lockList(image),
    dialect.metaList(image),
    dialect.metaSet(image, 'blockledger.volume', '{}'),
    dialect.metaRemove(image, 'blockledger.volume'),
    dialect.list('pool'),
    dialect.markGet('pool', 'installation.one'),
    dialect.markSet('pool', 'installation.one', '42'),
    dialect.cluster(),
    dialect.space(),
  ],
  'I-28 the trash': [
    dialect.trashMove(image),
    dialect.trashList('pool'),
    dialect.trashRestore('pool', '10c9972a9d0a'),
    dialect.trashedInfo('pool', '10c9972a9d0a'),
    dialect.trashedSnapshotList('pool', '10c9972a9d0a'),
    dialect.trashedMeta('pool', '10c9972a9d0a', 'blockledger.volume'),
  ],
  'adoption, and names that look like options': [
    dialect.rename({ pool: 'pool', name: '-x y%é' }, image),
    dialect.rename(odd, { pool: '-pool', name: 'b' }),
    dialect.info(odd),
    dialect.snapshotCreate({ image: odd, snapshot: 's' }),
    dialect.hiddenRemove(odd, 42),
    dialect.clone({ from: { image: odd, snapshot: 's' }, image: odd, dataPool: undefined }),
    dialect.list('-pool'),
    dialect.create({ image: odd, sizeBytes: GIB, generation: 'v3', dataPool: undefined, metas: {} }),
  ],
});

export const dialects: readonly Dialect[] = [upstream, xsky];
