/** Sends the commands that work consists of, and the commands that tell its owner how it ended. Their ids derive from the work. */
import { DEFAULT_TENANT, mayPass, type CommandId, type CommandMeta, type DomainCommand, type Outcome, type Refusal, type Reply, type Tagged, type Tell, type TimestampMs } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import type { TaskRecords } from '../../queries/taskRecords.ts';
import { aggregates, kindOf, type OwedWork } from '../aggregates.ts';
import { isStoreTrouble, refusalOfStore, type CommandHandler, type Executed } from '../commandHandler.ts';
import type { Engine } from '../parts.ts';

export interface Teller {
  /** Tells others; Left where it must be told again: the store did not answer, or a refusal may pass by itself. */
  readonly tell: (stream: string, work: Tell<DomainCommand>) => Promise<E.Either<Refusal, Outcome>>;
  /** Tells the owner how its work ended; undefined where the owner has nothing to say. */
  readonly settle: (stream: string, work: OwedWork, outcome: Outcome) => Promise<E.Either<Refusal, Executed | undefined>>;
}

export interface TellerParts {
  readonly engine: Pick<Engine, 'clock' | 'ids'>;
  readonly states: States;
  readonly handler: CommandHandler;
  readonly tasks: Pick<TaskRecords, 'get'>;
}

export const makeTeller = ({ engine, states, handler, tasks }: TellerParts): Teller => {
  const { clock, ids } = engine;

  /** The stream is part of the name: one operation may owe work of the same name in several streams. */
  const meta = (stream: string, work: OwedWork, name: string, tenant: string): CommandMeta => ({
    commandId: ids.derive(work.operationId, `${stream}/${work.workId}/${name}`) as CommandId,
    issuedAt: clock.nowMs() as TimestampMs,
    issuedBy: 'driver',
    tenant,
    // What nobody asked for, such as emptying the trash, begins a chain of its own.
    correlationId: tasks.get(work.operationId)?.correlationId ?? work.operationId,
  });

  const tenantOf = (stream: string): string => {
    const entry = states.peek(stream);
    return (entry?.state === undefined ? undefined : aggregates[entry.kind].tenantOf(entry.state)) ?? DEFAULT_TENANT;
  };

  return {
    tell: async (stream, work) => {
      const tenant = tenantOf(stream);
      const send = ({ to, command }: DomainCommand, index: number) => handler.execute(to, command, meta(stream, work, String(index), tenant));
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
    settle: async (stream, work, outcome) => {
      const kind = kindOf(stream);
      const loaded = await states.load(stream);
      if (E.isLeft(loaded)) return E.left(refusalOfStore(loaded.left));
      if (kind === undefined) return E.right(undefined);
      const command: Tagged | undefined = aggregates[kind].settle(loaded.right.state, work, outcome);
      if (command === undefined) return E.right(undefined);
      return handler.execute(kind, command, meta(stream, work, outcome._tag, tenantOf(stream)));
    },
  };
};
