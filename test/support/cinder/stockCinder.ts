/** The volume manager of the Cinder that is installed, with the driver of examples/cinder-driver in its cinder.conf. One call at a time. */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { repositoryRoot } from '../files.ts';
import type { RealPart } from '../real.ts';

/** Debian's Python: other ones do not know its packages. */
const PYTHON = '/usr/bin/python3';

/** A Cinder as Debian packs it. */
export const stockCinder: RealPart = { what: 'Cinder', packages: ['python3-cinder'], present: () => existsSync(PYTHON) && existsSync('/usr/lib/python3/dist-packages/cinder/volume/manager.py') };

/** What Cinder's database says of a volume. */
export interface StockVolume {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly size: number;
  readonly provider_location: string | null;
}

/** What a call came to, and the volume after it; null for one that is gone. */
export interface StockAnswer {
  readonly returned?: unknown;
  readonly raised?: string;
  readonly message?: string;
  readonly volume: StockVolume | null;
}

/** A volume manager that runs. */
export interface StockCinder {
  readonly started: { readonly initialized: boolean; readonly driver: string; readonly version: string };
  readonly call: (name: string, more?: object) => Promise<StockAnswer>;
  readonly stop: () => Promise<number | null>;
}

const confFor = (folder: string, socket: string): string => `[DEFAULT]
host = stock
state_path = ${folder}/state
transport_url = fake:///
enabled_backends = blockledger
[database]
connection = sqlite:///${folder}/cinder.db
[oslo_concurrency]
lock_path = ${folder}/lock
[coordination]
backend_url = file://${folder}/coordination
[blockledger]
volume_driver = blockledger_driver.BlockledgerDriver
volume_backend_name = blockledger
blockledger_bridge = unix:${socket}
blockledger_bridge_token_file = ${folder}/token
blockledger_bridge_timeout = 60
blockledger_bridge_patience = 5
`;

/** Starts it over a bridge, with its files in a folder. */
export const startStockCinder = async ({ folder, socket, token }: { readonly folder: string; readonly socket: string; readonly token: string }): Promise<StockCinder> => {
  const conf = join(folder, 'cinder.conf');
  writeFileSync(conf, confFor(folder, socket));
  writeFileSync(join(folder, 'token'), `${token}\n`, { mode: 0o600 });
  const child = spawn(PYTHON, ['-I', join(repositoryRoot, 'test/support/cinder/stock_service.py'), conf, join(repositoryRoot, 'examples/cinder-driver')], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = `${complaints}${chunk.toString()}`.slice(-20_000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
  const next = async <A>(): Promise<A> => {
    const line: IteratorResult<string, unknown> = await lines.next();
    if (line.done === true) throw new Error(`Cinder ended: ${complaints}`);
    return JSON.parse(line.value) as A;
  };
  return {
    started: await next<StockCinder['started']>(),
    call: (name, more = {}) => {
      child.stdin.write(`${JSON.stringify({ call: name, ...more })}\n`);
      return next<StockAnswer>();
    },
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
};
