/** Sends the commands that work consists of, and the commands that tell its owner how it ended. Their ids derive from the work. */
import { DEFAULT_TENANT, mayPass, type CommandId, type CommandMeta, type DomainCommand, type Outcome, type Refusal, type Reply, type Tagged, type Tell, type TimestampMs } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { isOfTenants } from '../../queries/kinds/index.ts';
import type { States } from '../../queries/states.ts';
import { aggregates, kindOf, type OwedWork } from '../commands/aggregates.ts';
import { isStoreTrouble, refusalOfStore, type CommandHandler, type Executed } from '../commands/commandHandler.ts';
import type { Chain } from '../watching/observer.ts';
import type { Leases } from '../leases/leases.ts';
import type { Engine } from '../parts.ts';

/** Work and how it ended. */
export interface EndedWork {
  readonly stream: string;
  readonly work: OwedWork;
  readonly outcome: Outcome;
  readonly chain: Chain;
  /** Told apart from others of its kind by this. */
  readonly once?: string;
}

export interface Teller {
  /** Tells others; Left where it must be told again: the store did not answer, or a refusal may pass by itself. */
  readonly tell: (stream: string, work: Tell<DomainCommand>, chain: Chain) => Promise<E.Either<Refusal, Outcome>>;
  /** Tells the owner how its work ended; undefined where the owner has nothing to say. */
  readonly settle: (ended: EndedWork) => Promise<E.Either<Refusal, Executed | undefined>>;
}

export interface TellerParts {
  readonly engine: Pick<Engine, 'clock' | 'ids'>;
  readonly states: States;
  readonly handler: CommandHandler;
  readonly leases: Pick<Leases, 'keeps'>;
}

export const makeTeller = ({ engine, states, handler, leases }: TellerParts): Teller => {
  const { clock, ids } = engine;

  const tenantOf = (stream: string): string => {
    const entry = states.peek(stream);
    return (entry?.state === undefined ? undefined : aggregates[entry.kind].tenantOf(entry.state)) ?? DEFAULT_TENANT;
  };

  /** The stream is part of the name: one operation may owe work of the same name in several streams. */
  const meta = (stream: string, work: OwedWork, chain: Chain, name: string): CommandMeta => ({
    commandId: ids.derive(work.operationId, `${stream}/${work.workId}/${name}`) as CommandId,
    issuedAt: clock.nowMs() as TimestampMs,
    issuedBy: 'driver',
    tenant: tenantOf(stream),
    ...chain,
  });

  /**
   * What everybody's host says to a tenant's resource belongs to that tenant, and begins a chain of its own: the words of whoever asked for
   * something at the host are not for its other users (I-12).
   */
  const asTold = (stream: string, asked: CommandMeta, { to, command }: DomainCommand): CommandMeta => {
    const from = kindOf(stream);
    if (!isOfTenants(to) || (from !== undefined && isOfTenants(from))) return asked;
    const { traceparent: _others, ...own } = asked;
    return { ...own, tenant: tenantOf(aggregates[to].streamOf(command)), correlationId: own.commandId };
  };

  return {
    tell: async (stream, work, chain) => {
      const mayAppend = (): boolean => leases.keeps(stream);
      const send = (each: DomainCommand, index: number) => handler.execute(each.to, each.command, asTold(stream, meta(stream, work, chain, String(index)), each), { mayAppend });
      const all = work.together ? await Promise.all(work.commands.map(send)) : [];
      const replies: Reply[] = [];
      let again: Refusal | undefined;
      for (const [index, each] of work.commands.entries()) {
        const executed = all[index] ?? (await send(each, index));
        if (E.isRight(executed)) {
          replies.push(executed.right.reply);
          continue;
        }
        const { left: refusal } = executed;
        if (!isStoreTrouble(refusal) && !mayPass(refusal)) return E.right({ _tag: 'Refused', refusal });
        again ??= refusal;
        // Of those that were told together another one may have been refused for good; one by one, the rest waits.
        if (!work.together) break;
      }
      return again === undefined ? E.right({ _tag: 'Told', replies }) : E.left(again);
    },
    settle: async ({ stream, work, outcome, chain, once }) => {
      const kind = kindOf(stream);
      const loaded = await states.load(stream);
      if (E.isLeft(loaded)) return E.left(refusalOfStore(loaded.left));
      if (kind === undefined) return E.right(undefined);
      const command: Tagged | undefined = aggregates[kind].settle(loaded.right.state, work, outcome);
      if (command === undefined) return E.right(undefined);
      return handler.execute(kind, command, meta(stream, work, chain, once ?? outcome._tag), { mayAppend: () => leases.keeps(stream) });
    },
  };
};
