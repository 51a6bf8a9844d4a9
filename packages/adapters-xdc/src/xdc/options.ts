/** How a backend of this kind is set up. */
import type { Host } from '../hosts/host.ts';

/** Options of `xdcTargets`. */
export interface XdcOptions {
  /** The gateway hosts, by the names that places carry. */
  readonly hosts: readonly Host[];
  /** The program, as the hosts find it. Default: `xdcadm`. */
  readonly xdcadm?: string;
  /** What a host is called in XDC (`--servernode`), by its name here. Default: the same. */
  readonly nodes?: Readonly<Record<string, string>>;
  /** The board that access targets are made on (`--boardid`). Default: 0. */
  readonly board?: 0 | 1;
  /** A call of the program may take so long, in ms. Default: 30 000. */
  readonly commandTimeoutMs?: number;
  /**
   * Whether this XDC is known to end the sessions of a client that is taken away. Nothing that `xdcadm` shows tells, so by default a call that
   * must leave somebody without a session is refused (I-21).
   */
  readonly endsSessions?: boolean;
}

/** Options with nothing left open. */
export interface Settings {
  readonly program: string;
  readonly nodes: Readonly<Record<string, string>>;
  readonly board: number;
  readonly commandTimeoutMs: number;
  readonly endsSessions: boolean;
}

/** Fills in the defaults. */
export const settle = ({ xdcadm = 'xdcadm', nodes = {}, board = 0, commandTimeoutMs = 30_000, endsSessions = false }: XdcOptions): Settings => ({
  program: xdcadm,
  nodes,
  board,
  commandTimeoutMs,
  endsSessions,
});
