/** Talks to a simulated array over its HTTPS, as any client does, and does what an example needs beforehand. */
import { Agent, request } from 'node:https';
import { startQsanArray, type QsanArray, type QsanArrayOptions } from '@blockledger/adapters-qsan/simulator';

/** What an array answered. */
export interface Said {
  readonly status: number;
  readonly body: unknown;
}

/** A body of which fields are looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/** How something is asked. */
export interface Asking {
  readonly body?: unknown;
  readonly token?: string;
  /** In the place of a body: a text that may be no JSON. */
  readonly text?: string;
}

const agent = new Agent({ keepAlive: true });

/** Asks an array. Rejects when the connection is cut. */
export const ask = ({ host, port, ca }: Pick<QsanArray, 'host' | 'port' | 'ca'>, method: string, path: string, { body, token, text }: Asking = {}): Promise<Said> =>
  new Promise((resolve, reject) => {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(sent === undefined ? {} : { 'content-length': Buffer.byteLength(sent) }) };
    const asked = request({ host, port, ca, agent, method, path, headers }, (response) => {
      let answered = '';
      response.setEncoding('utf8').on('data', (more: string) => (answered += more));
      response.on('error', reject).on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(answered) }));
    });
    asked.on('error', reject).end(sent);
  });

/** Logs in; the token. */
export const logIn = async (array: QsanArray): Promise<string> => {
  const { body } = await ask(array, 'POST', '/api/login', { body: { username: array.username, password: array.password } });
  return String((body as Fields)['token']);
};

/** An array for one test, and somebody who is logged in. */
export interface OnArray {
  readonly array: QsanArray;
  readonly token: string;
  /** Asks as it is said. */
  readonly ask: (method: string, path: string, asking?: Asking) => Promise<Said>;
  /** Logs in once more. */
  readonly relogin: () => Promise<string>;
  /** Asks with the token. */
  readonly say: (method: string, path: string, body?: unknown) => Promise<Said>;
}

/** Plays on an array of its own, which ends with the play. */
export const onArray = async (options: QsanArrayOptions, play: (stage: OnArray) => Promise<void>): Promise<void> => {
  const array = await startQsanArray(options);
  try {
    const token = await logIn(array);
    const asking: OnArray['ask'] = (method, path, how) => ask(array, method, path, how);
    await play({ array, token, ask: asking, relogin: () => logIn(array), say: (method, path, body) => asking(method, path, { body, token }) });
  } finally {
    await array.stop();
  }
};
