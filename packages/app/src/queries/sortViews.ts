/** In what order lists come. */

/** A field to sort by. What is null comes last, descending first. Texts are compared by their code units: `Z` before `a`. */
export interface SortKey<Field extends string> {
  readonly by: Field;
  /** Default false. */
  readonly descending?: boolean;
}

/** The order of a list: the first key first, and the number between equals. Default: by number, the oldest first. */
export interface Sorted<Field extends string> {
  readonly sort?: readonly SortKey<Field>[];
}

/** What volumes are sorted by. */
export type VolumeSortField = 'number' | 'name' | 'status' | 'sizeBytes' | 'createdAt' | 'updatedAt' | 'poolNumber';
/** What snapshots are sorted by. */
export type SnapshotSortField = 'number' | 'name' | 'status' | 'sizeBytes' | 'createdAt' | 'volumeNumber';
/** What pools are sorted by. */
export type PoolSortField = 'number' | 'name' | 'status' | 'health' | 'provisionedBytes' | 'volumeCount';
/** What hosts are sorted by. */
export type HostSortField = 'number' | 'name' | 'status' | 'createdAt';
/** What client groups are sorted by. */
export type ClientGroupSortField = 'number' | 'name' | 'status' | 'createdAt' | 'updatedAt';
/** What access paths are sorted by. */
export type AccessPathSortField = 'number' | 'name' | 'status' | 'createdAt' | 'updatedAt';
/** What VIP groups are sorted by. */
export type VipGroupSortField = 'number' | 'network' | 'status' | 'createdAt' | 'updatedAt' | 'accessPathNumber';
/** What network addresses are sorted by. Addresses are compared as texts. */
export type NetworkAddressSortField = 'number' | 'ip' | 'role' | 'hostNumber';
/** What mapping groups are sorted by. */
export type MappingGroupSortField = 'number' | 'accessPathNumber' | 'clientGroupNumber';
/** What targets are sorted by. */
export type TargetSortField = 'number' | 'accessPathNumber' | 'hostNumber';
/** What virtual IPs are sorted by. Addresses are compared as texts. */
export type VipSortField = 'number' | 'ip' | 'vipGroupNumber';
/** What tasks are sorted by. Numbers rise with the moment of asking: descending, the newest come first. */
export type TaskSortField = 'number' | 'type' | 'status' | 'startedAt' | 'finishedAt';
/** What actions are sorted by. `number` is the order in which they were answered: descending, the latest come first. */
export type ActionSortField = 'number' | 'startedAt' | 'finishedAt' | 'action' | 'issuedBy' | 'result';
