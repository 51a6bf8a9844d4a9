/** Which version of EventStoreDB answers. Only for whoever wants to tell it: nothing here depends on it. */
import * as E from 'fp-ts/lib/Either.js';
import { connect } from './connection.ts';
import { within } from './silence.ts';

/** How long the server may take to say it. The client itself would wait for ever. */
const PATIENCE_MS = 5_000;

/** What the client knows of its server; it keeps this from its users. */
interface Knowing {
  readonly capabilities?: Promise<{ readonly serverVersion?: unknown }>;
}

/** The version, such as `24.10.0`; `unknown` for a server that does not say it, or does not answer. */
export const serverVersion = async (connectionString: string): Promise<string> => {
  const connection = connect(connectionString);
  if (E.isLeft(connection)) return 'unknown';
  const said = await connection.right.call(async ({ client }) => {
    const known = (client as unknown as Knowing).capabilities;
    return known === undefined ? undefined : (await within(PATIENCE_MS, 'the version of the server', known)).serverVersion;
  });
  await connection.right.close();
  return E.isRight(said) && typeof said.right === 'string' && said.right !== '' ? said.right : 'unknown';
};
