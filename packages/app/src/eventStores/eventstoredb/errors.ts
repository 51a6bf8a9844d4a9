/** What the client throws, as a `StoreError`. Not all of it is of the client's own classes: discovery and gRPC throw errors with a code, or with a text only. */
import {
  AccessDeniedError,
  DeadlineExceededError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
} from '@eventstore/db-client';
import type { StoreError } from '@blockledger/domain';
import { corrupt, invalid, unavailable } from '../errors.ts';
import { messageOf } from '../../system/thrown.ts';
import { Silence } from './silence.ts';

/** Codes of gRPC. */
const CODES = { invalidArgument: 3, permissionDenied: 7, resourceExhausted: 8, unimplemented: 12, unauthenticated: 16 } as const;

/** The client keeps the error of gRPC in its own under this name. */
const INNER = '_raw';

const codeOf = (thrown: unknown): number | undefined => {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  if ('code' in thrown && typeof thrown.code === 'number') return thrown.code;
  return INNER in thrown ? codeOf(thrown[INNER]) : undefined;
};

/** Errors after which nothing was stored for certain. After all others an append may have landed: the answer was lost, not the request. */
const isBeforeEffect = (thrown: unknown): boolean => {
  const code = codeOf(thrown);
  return (
    thrown instanceof NotLeaderError ||
    thrown instanceof AccessDeniedError ||
    isDiscovery(thrown) ||
    code === CODES.permissionDenied ||
    code === CODES.unauthenticated ||
    code === CODES.unimplemented ||
    code === CODES.resourceExhausted
  );
};

/** The client found no node of its cluster. */
const isDiscovery = (thrown: unknown): boolean => /failed to discover/i.test(messageOf(thrown));

/**
 * Whether a new client has to be made: one that found no node of its cluster remembers that for ever, and one whose node says nothing stays
 * with it although the cluster may have another leader by now.
 */
export const isDeadEnd = (thrown: unknown): boolean => isDiscovery(thrown) || thrown instanceof Silence || thrown instanceof DeadlineExceededError;

/** What a call ended with. `mayHaveLanded` is true for appends. */
export const explain = (thrown: unknown, mayHaveLanded: boolean): StoreError => {
  const message = `EventStoreDB: ${messageOf(thrown) || (thrown as { readonly type?: string } | null)?.type || 'an error without a text'}`;
  if (thrown instanceof MaxAppendSizeExceededError) return invalid(`the append is larger than the ${thrown.maxAppendSize} bytes that this EventStoreDB takes (its MaxAppendSize)`);
  if (/invalid ?position/i.test(message)) return invalid('no event of the log stands at this position');
  if (thrown instanceof StreamDeletedError) return corrupt(-1, 'somebody deleted this stream in EventStoreDB (a tombstone)', thrown.streamName);
  if (thrown instanceof InvalidArgumentError || codeOf(thrown) === CODES.invalidArgument) return invalid(message);
  return unavailable(message, mayHaveLanded && !isBeforeEffect(thrown));
};
