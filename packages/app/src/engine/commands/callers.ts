/** Answers callers: once per command id, with its recorded result; after the reservations, not after the backend. */
import { createHash } from 'node:crypto';
import { CommandId, DEFAULT_TENANT, type CommandMeta, type Refusal, type TimestampMs } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { stringify } from 'safe-stable-stringify';
import { OVER } from '../../system/over.ts';
import type { Answered } from '../../queries/actionRecords.ts';
import type { Kept, Keeping } from '../../queries/kept.ts';
import { isOfTenants } from '../../queries/kinds/index.ts';
import type { States } from '../../queries/states.ts';
import type { ResourceKindName, SubjectKindName } from '../../queries/views.ts';
import { aggregates, kindOf } from './aggregates.ts';
import { refusalOfStore, type CallerInput, type CommandHandler, type Executed } from './commandHandler.ts';
import { invalidOption } from './options.ts';
import type { RequestEnd } from '../watching/observer.ts';
import { traced, watched } from '../watching/observing.ts';
import type { Engine } from '../parts.ts';
import { refuseEngine } from '../refusals.ts';
import { commandOf, type Addressed, type RequestContext } from './requests/index.ts';
import type { PlaneRequest, RequestOptions } from '../requests.ts';
import { unknownPart } from './shapes.ts';
import { traceparentOf } from '../watching/traceContext.ts';

/** A request that was accepted and whose reservations were made. */
export interface Accepting<K extends SubjectKindName = ResourceKindName> {
  readonly commandId: CommandId;
  readonly addressed: Addressed<K>;
  readonly executed: Executed;
}

/** What a caller wants: what of it is recorded and compared with a repeat, and the command that says it. */
export interface Wish<K extends SubjectKindName = ResourceKindName> {
  readonly request: { readonly do: string; readonly [field: string]: unknown };
  readonly address: (context: RequestContext) => E.Either<Refusal, Addressed<K>>;
}

/** A request as data is a wish. */
export const wishOf = (request: PlaneRequest): Wish => ({ request, address: (context) => commandOf(request, context) });

export interface CallerParts {
  readonly engine: Pick<Engine, 'clock' | 'ids' | 'limits' | 'observing'>;
  readonly installationId: string;
  readonly states: States;
  readonly handler: CommandHandler;
  /** Told of each command that was answered, but not of repeats. */
  readonly noted: (answered: Answered) => void;
  readonly context: CallerContext;
}

/** What callers may see, and so name. */
export type CallerContext = Omit<RequestContext, 'commandId' | 'ids' | 'tenant'>;

/** Asking for changes. */
export interface Asks {
  readonly submit: (request: PlaneRequest, options: RequestOptions) => Promise<E.Either<Refusal, Accepting>>;
  /** The same for what is not a request as data. */
  readonly carry: <K extends SubjectKindName>(wish: Wish<K>, options: RequestOptions) => Promise<E.Either<Refusal, Accepting<K>>>;
  /** The id, the envelope and the addressed command of a wish, without sending it. */
  readonly address: <K extends SubjectKindName>(wish: Wish<K>, options: RequestOptions) => E.Either<Refusal, { readonly meta: CommandMeta; readonly addressed: Addressed<K> }>;
  /** For what must be made before the command: with these options it will have this id. */
  readonly named: (options: RequestOptions) => E.Either<Refusal, Named>;
}

/** A request's options, completed so that its command's envelope is known before the command is made. */
export interface Named {
  readonly options: RequestOptions;
  readonly commandId: CommandId;
  readonly meta: CommandMeta;
}

/** Asking with all in sight, or within what a context shows. */
export interface Callers extends Asks {
  /** Resolves when the reservations of an operation are made, or with the refusal of one. */
  readonly settled: (stream: string, operationId: string) => Promise<E.Either<Refusal, void>>;
  readonly within: (context: CallerContext) => Asks;
}

/** A request on its way, named and enveloped. */
interface Asking<K extends SubjectKindName> {
  readonly wish: Wish<K>;
  readonly options: RequestOptions;
  readonly meta: CommandMeta;
  readonly caller: Omit<CallerInput, 'request'>;
}

/** Where a request leads, and its envelope. */
interface AddressedBy<K extends SubjectKindName> {
  readonly addressed: E.Either<Refusal, Addressed<K>>;
  readonly meta: CommandMeta;
}

/** Who asks where nobody says so. */
const ANONYMOUS = 'embedder';

/** SHA-256 of the canonical JSON of what the caller gave: the order of keys does not count. */
const inputHashOf = (request: object, tenant: string): string =>
  createHash('sha256')
    .update(stringify({ request, tenant }) ?? '')
    .digest('hex');

/** How many callers' commands are known by id over all streams, beside what each stream remembers. */
const RECENT_COMMANDS = 100_000;

