/** Which events of $all somebody wants. */
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { isShownInAll, type Recorded } from './records.ts';
import { PAGE } from './streamPages.ts';

export interface AllFilter {
  readonly allows: (event: Recorded) => boolean;
  /** How many events are looked at for one page. */
  readonly window: number;
  /** After how many events that were looked at a checkpoint is said. */
  readonly interval: number;
}

/** Reads and persistent subscriptions say their filters in the same words. */
interface Expression {
  readonly getRegex: () => string;
  readonly getPrefixList: () => readonly string[];
}

interface FilterWords {
  readonly getStreamIdentifier: () => Expression | undefined;
  readonly getEventType: () => Expression | undefined;
}

const matcher = (expression: Expression): ((text: string) => boolean) => {
  const regex = expression.getRegex();
  if (regex !== '') {
    const compiled = new RegExp(regex, 'u');
    return (text) => compiled.test(text);
  }
  const prefixes = expression.getPrefixList();
  return (text) => prefixes.some((prefix) => text.startsWith(prefix));
};

/** By the name of the stream, or by the type of the event. */
export const allowedBy = (filter: FilterWords): AllFilter['allows'] => {
  const byStream = filter.getStreamIdentifier();
  const byType = filter.getEventType();
  if (byStream !== undefined) {
    const matches = matcher(byStream);
    return (event) => isShownInAll(event) && matches(event.stream);
  }
  const matches = byType === undefined ? () => true : matcher(byType);
  return (event) => isShownInAll(event) && matches(event.type);
};

export const filterOf = (options: streams.ReadReq.Options.FilterOptions): AllFilter => {
  const window = options.hasMax() ? options.getMax() : PAGE;
  return { window, interval: window * options.getCheckpointintervalmultiplier(), allows: allowedBy(options) };
};
