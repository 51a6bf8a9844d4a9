/** Limits as the source writes them (S0-12). */
import type { Qos } from '@blockledger/domain';
import type { QosField } from '../../api/bodies/qos.ts';

/** Bytes/s and operations/s; 0 = unlimited. */
export const qosBody = (qos: Qos): QosField => ({
  max_total_bw: qos.maxBytesPerSecond,
  burst_total_bw: qos.burstBytesPerSecond,
  max_total_iops: qos.maxIops,
  burst_total_iops: qos.burstIops,
});
