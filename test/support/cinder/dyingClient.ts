/** A client whose process dies at a moment of its choice. */
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient } from '@blockledger/app/client';

/** Where it dies: when so many operations were asked for; `after`: what it asked for last is done, and its answer is lost. */
export interface Death {
  readonly operations: number;
  readonly after: boolean;
}

/** What was asked for, and whether it has died of it. */
export interface Dying {
  readonly client: ApiClient;
  readonly asked: readonly string[];
  readonly isDead: () => boolean;
}

type Call = (given?: unknown) => Promise<E.Either<unknown, unknown>>;

const LOST = E.left({ _tag: 'Unreachable', message: 'this process has died' });

/** A client that answers until it dies, and nothing afterwards. */
export const dyingClient = (client: ApiClient, death: Death): Dying => {
  const asked: string[] = [];
  const isDead = (): boolean => asked.length > death.operations;
  const answer =
    (name: string, call: Call): Call =>
    async (given) => {
      asked.push(name);
      if (asked.length - 1 > death.operations || (isDead() && !death.after)) return LOST;
      const answered = await call(given);
      return isDead() ? LOST : answered;
    };
  const dying = new Proxy(client, { get: (target, name: string) => answer(name, target[name as keyof ApiClient] as unknown as Call) });
  return { client: dying, asked, isDead };
};

/** One that lives, and keeps what it was asked for. */
export const recordingClient = (client: ApiClient): Dying => dyingClient(client, { operations: Number.POSITIVE_INFINITY, after: false });
