/** The client, made again where it is of no more use, and the one way in which it is called. */
import { EventStoreDBClient, type Credentials } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '@blockledger/domain';
import { closed, invalid } from '../errors.ts';
import { messageOf } from '../../system/thrown.ts';
import { explain, isDeadEnd } from './errors.ts';
import { within } from './silence.ts';

/** What each call is made with. */
export interface Call {
  readonly client: EventStoreDBClient;
  /**
   * Given to every call. With them the client takes the plain append, one call each; without, a stream of appends that all clients of the
   * process share, in which an error of one is the error of all, and which waits for ever where the server says nothing. Absent where a
   * certificate says who we are.
   */
  readonly credentials?: Credentials;
}

/** One connection string's clients, one at a time. */
export interface Connection {
  /** Calls; what is thrown becomes a `StoreError`. `mayHaveLanded`: the call is an append. */
  readonly call: <A>(run: (call: Call) => Promise<A>, mayHaveLanded?: boolean) => Promise<E.Either<StoreError, A>>;
  /** Ends what the client has open. Calls after it are answered with `Unavailable`. */
  readonly close: () => Promise<void>;
}

/** How long closing waits for the client. */
const LAST_WORDS_MS = 2_000;

/** In insecure mode the client leaves credentials out, but they still decide how it appends. */
const NOBODY: Credentials = { username: 'nobody', password: 'nothing' };

/** As the client takes it, but for a colon within the password, which it drops with what follows. */
const USER_INFO = /^[^:]+:\/\/([^:]+):([^@]+)@/;

const credentialsOf = (connectionString: string): Credentials | undefined => {
  const [, username, password] = USER_INFO.exec(connectionString) ?? [];
  return username === undefined || password === undefined ? undefined : { username: decodeURIComponent(username), password: decodeURIComponent(password) };
};

/** The client quotes what it did not expect, which may be a part of the password. */
const unquoted = (message: string): string => message.replace(/".*"/s, 'text');

/** A user known by a certificate sends no credentials: the client is told instead that the server has no stream of appends. */
const appendsPlainly = (client: EventStoreDBClient): EventStoreDBClient => Object.assign(client, { supports: () => Promise.resolve(false) });

/** How clients of a connection string are made, and the first of them. Throws what the client throws. */
const clientsOf = (connectionString: string) => {
  const given = credentialsOf(connectionString);
  const isByCertificate = given === undefined && /[?&]userCertFile=/i.test(connectionString);
  const make = (): EventStoreDBClient => {
    const client = EventStoreDBClient.connectionString(connectionString);
    return isByCertificate ? appendsPlainly(client) : client;
  };
  return { make, first: make(), credentials: isByCertificate ? {} : { credentials: given ?? NOBODY } };
};

/** Makes the connection; nothing is sent yet. `Invalid` for a connection string that cannot be, without its password. */
export const connect = (connectionString: string): E.Either<StoreError, Connection> => {
  const made = E.tryCatch(
    () => clientsOf(connectionString),
    (thrown) => invalid(`the connection string of EventStoreDB: ${unquoted(messageOf(thrown))}`),
  );
  if (E.isLeft(made)) return made;
  const { make, credentials } = made.right;

  let client = made.right.first;
  let isClosed = false;
  const renew = (broken: EventStoreDBClient): void => {
    if (broken !== client || isClosed) return;
    const next = E.tryCatch(make, messageOf);
    // A certificate may just be written anew: the next call that fails tries again.
    if (E.isLeft(next)) return;
    client = next.right;
    void broken.dispose().catch(() => undefined);
  };

  return E.right({
    call: async (run, mayHaveLanded = false) => {
      if (isClosed) return E.left(closed);
      const used = client;
      try {
        return E.right(await run({ client: used, ...credentials }));
      } catch (thrown) {
        if (isDeadEnd(thrown)) renew(used);
        return E.left(isClosed && !mayHaveLanded ? closed : explain(thrown, mayHaveLanded));
      }
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      // The client waits for ever for a stream that its server has half closed.
      await within(LAST_WORDS_MS, 'closing', client.dispose()).catch(() => undefined);
    },
  });
};
