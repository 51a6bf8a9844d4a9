/** A simulated array as a program, for people who have none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommanderError } from 'commander';
import { startQsanArray, type QsanArray } from './array.ts';
import { simulatorProgram, type SimulatorAsked } from './commandLine.ts';

/** As `blockledger` ends. */
const WRONG_USAGE = 64;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const GIB = 2 ** 30;

const inGib = (bytes: number): string => `${Math.round((bytes / GIB) * 100) / 100} GiB`;

/** As JavaScript takes it. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** As a shell takes it. */
const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const introduction = ({ url, username, password, state }: QsanArray, { file, caFile }: { readonly file: string | undefined; readonly caFile: string }): string => `Simulated QSAN array at ${url}

  API       ${url}/api
  CA file   ${caFile}
  user      ${username}
  password  ${password}
  pools     ${state().pools.map(({ name, totalBytes }) => `${name} (${inGib(totalBytes)})`).join(', ')}

Is it there?
  curl --cacert ${shellQuoted(caFile)} ${url}/api/login -d ${shellQuoted(JSON.stringify({ username, password }))}

Point Blockledger at it, in blockledger.config.js
  const { volumes, targets } = qsanArray({
    url: ${quoted(url)},
    ca: readFileSync(${quoted(caFile)}, 'utf8'),
    username: ${quoted(username)},
    password: passwordFromEnvironment('QSAN_PASSWORD'),
  });
and start it with
  QSAN_PASSWORD=${shellQuoted(password)}

It keeps ${file === undefined ? 'nothing' : `what it holds in ${file}`}. Ctrl-C ends it.
`;

/** A folder for the certificate, which goes when this process does. */
const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-qsan-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const run = async ({ array: options, caFile }: SimulatorAsked): Promise<void> => {
  const array = await startQsanArray(options);
  // A second signal, as from a terminal and from a parent at once, must not end it before it has tidied up.
  for (const signal of SIGNALS) process.on(signal, () => void array.stop());
  const file = caFile === undefined ? join(temporaryFolder(), 'ca.pem') : resolve(caFile);
  try {
    writeFileSync(file, array.ca);
  } catch (thrown) {
    await array.stop();
    throw thrown;
  }
  process.stdout.write(introduction(array, { file: options.file, caFile: file }));
};

try {
  await simulatorProgram(run)
    .exitOverride()
    .parseAsync();
} catch (thrown) {
  // Commander has said what is wrong with the command line; asking for help is nothing wrong.
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? 0 : WRONG_USAGE;
  else {
    process.stderr.write(`blockledger-qsan-simulator: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exitCode = 1;
  }
}
