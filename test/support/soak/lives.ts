/** One life of a service after the other, each ended by SIGKILL. The next one waits with everything loaded, so that it is up at once. */
import type { QsanArray } from '@blockledger/adapters-qsan/simulator';
import type { Up } from '../crash/client.ts';
import { startProgram, type Program } from '../program.ts';

export interface Lives {
  readonly up: () => Up | undefined;
  readonly begin: () => Promise<void>;
  readonly kill: () => Promise<void>;
  /** The last life ends as an operator ends it. */
  readonly stop: () => Promise<void>;
  /** What services said of what went wrong inside. */
  readonly errors: () => string;
}

const PATIENCE_MS = 120_000;

export const livesOn = ({ url, ca, username, password }: QsanArray, store: string): Lives => {
  const env = { SOAK_URL: url, SOAK_CA: ca, SOAK_USER: username, SOAK_PASSWORD: password };
  const prepare = (): Program => startProgram(['test/support/soak/service.ts', store], { env });
  let next: Program | undefined = prepare();
  let living: { readonly program: Program; readonly up: Up } | undefined;
  let said = '';
  const ended = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const victim = living?.program;
    living = undefined;
    await victim?.stop(signal);
    said += victim?.errors() ?? '';
  };
  return {
    up: () => living?.up,
    begin: async () => {
      const program = next ?? prepare();
      await program.says(/ready/, PATIENCE_MS);
      process.kill(program.pid, 'SIGUSR2');
      const [, url = ''] = await program.says(/listening on (\S+)/, PATIENCE_MS);
      living = { program, up: { url, sinceMs: Date.now() } };
      next = prepare();
    },
    kill: () => ended('SIGKILL'),
    stop: async () => {
      await next?.stop('SIGKILL');
      next = undefined;
      await ended('SIGTERM');
    },
    errors: () => said,
  };
};
