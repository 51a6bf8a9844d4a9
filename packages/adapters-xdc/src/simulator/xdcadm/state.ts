/** What a simulated daemon holds. Everything is plain data, so that it can be kept in a file. */
import type { ClearAccount, ShownAt, ShownClient, ShownLun, ShownTarget } from '../../xdc/show.ts';

/** An access target; of its LUNs only which they are. */
export interface SimAt {
  readonly atid: number;
  readonly board: number;
  readonly hostname: string;
  readonly type: string;
  readonly chap?: ClearAccount;
  readonly targets: readonly ShownTarget[];
  readonly luns: readonly { readonly lun: number; readonly name: string }[];
  readonly clients: readonly SimClient[];
}

/** A client; without an account the field is absent, as JSON has it. */
export type SimClient = Omit<ShownClient<ClearAccount>, 'mutual'> & { readonly mutual?: ClearAccount };

/** A LUN object with its limits, as they were given: `max,burst`. */
export interface SimLun extends Omit<ShownLun, 'lun'> {
  readonly limits: Readonly<Record<string, string>>;
}

/** The daemon of one host. */
export interface SimDaemon {
  readonly ats: readonly SimAt[];
  readonly luns: readonly SimLun[];
}

/** What runs, and what was saved. */
export interface SimHost {
  readonly running: SimDaemon;
  readonly saved: SimDaemon;
}

export const EMPTY: SimDaemon = { ats: [], luns: [] };
export const newHost: SimHost = { running: EMPTY, saved: EMPTY };

/** The access targets as they are shown. */
export const shownAts = ({ ats, luns }: SimDaemon): readonly ShownAt<ClearAccount>[] =>
  ats.map((at) => ({
    ...at,
    chap: at.chap,
    clients: at.clients.map((client) => ({ ...client, mutual: client.mutual })),
    luns: at.luns.flatMap(({ lun, name }) => luns.filter((one) => one.name === name).map(({ serial, sizeBytes, config }) => ({ lun, name, serial, sizeBytes, config }))),
  }));
