/** A gateway host: where programs run, one after the other. */
import type { Finding, PortError, ProcessRunner } from '@blockledger/domain';

/** A gateway host as adapters use it. Several adapters may share one. */
export interface Host {
  /** By this name places know it (`HostPlace.host`). */
  readonly name: string;
  /**
   * Runs a program there without a shell; calls wait for each other. An error with the code `HostUnreachable` says that the host itself did
   * not answer. Everything that stands in `argv` and `env` can be read by everybody on the host: a secret goes in by `stdin`.
   */
  readonly run: ProcessRunner;
  /** The same at once, beside what runs: for a program that only listens, and for long. */
  readonly aside: ProcessRunner;
  /** For so long after a call was cut off, its effect may still land, in ms. */
  readonly lateEffectsMs: number;
  /** Says what is wrong on this machine with the way to the host: keys, known hosts. It asks nobody. */
  readonly diagnose?: () => readonly Finding[];
  /** Ends what is still running and gives up the connection. Programs that serve on their own go on. */
  readonly close: () => Promise<void>;
}

/** The code of the error of a host that does not answer. */
export const HOST_UNREACHABLE = 'HostUnreachable';

/** The host did not answer. `outcomeUnknown`: it may have begun what was asked all the same. */
export const unreachable = (host: string, why: string, outcomeUnknown: boolean): PortError => ({
  _tag: 'Retryable',
  code: HOST_UNREACHABLE,
  message: `host ${host} cannot be reached: ${why}`,
  outcomeUnknown,
});

/**
 * Whether an error says that a host did not answer.
 *
 * @example
 * import { isUnreachable } from '@blockledger/adapters-xdc';
 * isUnreachable({ _tag: 'Permanent', code: 'ProgramMissing', message: 'tgtadm is not installed' }); // => false
 */
export const isUnreachable = ({ code }: PortError): boolean => code === HOST_UNREACHABLE;

/** Names stand in paths on the host. */
const NAME = /^[A-Za-z0-9][\w.-]{0,62}$/;

/** Throws for a name that cannot stand in a path: a mistake in the configuration, found when it is read. */
export const checkedName = (name: string): string => {
  if (!NAME.test(name)) throw new TypeError(`"${name}" is no name for a host: letters, digits, "_", "." and "-", at most 63, first a letter or digit`);
  return name;
};
