/** Limits of bandwidth and operations as the source writes them (S0-12). */
import type * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Whole } from '../fields.ts';
import { named } from '../schema.ts';

/** Bytes/s and operations/s; 0 or absent = unlimited. */
export const QosField = named('Qos', closed({}, { max_total_bw: Whole, burst_total_bw: Whole, max_total_iops: Whole, burst_total_iops: Whole }));
export type QosField = t.TypeOf<typeof QosField>;
