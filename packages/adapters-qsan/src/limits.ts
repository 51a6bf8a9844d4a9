/** What an array can do and what not (S1-14, S1-42, decision 15). */
import { type Capabilities, GIB, type TargetCapabilities } from '@blockledger/domain';

/** Of its volumes. */
export const CAPABILITIES: Capabilities = {
  shrink: false,
  flatten: false,
  rollback: false,
  qos: false,
  performancePriority: false,
  clone: true,
  guardsParents: false,
  cloneAcrossPools: false,
  cloneFromGroupSnapshot: false,
  onlineExtend: true,
  migrate: false,
  liveMigration: false,
  trash: false,
  adopt: false,
  list: false,
  marks: false,
  erasurePools: false,
  generations: ['v3'],
  // The source's own client speaks in GiB (S1-40): whether the array takes other sizes, nobody says.
  sizeGranularityBytes: GIB,
  maxSnapshots: 256,
};

/** Of its targets. */
export const TARGET_CAPABILITIES: TargetCapabilities = {
  types: ['iscsi'],
  scope: 'volume',
  opens: ['array'],
  list: false,
  clientCodes: ['iqn'],
  forwardChap: true,
  showsChap: false,
  clearsChap: false,
  mutualChap: 'none',
  portals: 'fixed',
  sharedPortals: true,
  qos: false,
  onlineExtend: true,
  sessions: false,
  fences: false,
  virtualPortals: false,
  maxLuns: 256,
};