const makeRecent = (states: States) => {
  const hashes = new Map<string, string>();
  const keeps: Kept = {
    name: 'commands',
    take: () => [...hashes],
    put: (items) => {
      for (const [id, hash] of items as readonly (readonly [string, string])[]) hashes.set(id, hash);
    },
  };
  states.onChange(({ folded }) => {
    for (const { stored } of folded) {
      const { commandId, inputHash } = stored.meta;
      if (inputHash === undefined || hashes.has(commandId)) continue;
      hashes.set(commandId, inputHash);
      if (hashes.size <= RECENT_COMMANDS) continue;
      const oldest = hashes.keys().next();
      if (oldest.done !== true) hashes.delete(oldest.value);
    }
  });
  return { hashes, keeps };
};

const endOf = (answer: E.Either<Refusal, Accepting<SubjectKindName>>): RequestEnd => {
  if (E.isLeft(answer)) return { outcome: 'refused', refusal: answer.left };
  return { outcome: answer.right.executed.repeated ? 'repeated' : 'accepted' };
};

const reused = (commandId: string): Refusal =>
  refuseEngine('CommandIdReused', `command ${commandId} was sent with another input`, { value: commandId, operationId: commandId });

/** Make it before the log is replayed: it knows the commands of the log. */
export const makeCallers = ({ engine, installationId, states, handler, noted, context }: CallerParts): Callers & Keeping => {
  const { clock, ids, limits, observing } = engine;
  const { hashes: recent, keeps } = makeRecent(states);
  const running = new Map<string, { readonly hash: string; readonly answer: Promise<E.Either<Refusal, Accepting<SubjectKindName>>> }>();

  /** Waits until the reservations of an operation are made; a refusal of theirs is the caller's answer. */
  const settled = async (stream: string, operationId: string): Promise<E.Either<Refusal, void>> => {
    const kind = kindOf(stream);
    if (kind === undefined) return E.right(undefined);
    const { answer } = aggregates[kind];
    // Most have nothing to wait for, and are spared the timer.
    let patience: AbortController | undefined;
    let given: Promise<'late'> | undefined;
    try {
      for (;;) {
        const loaded = await states.load(stream);
        if (E.isLeft(loaded)) return E.left(refusalOfStore(loaded.left));
        const said = answer(loaded.right.state, operationId);
        if (said === 'accepted') return E.right(undefined);
        if (said !== 'pending') return E.left(said);
        if ((states.peek(stream)?.revision ?? -1) > loaded.right.revision) continue;
        // Still reserving: the task is on record and goes on, so late is not a refusal.
        patience ??= new AbortController();
        given ??= clock.sleep(limits.answerTimeoutMs, patience.signal).then(() => 'late' as const);
        if ((await Promise.race([states.changed(stream), given])) === 'late') return E.right(undefined);
      }
    } finally {
      patience?.abort(OVER);
    }
  };

  const answered = async (accepted: Executed, { resource }: Addressed<SubjectKindName>, operationId: string): Promise<E.Either<Refusal, void>> => {
    const own = await settled(accepted.stream, operationId);
    const stream = `${resource.kind}-${resource.id}`;
    // A snapshot is asked for at its volume and then has a stream of its own, which gets its number.
    return E.isLeft(own) || stream === accepted.stream ? own : settled(stream, operationId);
  };

  /** Names a command: ids that a confined caller gives are its tenant's own, so that none meets another tenant's. */
  const commandIdOf = ({ issuedBy = ANONYMOUS, idempotencyKey, commandId }: RequestOptions, tenant: string, confinedTo: string | null): E.Either<Refusal, CommandId> => {
    const derived = idempotencyKey === undefined ? ids.fresh() : ids.derive(installationId, JSON.stringify([tenant, issuedBy, idempotencyKey]));
    const given = commandId ?? derived;
    if (!CommandId.is(given)) return E.left(refuseEngine('InvalidCommand', 'commandId is not a lower-case UUID', { value: given }));
    return E.right(commandId === undefined || confinedTo === null ? given : (ids.derive(installationId, JSON.stringify(['command', tenant, given])) as CommandId));
  };

  const metaOf = (options: RequestOptions, confinedTo: string | null): E.Either<Refusal, CommandMeta> => {
    const tenant = confinedTo ?? options.tenant ?? DEFAULT_TENANT;
    const invalid = invalidOption({ ...options, tenant });
    if (invalid !== undefined) return E.left(invalid);
    const { issuedBy = ANONYMOUS, correlationId, traceparent } = options;
    const issuedAt = clock.nowMs() as TimestampMs;
    return E.map((commandId: CommandId): CommandMeta => ({ commandId, issuedAt, issuedBy, tenant, correlationId: correlationId ?? commandId, ...traced(traceparentOf(traceparent)) }))(
      commandIdOf(options, tenant, confinedTo),
    );
  };

  const within = (seen: CallerContext): Asks => {
    const { confinedTo } = seen;

    /** The envelope carries the tenant of the resource that a request is about, whoever asks. */
    const addressedBy = <K extends SubjectKindName>({ request, address }: Wish<K>, asked: CommandMeta, options: RequestOptions): AddressedBy<K> => {
      try {
        const unknown = unknownPart(request);
        if (unknown !== undefined) return { addressed: E.left(unknown), meta: asked };
        const addressed = address({ ...seen, ids, commandId: asked.commandId, tenant: confinedTo ?? options.tenant });
        const owner = E.isRight(addressed) ? addressed.right.tenant : undefined;
        return { addressed, meta: owner === undefined ? asked : { ...asked, tenant: owner } };
      } catch (thrown) {
        // Callers without types can give anything: a missing input is told to them like any other mistake.
        return { addressed: E.left(refuseEngine('InvalidCommand', thrown instanceof Error ? thrown.message : 'the request is not well formed')), meta: asked };
      }
    };

    /** Who may see the record: what somebody who sees all tenants was refused is nobody else's business. */
    const ownerOf = (addressed: E.Either<Refusal, Addressed<SubjectKindName>>, tenant: string, isRefused: boolean): string | null => {
      if (confinedTo !== null) return confinedTo;
      if (isRefused || E.isLeft(addressed)) return null;
      const { resource, tenant: owner = null } = addressed.right;
      return isOfTenants(resource.kind) ? tenant : owner;
    };

    const carryOut = async <K extends SubjectKindName>({ wish, options, meta: asked, caller }: Asking<K>): Promise<E.Either<Refusal, Accepting<K>>> => {
      const { addressed, meta } = addressedBy(wish, asked, options);
      const note = (answer: E.Either<Refusal, readonly string[]>): void =>
        noted({
          commandId: meta.commandId,
          issuedBy: meta.issuedBy,
          tenant: meta.tenant,
          owner: ownerOf(addressed, meta.tenant, E.isLeft(answer)),
          correlationId: meta.correlationId,
          clientAddress: options.clientAddress ?? null,
          action: wish.request.do,
          parameters: wish.request,
          resource: E.isRight(addressed) ? addressed.right.resource : null,
          related: E.isRight(addressed) ? (addressed.right.related ?? []) : [],
          startedAt: meta.issuedAt,
          finishedAt: clock.nowMs(),
          answer,
        });
      const execute = async (): Promise<E.Either<Refusal, Accepting<K>>> => {
        if (E.isLeft(addressed)) return addressed;
        const { to, command } = addressed.right;
        const executed = await handler.execute(to, command, meta, { ...caller, request: wish.request.do });
        if (E.isLeft(executed)) return executed;
        const answer = await answered(executed.right, addressed.right, meta.commandId);
        return E.isLeft(answer) ? answer : E.right({ commandId: meta.commandId, addressed: addressed.right, executed: executed.right });
      };
      const result = await execute();
      if (E.isLeft(result)) note(result);
      else if (!result.right.executed.repeated) note(E.right(result.right.executed.events.map(({ type }) => type)));
      return result;
    };

    const take = async <K extends SubjectKindName>(wish: Wish<K>, options: RequestOptions, meta: CommandMeta): Promise<E.Either<Refusal, Accepting<K>>> => {
      const { commandId, tenant } = meta;
      const hash = inputHashOf(wish.request, tenant);
      const first = running.get(commandId);
      // While the first runs, its repeat joins it (I-15).
      if (first !== undefined) {
        if (first.hash !== hash) return E.left(reused(commandId));
        // The same input is the same wish.
        const answer = (await first.answer) as E.Either<Refusal, Accepting<K>>;
        return E.map((accepting: Accepting<K>): Accepting<K> => ({ ...accepting, executed: { ...accepting.executed, repeated: true } }))(answer);
      }
      const known = recent.get(commandId);
      if (known !== undefined && known !== hash) return E.left(reused(commandId));
      const { expectedRevision } = options;
      const caller = { inputHash: hash, ...(expectedRevision === undefined ? {} : { expectedRevision }) };
      const answer = carryOut({ wish, options, meta, caller }).finally(() => running.delete(commandId));
      running.set(commandId, { hash, answer });
      return answer;
    };

    const carry = async <K extends SubjectKindName>(wish: Wish<K>, options: RequestOptions): Promise<E.Either<Refusal, Accepting<K>>> => {
      const meta = metaOf(options, confinedTo);
      if (E.isLeft(meta)) return meta;
      const { commandId, issuedBy, tenant, correlationId, traceparent } = meta.right;
      const watch = observing.request({ request: wish.request.do, commandId, issuedBy, tenant, correlationId, ...traced(traceparent) });
      return watched(watch, () => take(wish, options, { ...meta.right, ...traced(watch.traceparent) }), endOf);
    };

    const named: Asks['named'] = (options) => {
      const { commandId, idempotencyKey } = options;
      const fixed = commandId === undefined && idempotencyKey === undefined ? { ...options, commandId: ids.fresh() } : options;
      return E.map((meta: CommandMeta): Named => ({ options: fixed, commandId: meta.commandId, meta }))(metaOf(fixed, confinedTo));
    };

    return {
      carry,
      named,
      submit: (request, options) => carry(wishOf(request), options),
      address: <K extends SubjectKindName>(wish: Wish<K>, options: RequestOptions) => {
        const asked = metaOf(options, confinedTo);
        if (E.isLeft(asked)) return asked;
        const { addressed, meta } = addressedBy(wish, asked.right, options);
        return E.map((found: Addressed<K>) => ({ meta, addressed: found }))(addressed);
      },
    };
  };

  return { ...within(context), settled, within, keeps };
};
