/** A service over real gateways that dies while it works, and is started again, as often as asked. */
import { join } from 'node:path';
import type { Gateways } from '../gateways.ts';
import { startProgram, type Program } from '../program.ts';
import type { Body, Reply } from '../serviceProcess.ts';
import { patientClient, type Client, type Up } from './client.ts';
import { seededRandom, sparingPath } from './crashRun.ts';
import { judgeWith } from './doom.ts';

/** What is asked for, and by how many deaths it is interrupted. */
export interface Interrupted {
  readonly ask: readonly [method: string, path: string, body?: object];
  readonly deaths: number;
  /** Each life ends with one of so many of its steps: events that are written, and calls that change something. Of fewer than the whole takes, so that the first one ends before it. */
  readonly within: number;
}

/** How it went. */
export interface Survived {
  readonly reply: Reply;
  readonly task: Body;
  /** In what it died before the end, each time. */
  readonly deaths: readonly string[];
  readonly tookMs: number;
}

/** The service. */
export interface KilledService {
  readonly client: Client;
  /** Asks, dies as often as there is still something to do, and waits for the end. */
  readonly survives: (interrupted: Interrupted) => Promise<Survived>;
  /** Asks, and nobody dies. */
  readonly done: (...ask: Interrupted['ask']) => Promise<Reply>;
  readonly stop: () => Promise<void>;
}

type Living = Program & { readonly up: Up | undefined };

const sentenceIn = ({ dir }: Gateways): string => join(dir, 'sentence');
const PROGRAM = 'test/support/crash/gatewayService.ts';

/** One life after the other. The next one waits with everything loaded, so that it is up at once when its turn comes; children of every other one outlive it. */
const makeLives = (gateways: Gateways) => {
  const sparing = sparingPath(gateways.dir);
  let count = 0;
  let living: Living | undefined;
  const prepare = (): Program => {
    count += 1;
    return startProgram([PROGRAM, JSON.stringify(gateways.place), join(gateways.dir, 'log.db'), sentenceIn(gateways)], { env: count % 2 === 1 ? {} : { PATH: sparing } });
  };
  let next = prepare();
  return {
    errors: (): string => living?.errors() ?? '',
    up: () => living?.up,
    begin: async (): Promise<void> => {
      const program = next;
      await program.says(/ready/, 60_000);
      process.kill(program.pid, 'SIGUSR2');
      // Who does what was left over may die before anybody can ask.
      const [, url] = await program.says(/listening on (\S+)|dies /, 60_000);
      living = { ...program, up: url === undefined ? undefined : { url, sinceMs: Date.now() } };
      next = prepare();
    },
    ended: (): Promise<unknown> => living?.ended ?? Promise.resolve(),
    /** It is dying: in what. */
    dead: async (): Promise<string> => {
      const victim = living;
      living = undefined;
      const [, where] = (await victim?.says(/dies (.+)/)) ?? [];
      await victim?.ended;
      return where ?? '';
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
  const judge = judgeWith(sentenceIn(gateways));
  const client = patientClient(lives.up);
  let asked = 0;
  const change = async ([method, path, body]: Interrupted['ask']): Promise<{ readonly reply: Reply; readonly task: Body }> => {
    asked += 1;
    const { reply, task } = await client.change(method, path, { key: `request ${asked}`, ...(body === undefined ? {} : { body }) });
    if (task?.status !== 'succeeded') throw new Error(`${method} ${path}: ${JSON.stringify(task ?? reply.json)}\n${lives.errors()}`);
    return { reply, task };
  };
  await lives.begin();
  return {
    client,
    done: async (...ask) => (await change(ask)).reply,
    survives: async ({ ask, deaths: most, within }) => {
      const from = Date.now();
      const pronounce = (begun: boolean): void => judge.pronounce({ steps: 1 + Math.floor(random() * within), at: random(), begun });
      pronounce(false);
      let isOver = false;
      const over = (): void => {
        isOver = true;
      };
      const changing = change(ask);
      const done = changing.then(over, over);
      const deaths: string[] = [];
      while (deaths.length < most) {
        await Promise.race([done, lives.ended()]);
        if (isOver && judge.lift()) break;
        deaths.push(await lives.dead());
        if (deaths.length < most) pronounce(true);
        await lives.begin();
      }
      return { ...(await changing), deaths, tookMs: Date.now() - from };
    },
    stop: lives.stop,
  };
};
