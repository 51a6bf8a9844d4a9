/** What the driver asks of Blockledger: some operations of its REST face, as the typed client has them. */
import type { ApiClient } from '../client/client.ts';

/**
 * The operations that are needed. `apiClient` has them all; over a control plane in the same process, give that client a `fetch` which asks the
 * service without a network.
 */
export type CinderControl = Pick<
  ApiClient,
  | 'listPools'
  | 'getPool'
  | 'getBackend'
  | 'listVolumes'
  | 'createVolume'
  | 'updateVolume'
  | 'deleteVolume'
  | 'migrateVolume'
  | 'listSnapshots'
  | 'getSnapshot'
  | 'createSnapshot'
  | 'deleteSnapshot'
  | 'listAccessPaths'
  | 'listAttachments'
  | 'getAttachment'
  | 'getConnectionInfo'
  | 'createAttachment'
  | 'connectAttachment'
  | 'completeAttachment'
  | 'beginDetaching'
  | 'disconnectAttachment'
  | 'disconnectAttachments'
  | 'deleteAttachment'
  | 'getTask'
  | 'retryTask'
  | 'abandonTask'
>;
