/** `blockledger serve` as a process of its own. */
import { startProgram, type Program } from './program.ts';
import { SERVICE_TOKEN } from './serviceCalls.ts';

export * from './serviceCalls.ts';

/** What a service process is started with. */
export interface ServiceProcessOptions {
  readonly config: string;
  readonly store: string;
  /** Default: 0, a port that the system chooses. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface ServiceProcess extends Program {
  readonly url: string;
}

/** The command line of a service, for tests that expect it not to start. */
export const serveProgram = ({ config, store, port = 0, env }: ServiceProcessOptions): Program =>
  startProgram(['packages/app/src/cli/main.ts', 'serve', '--config', config, '--store', store, '--port', String(port)], {
    env: { BLOCKLEDGER_TOKEN: SERVICE_TOKEN, BLOCKLEDGER_LOG_LEVEL: 'warn', ...env },
  });

/** Starts a service and waits until it listens. */
export const startService = async (options: ServiceProcessOptions): Promise<ServiceProcess> => {
  const program = serveProgram(options);
  const [, url = ''] = await program.says(/listening on (\S+)/, 60_000);
  return { ...program, url };
};
