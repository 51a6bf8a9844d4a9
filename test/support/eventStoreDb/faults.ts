/** What a test wants to go wrong, for each remote call by its name. */
import type { status } from '@grpc/grpc-js';

export type Fault =
  /** The call is taken and never answered. */
  | { readonly do: 'hang' }
  /** The connection is cut before anything is done. */
  | { readonly do: 'drop' }
  /** It is done, and then the connection is cut. */
  | { readonly do: 'commitThenDrop' }
  /** It is done, and never answered. */
  | { readonly do: 'commitThenHang' }
  /** It waits before anything is done. */
  | { readonly do: 'delay'; readonly ms: number }
  /** Status OK after so many events of a read (default 0); an append that has no answer yet gets none. */
  | { readonly do: 'end'; readonly after?: number }
  /** UNAVAILABLE after so many events of a read or subscription. */
  | { readonly do: 'cut'; readonly after: number }
  /** The status of any failure, before anything is done. */
  | { readonly do: 'error'; readonly code: status; readonly details: string; readonly metadata?: Readonly<Record<string, string>> }
  /** So many events of a read or subscription, then silence. */
  | { readonly do: 'stall'; readonly after: number };

/**
 * The names are those of the calls: `Append`, `BatchAppend` (counted by append, not by connection), `Read`, `Delete`, `Tombstone`, `GossipRead`,
 * `GetSupportedMethods`, `Persistent…`. A read can also be named by what it reads: `ReadStream`, `ReadAll`, `SubscribeToStream`, `SubscribeToAll`.
 */
export interface Faults {
  /** The next call, or the next `times` calls, go wrong this way. Several are taken in order, before what `always` says. */
  readonly next: (rpc: string, fault: Fault, times?: number) => void;
  /** Every call goes wrong this way, until it is taken back with undefined. */
  readonly always: (rpc: string, fault: Fault | undefined) => void;
  /** Nothing goes wrong any more. */
  readonly clear: () => void;
}

/** The names are asked in order; the first that has a fault gives it. */
export type TakeFault = (...names: readonly string[]) => Fault | undefined;

export const makeFaults = (): { readonly faults: Faults; readonly take: TakeFault } => {
  const queues = new Map<string, Fault[]>();
  const rules = new Map<string, Fault>();
  const takeOf = (name: string): Fault | undefined => queues.get(name)?.shift() ?? rules.get(name);
  return {
    take: (...names) => {
      for (const name of names) {
        const fault = takeOf(name);
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
    faults: {
      next: (rpc, fault, times = 1) => {
        queues.set(rpc, [...(queues.get(rpc) ?? []), ...Array.from({ length: times }, () => fault)]);
      },
      always: (rpc, fault) => {
        if (fault === undefined) rules.delete(rpc);
        else rules.set(rpc, fault);
      },
      clear: () => {
        queues.clear();
        rules.clear();
      },
    },
  };
};
