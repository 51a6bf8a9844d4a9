/** What travels with every command and every event besides its own fields. */
import * as t from 'io-ts';
import { CommandId } from './ids.ts';
import { TimestampMs } from './quantities.ts';

/** The tenant of everything where nobody names one. */
export const DEFAULT_TENANT = 'default';

/** Who asked, when and for whom. `decide` reads time and ids from here and from nowhere else. */
export const CommandMeta = t.readonly(
  t.intersection([
    t.strict({
      commandId: CommandId,
      issuedAt: TimestampMs,
      /** The principal that issued the command, such as `token:ci` or `driver`. */
      issuedBy: t.string,
      /** The tenant the resource belongs to; `default` where there is only one. */
      tenant: t.string,
      /** The command or request that started the whole chain. */
      correlationId: t.string,
    }),
    /** W3C trace context of what issued the command, 55 characters. Says nothing to a decision. */
    t.partial({ traceparent: t.string }),
  ]),
  'CommandMeta',
);
/** A value of the codec `CommandMeta`. */
export type CommandMeta = t.TypeOf<typeof CommandMeta>;

/** What is stored beside each event's data. */
export const EventMeta = t.readonly(
  t.intersection([
    t.strict({
      commandId: CommandId,
      issuedBy: t.string,
      tenant: t.string,
      correlationId: t.string,
      at: TimestampMs,
    }),
    /**
     * Hash of the caller's input, so that a repeat with other parameters is a conflict (I-32); what the caller asked for (S0-136); and the
     * W3C trace context of the command, so that work done after a restart still belongs to the trace of the request that asked.
     */
    t.partial({
      inputHash: t.string,
      request: t.string,
      traceparent: t.string,
      /** How many events of the same append come after this one; absent for the last. Who is told of half an append waits for the rest. */
      toFollow: t.number,
    }),
  ]),
  'EventMeta',
);
/** A value of the codec `EventMeta`. */
export type EventMeta = t.TypeOf<typeof EventMeta>;
