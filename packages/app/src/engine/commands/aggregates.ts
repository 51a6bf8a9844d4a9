/** The domain's deciders under one type, so that one handler and one driver serve them all. */
import {
  accessPath,
  accessToken,
  backend,
  clientGroup,
  host,
  pool,
  reservation,
  snapshot,
  vipGroup,
  volume,
  webhook,
  type AccessPathState,
  type ClientGroupState,
  type CommandMeta,
  type Decider,
  type DomainCommand,
  type HostState,
  type Outcome,
  type PoolState,
  type Refusal,
  type Reply,
  type SnapshotState,
  type Tagged,
  type TokenState,
  type VipGroupState,
  type VolumeState,
  type WebhookState,
  type Work,
} from '@blockledger/domain';
import type { Either } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';

export type Kind = DomainCommand['to'];
export type OwedWork = Work<DomainCommand>;

/** A decider whose types are behind its codecs: what goes in was decoded by them, or came out of the same decider. */
export interface Aggregate {
  readonly kind: Kind;
  readonly foldVersion: number;
  readonly initial: unknown;
  readonly decodeCommand: (input: unknown) => Either<t.Errors, Tagged>;
  readonly decodeEvent: (input: unknown) => Either<t.Errors, Tagged>;
  readonly streamOf: (command: Tagged) => string;
  readonly decide: (state: unknown, command: Tagged, meta: CommandMeta, facts: unknown) => Either<Refusal, readonly Tagged[]>;
  readonly evolve: (state: unknown, event: Tagged) => unknown;
  readonly owed: (state: unknown) => readonly OwedWork[];
  readonly settle: (state: unknown, work: OwedWork, outcome: Outcome) => Tagged | undefined;
  readonly reply: (state: unknown, command: Tagged) => Reply;
  readonly answer: (state: unknown, operationId: string) => Refusal | 'pending' | 'accepted';
  /** The tenant of the resource, for the commands that its own work sends. */
  readonly tenantOf: (state: unknown) => string | undefined;
}

const erase = <S, C extends Tagged, E extends Tagged, F, R extends Refusal, Other extends DomainCommand>(
  kind: Kind,
  decider: Decider<S, C, E, F, R, Other>,
  tenantOf: (state: S) => string | undefined,
): Aggregate => ({
  kind,
  foldVersion: decider.foldVersion,
  initial: decider.initial,
  decodeCommand: (input) => decider.command.decode(input),
  decodeEvent: (input) => decider.event.decode(input),
  streamOf: (command) => decider.streamOf(command as C),
  decide: (state, command, meta, facts) => decider.decide(state as S, command as C, meta, facts as F),
  evolve: (state, event) => decider.evolve(state as S, event as E),
  owed: (state) => decider.owed(state as S),
  settle: (state, work, outcome) => decider.settle(state as S, work as Work<Other>, outcome),
  reply: (state, command) => decider.reply(state as S, command as C),
  answer: (state, operationId) => decider.answer(state as S, operationId),
  tenantOf: (state) => tenantOf(state as S),
});

export const aggregates: Readonly<Record<Kind, Aggregate>> = {
  volume: erase('volume', volume, (state: VolumeState) => state.volume?.tenant),
  snapshot: erase('snapshot', snapshot, (state: SnapshotState) => state.snapshot?.tenant),
  pool: erase('pool', pool, (state: PoolState) => state.pool?.tenant),
  backend: erase('backend', backend, () => undefined),
  token: erase('token', accessToken, (state: TokenState) => state.token?.tenant ?? undefined),
  webhook: erase('webhook', webhook, (state: WebhookState) => state.webhook?.tenant),
  host: erase('host', host, (state: HostState) => state.host?.tenant),
  clientGroup: erase('clientGroup', clientGroup, (state: ClientGroupState) => state.group?.tenant),
  accessPath: erase('accessPath', accessPath, (state: AccessPathState) => state.path?.tenant),
  vipGroup: erase('vipGroup', vipGroup, (state: VipGroupState) => state.group?.tenant),
  reservation: erase('reservation', reservation, () => undefined),
};

const KINDS: Readonly<Record<string, Kind>> = {
  volume: 'volume',
  snapshot: 'snapshot',
  pool: 'pool',
  backend: 'backend',
  token: 'token',
  webhook: 'webhook',
  host: 'host',
  clientGroup: 'clientGroup',
  accessPath: 'accessPath',
  vipGroup: 'vipGroup',
  name: 'reservation',
  serial: 'reservation',
  ids: 'reservation',
  capacity: 'reservation',
  space: 'reservation',
  address: 'reservation',
  vrid: 'reservation',
  vipPaths: 'reservation',
};

/** The kind of a stream by its prefix; undefined for the engine's own streams. */
export const kindOf = (stream: string): Kind | undefined => KINDS[stream.slice(0, stream.indexOf('-'))];

/** The id in a stream's name: `volume-<id>`. */
export const idOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
