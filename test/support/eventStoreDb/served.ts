/** The double in a process of its own. */
import { startProgram, type Program } from '../program.ts';

export interface ServedDouble {
  readonly connectionString: string;
  readonly program: Program;
}

/** Starts it and waits until it listens. It ends with this process at the latest. */
export const serveEventStoreDb = async (...args: readonly string[]): Promise<ServedDouble> => {
  const program = startProgram(['test/support/eventStoreDb/serve.ts', ...args]);
  const [line] = await program.says(/^\{.*\}$/m, 60_000);
  const { connectionString } = JSON.parse(line) as { readonly connectionString: string };
  return { connectionString, program };
};
