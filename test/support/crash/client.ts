/** A client that is not put off: it repeats a request with its key until it is answered, whoever answers. */
import { call, sleep, type Body, type Reply } from '../serviceProcess.ts';

const PAUSE_MS = 50;
/** Patience begins anew with each service: on a busy machine lives that are cut after seconds may bring nothing to its end. */
const PATIENCE_MS = 180_000;
const ENDED = new Set(['succeeded', 'failed', 'cancelled', 'refused']);

export interface Client {
  /** Asks until there is an answer. */
  readonly ask: (method: string, path: string, asking?: { readonly body?: unknown; readonly key?: string }) => Promise<Reply>;
  /** Asks for a change and waits until its task has ended; undefined where it was refused. */
  readonly change: (method: string, path: string, asking: { readonly body?: unknown; readonly key: string }) => Promise<{ readonly reply: Reply; readonly task: Body | undefined }>;
  /** Everything of a list. */
  readonly all: (kind: string, query?: string) => Promise<readonly Body[]>;
}

/** The service that is up now. */
export interface Up {
  readonly url: string;
  readonly sinceMs: number;
}

/** `upNow` says where the service is; undefined while it is down. */
export const patientClient = (upNow: () => Up | undefined): Client => {
  const patience = (): (() => boolean) => {
    const beganMs = Date.now();
    return () => Date.now() < Math.max(beganMs, upNow()?.sinceMs ?? Date.now()) + PATIENCE_MS;
  };
  const ask: Client['ask'] = async (method, path, asking = {}) => {
    let last: unknown;
    for (const lasts = patience(); lasts(); await sleep(PAUSE_MS)) {
      const up = upNow();
      if (up === undefined) continue;
      try {
        const reply = await call(up.url, method, path, asking);
        if (reply.status !== 503) return reply;
        last = reply.json;
      } catch (thrown) {
        last = thrown;
      }
    }
    throw new Error(`${method} ${path} was not answered in ${PATIENCE_MS} ms: ${JSON.stringify(last)}`);
  };
  return {
    ask,
    change: async (method, path, asking) => {
      const reply = await ask(method, path, asking);
      if (reply.status >= 400 || reply.location === null) return { reply, task: undefined };
      const task = reply.json['task'] as Body;
      for (const lasts = patience(); lasts(); await sleep(PAUSE_MS)) {
        const now = (await ask('GET', `/tasks/${task.uuid}`)).json['task'] as Body;
        if (ENDED.has(now.status)) return { reply, task: now };
      }
      throw new Error(`task ${task.uuid} of ${method} ${path} did not end in ${PATIENCE_MS} ms`);
    },
    all: async (kind, query = '') => (await ask('GET', `/${kind}?limit=-1${query}`)).json[kind.replaceAll('-', '_')] as readonly Body[],
  };
};

/** A young cluster does not know its own size for some seconds. */
export const untilCounted = async (client: Client): Promise<void> => {
  for (let tries = 0; tries < 300; tries += 1) {
    const pool = (await client.ask('GET', '/pools/1?stats=true')).json['pool'] as { readonly stats: object | null };
    if (pool.stats !== null) return;
    await sleep(200);
  }
  throw new Error('the cluster never told its size');
};
