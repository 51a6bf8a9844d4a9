/** Labels and limits on the command line. */
import * as E from 'fp-ts/lib/Either.js';
import type { QosField } from '../../../api/bodies/qos.ts';
import { maybe, type Reader } from '../../frame/parts.ts';
import { size, whole } from '../../frame/readers.ts';
import { given } from '../../show/given.ts';

/** `key=value`. */
export const label: Reader<readonly [string, string]> = {
  read: (text) => {
    const at = text.indexOf('=');
    return at < 1 ? E.left(`${text} is not a label: write key=value`) : E.right([text.slice(0, at), text.slice(at + 1)]);
  },
};

/** The labels of a body; nothing where none were given, so that they stay as they are. */
export const labelsOf = (labels: readonly (readonly [string, string])[]): { readonly labels?: Readonly<Record<string, string>> } =>
  labels.length === 0 ? {} : { labels: Object.fromEntries(labels) };

const MOST_IOPS = 1_000_000_000;
const iops = whole(0, MOST_IOPS);

/** Limits of bandwidth and operations; 0 is unlimited. */
export const qosParts = {
  maxBandwidth: maybe('--max-bandwidth <size>', 'at most so many bytes a second, such as 200MiB; 0 is unlimited', size),
  burstBandwidth: maybe('--burst-bandwidth <size>', 'for a short while so many bytes a second', size),
  maxIops: maybe('--max-iops <count>', 'at most so many operations a second; 0 is unlimited', iops),
  burstIops: maybe('--burst-iops <count>', 'for a short while so many operations a second', iops),
} as const;

interface Limits {
  readonly maxBandwidth: number | undefined;
  readonly burstBandwidth: number | undefined;
  readonly maxIops: number | undefined;
  readonly burstIops: number | undefined;
}

/** The limits of a body; nothing where none were given. */
export const qosOf = ({ maxBandwidth, burstBandwidth, maxIops, burstIops }: Limits): { readonly qos?: QosField } => {
  const qos: QosField = given({ max_total_bw: maxBandwidth, burst_total_bw: burstBandwidth, max_total_iops: maxIops, burst_total_iops: burstIops });
  return Object.keys(qos).length === 0 ? {} : { qos };
};
