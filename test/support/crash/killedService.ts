/** A service over real gateways that is killed while it works, and started again, as often as asked. */
import { join } from 'node:path';
import type { Gateways } from '../gateways.ts';
import { startProgram, type Program } from '../program.ts';
import { sleep, type Body, type Reply } from '../serviceProcess.ts';
import { patientClient, type Client, type Up } from './client.ts';
import { seededRandom, sparingPath } from './crashRun.ts';

/** What is asked for, and by how many deaths it is interrupted. */
export interface Interrupted {
  readonly ask: readonly [method: string, path: string, body?: object];
  readonly kills: number;
  /** So long the service lives at most after it was asked, or was up again, in ms. */
  readonly longestLifeMs: number;
}

/** How it went. */
export interface Survived {
  readonly reply: Reply;
  readonly task: Body;
  /** Deaths that came before the end. */
  readonly kills: number;
  readonly tookMs: number;
}

/** The service. */
export interface KilledService {
  readonly client: Client;
  /** Asks, kills as often as there is still something to do, and waits for the end. */
  readonly survives: (interrupted: Interrupted) => Promise<Survived>;
  /** Asks, and kills nobody. */
  readonly done: (...ask: Interrupted['ask']) => Promise<Reply>;
  readonly stop: () => Promise<void>;
}

type Living = Program & Up;

const PROGRAM = 'test/support/crash/gatewayService.ts';

/** One life after the other. The next one waits with everything loaded, so that it is up at once when its turn comes; children of every other one outlive it. */
const makeLives = (gateways: Gateways) => {
  const sparing = sparingPath(gateways.dir);
  let count = 0;
  let living: Living | undefined;
  const prepare = (): Program => {
    count += 1;
    return startProgram([PROGRAM, JSON.stringify(gateways.place), join(gateways.dir, 'log.db')], { env: count % 2 === 1 ? {} : { PATH: sparing } });
  };
  let next = prepare();
  return {
    now: () => living,
    begin: async (): Promise<void> => {
      const program = next;
      await program.says(/ready/, 60_000);
      process.kill(program.pid, 'SIGUSR2');
      const [, url = ''] = await program.says(/listening on (\S+)/, 60_000);
      living = { ...program, url, sinceMs: Date.now() };
      next = prepare();
    },
    die: async (): Promise<void> => {
      const victim = living;
      living = undefined;
      await victim?.stop('SIGKILL');
    },
    stop: async (): Promise<void> => {
      await next.stop('SIGKILL');
      await living?.stop();
    },
  };
};

/** Starts it on a store of its own. */
export const startKilledService = async (gateways: Gateways, seed: number): Promise<KilledService> => {
  const random = seededRandom(seed);
  const lives = makeLives(gateways);
  const client = patientClient(lives.now);
  let asked = 0;
  const change = async ([method, path, body]: Interrupted['ask']): Promise<{ readonly reply: Reply; readonly task: Body }> => {
    asked += 1;
    const { reply, task } = await client.change(method, path, { key: `request ${asked}`, ...(body === undefined ? {} : { body }) });
    if (task?.status !== 'succeeded') throw new Error(`${method} ${path}: ${JSON.stringify(task ?? reply.json)}\n${lives.now()?.errors() ?? ''}`);
    return { reply, task };
  };
  await lives.begin();
  return {
    client,
    done: async (...ask) => (await change(ask)).reply,
    survives: async ({ ask, kills, longestLifeMs }) => {
      const from = Date.now();
      let isOver = false;
      const changing = change(ask).finally(() => {
        isOver = true;
      });
      changing.catch(() => undefined);
      let killed = 0;
      while (killed < kills) {
        for (const until = Date.now() + random() * longestLifeMs; !isOver && Date.now() < until; ) await sleep(10);
        if (isOver) break;
        await lives.die();
        killed += 1;
        await lives.begin();
      }
      return { ...(await changing), kills: killed, tookMs: Date.now() - from };
    },
    stop: lives.stop,
  };
};
