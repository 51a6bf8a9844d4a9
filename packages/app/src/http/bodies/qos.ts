/** Limits of bandwidth and operations as the source writes them (S0-12). */
import type { Qos } from '@blockledger/domain';
import type * as t from 'io-ts';
import { closed } from './closed.ts';
import { Whole } from './fields.ts';

/** Bytes/s and operations/s; 0 or absent = unlimited. */
export const QosField = closed({}, { max_total_bw: Whole, burst_total_bw: Whole, max_total_iops: Whole, burst_total_iops: Whole });

/** From `qos` and `qos_enabled` to what the control plane takes; undefined where neither was given. */
export const qosInput = (body: { readonly qos?: t.TypeOf<typeof QosField>; readonly qos_enabled?: boolean }): { readonly qos?: Partial<Qos> } => {
  const { qos, qos_enabled: enabled } = body;
  if (qos === undefined && enabled === undefined) return {};
  const limits: Partial<Qos> = {
    ...(qos?.max_total_bw === undefined ? {} : { maxBytesPerSecond: qos.max_total_bw }),
    ...(qos?.burst_total_bw === undefined ? {} : { burstBytesPerSecond: qos.burst_total_bw }),
    ...(qos?.max_total_iops === undefined ? {} : { maxIops: qos.max_total_iops }),
    ...(qos?.burst_total_iops === undefined ? {} : { burstIops: qos.burst_total_iops }),
    ...(enabled === undefined ? {} : { enabled }),
  };
  return { qos: limits };
};

/** As the source writes them. */
export const qosBody = (qos: Qos): object => ({
  max_total_bw: qos.maxBytesPerSecond,
  burst_total_bw: qos.burstBytesPerSecond,
  max_total_iops: qos.maxIops,
  burst_total_iops: qos.burstIops,
});
