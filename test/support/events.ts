import type { CommandId, NewEvent, TimestampMs } from '@blockledger/domain';

/** An event for tests of stores: the n-th id, and the data given. */
export const sampleEvent = (n: number, data: object = { n }): NewEvent => ({
  eventId: `5eed0000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  type: 'VolumeResized',
  schemaVersion: 1,
  data,
  meta: {
    commandId: '0b9d7a3e-0000-4000-8000-000000000001' as CommandId,
    issuedBy: 'test',
    tenant: 'default',
    correlationId: 'test',
    at: 1_700_000_000_000 as TimestampMs,
  },
});
