/** What a client wants of a persistent subscription, and what the server says of one. */
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import { handlerThrew } from './failures.ts';
import { allowedBy } from './filters.ts';
import { isLastUnsigned, streamName } from './messages.ts';
import type { GroupName, GroupSettings, GroupStart, GroupView } from './persistentGroup.ts';
import { isShownInAll } from './records.ts';

const ALL = '$all';

/** A stream, or `$all`, as most calls name them. */
interface Source {
  readonly hasAll: () => boolean;
  readonly getStreamIdentifier: () => shared.StreamIdentifier | undefined;
  readonly getGroupName: () => string;
}

export const groupNameOf = (options: Source | undefined): GroupName => {
  if (options === undefined) throw handlerThrew();
  return { source: options.hasAll() ? ALL : streamName(options.getStreamIdentifier()), name: options.getGroupName() };
};

type Options = persistent.CreateReq.Options | persistent.UpdateReq.Options;

/** Clients still name a stream in the words of old. */
export const wantedGroupOf = (options: Options | undefined): GroupName => {
  const stream = options?.getStream()?.getStreamIdentifier();
  const named = groupNameOf(options);
  return stream === undefined ? named : { ...named, source: streamName(stream) };
};

const revision = (text: string): GroupStart => (isLastUnsigned(text) ? 'end' : { revision: Number(text) });

const startOf = (options: Options): GroupStart => {
  const all = options.getAll();
  const stream = options.getStream();
  if (all !== undefined) {
    const position = all.getPosition();
    if (position === undefined) return all.hasEnd() ? 'end' : { position: { commit: 0, prepare: 0 } };
    return { position: { commit: Number(position.getCommitPosition()), prepare: Number(position.getPreparePosition()) } };
  }
  if (stream !== undefined) return stream.hasEnd() ? 'end' : revision(stream.hasStart() ? '0' : stream.getRevision());
  return revision(options.getSettings()?.getRevision() ?? '0');
};

const STRATEGIES: readonly string[] = ['DispatchToSingle', 'RoundRobin', 'Pinned'];

const strategyOf = (settings: persistent.CreateReq.Settings | persistent.UpdateReq.Settings): string => {
  const named = settings instanceof persistent.CreateReq.Settings ? settings.getConsumerStrategy() : '';
  return named === '' ? (STRATEGIES[settings.getNamedConsumerStrategy()] ?? 'RoundRobin') : named;
};

/** Of a stream everything; of $all what it shows. */
const filterOf = (options: Options): GroupSettings['allows'] => {
  const filter = options instanceof persistent.CreateReq.Options ? options.getAll()?.getFilter() : undefined;
  if (filter !== undefined) return allowedBy(filter);
  return options.hasAll() ? isShownInAll : () => true;
};

export const groupSettingsOf = (options: Options | undefined): GroupSettings => {
  const settings = options?.getSettings();
  if (options === undefined || settings === undefined) throw handlerThrew();
  return {
    start: startOf(options),
    messageTimeoutMs: settings.hasMessageTimeoutMs() ? settings.getMessageTimeoutMs() : Number(settings.getMessageTimeoutTicks()) / 10_000,
    maxRetryCount: settings.getMaxRetryCount(),
    maxSubscriberCount: settings.getMaxSubscriberCount(),
    strategy: strategyOf(settings),
    allows: filterOf(options),
  };
};

const startText = (source: string, start: GroupStart): string => {
  if (start === 'end') return source === ALL ? 'C:-1/P:-1' : '-1';
  return 'revision' in start ? String(start.revision) : `C:${start.position.commit}/P:${start.position.prepare}`;
};

const { SubscriptionInfo } = persistent;

/** Measures over time are left at nothing: the double keeps no clock. */
export const infoMessage = ({ source, name, settings, consumers, inFlight, waiting, parked, given }: GroupView): persistent.SubscriptionInfo =>
  new SubscriptionInfo()
    .setEventSource(source)
    .setGroupName(name)
    .setStatus('Live')
    .setStartFrom(startText(source, settings.start))
    .setMessageTimeoutMilliseconds(settings.messageTimeoutMs)
    .setMaxRetryCount(settings.maxRetryCount)
    .setMaxSubscriberCount(settings.maxSubscriberCount)
    .setNamedConsumerStrategy(settings.strategy)
    .setTotalItems(String(given))
    .setCountSinceLastMeasurement('0')
    .setLiveBufferCount('0')
    .setRetryBufferCount(waiting)
    .setTotalInFlightMessages(inFlight)
    .setOutstandingMessagesCount(inFlight)
    .setParkedMessageCount(String(parked))
    .setConnectionsList(
      consumers.map((consumer) =>
        new SubscriptionInfo.ConnectionInfo()
          .setConnectionName(consumer.name)
          .setAvailableSlots(consumer.bufferSize - consumer.inFlight)
          .setInFlightMessages(consumer.inFlight)
          .setTotalItems('0')
          .setCountSinceLastMeasurement('0'),
      ),
    );
