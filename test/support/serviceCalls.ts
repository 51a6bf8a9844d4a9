/** What a service process is asked over the network, and its token. */

export const SERVICE_TOKEN = 'a-token-for-tests';

export interface Reply {
  readonly status: number;
  readonly location: string | null;
  readonly json: Readonly<Record<string, unknown>>;
}

/** A resource as a reply holds it. */
export interface Body {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly status: string;
  readonly size: number;
  readonly [field: string]: unknown;
}

/** Asks a service over the network. Rejects when it is not there. */
export const call = async (url: string, method: string, path: string, { body, key }: { readonly body?: unknown; readonly key?: string } = {}): Promise<Reply> => {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      'xms-auth-token': SERVICE_TOKEN,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  return { status: response.status, location: response.headers.get('location'), json: (await response.json()) as Reply['json'] };
};

const ENDED = new Set(['succeeded', 'failed', 'cancelled', 'refused']);
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a task has ended, by its address. */
export const taskEnd = async (url: string, location: string, timeoutMs = 120_000): Promise<Body> => {
  for (const until = Date.now() + timeoutMs; Date.now() < until; await sleep(50)) {
    const { json } = await call(url, 'GET', location.slice('/api/v1'.length));
    const task = json['task'] as Body;
    if (ENDED.has(task.status)) return task;
  }
  throw new Error(`${location} did not end in ${timeoutMs} ms`);
};
