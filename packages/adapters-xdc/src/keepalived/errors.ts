/** What can be wrong, as port errors. */
import { permanent, type PortError, type ProcessResult, retryable } from '@blockledger/domain';

/** The instance is somebody else's; it was not touched. */
export const mismatch = (code: string, message: string): PortError => ({ _tag: 'Mismatch', code, message });

/** How a shell, or `timeout`, says that there is no such program, and that it may not be run. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

/** The last lines that a program wrote, without passwords; at most 400 characters. */
export const told = ({ stderr, stdout }: Pick<ProcessResult, 'stderr' | 'stdout'>): string =>
  `${stdout}\n${stderr}`
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.replace(/(auth_pass|auth(?:entication)?[ =]+)\s*\S+/gi, '$1 ***'))
    .slice(-6)
    .join('; ')
    .slice(0, 400);

/** The error of a program that ended with a code that means nothing better. */
export const failedRun = (what: string, host: string, result: ProcessResult): PortError => {
  const message = `${what} on host ${host}: exit code ${result.exitCode}${told(result) === '' ? '' : `, ${told(result)}`}`;
  if (result.exitCode === NOT_FOUND || result.exitCode === NOT_RUNNABLE) return permanent('ProgramMissing', message);
  if (/permission|not permitted/i.test(result.stderr)) return permanent('Denied', message);
  return retryable('Failed', message);
};

/** `keepalived -t` had something to say. Its warnings count: it drops what it does not understand and goes on without it. */
export const configRefused = (host: string, result: ProcessResult): PortError => {
  const interfaceMissing = /Non-existent interface|interface \S+ for vrrp_instance \S+ doesn't exist/.test(`${result.stdout}${result.stderr}`);
  if (result.exitCode === NOT_FOUND || result.exitCode === NOT_RUNNABLE) return failedRun('keepalived -t', host, result);
  return permanent(interfaceMissing ? 'InterfaceMissing' : 'ConfigRefused', `keepalived refuses the configuration on host ${host}: ${told(result)}; it was not loaded`);
};
