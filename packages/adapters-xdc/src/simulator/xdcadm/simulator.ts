/** A `ProcessRunner` for each of some hosts, that answers `xdcadm` in this process. */
import * as E from 'fp-ts/lib/Either.js';
import type { PortError, ProcessCall, ProcessResult, ProcessRunner } from '@blockledger/domain';
import { unreachable, type Host } from '../../hosts/host.ts';
import { startedWith } from '../../hosts/lastWord.ts';
import { localHost } from '../../hosts/localHost.ts';
import { PASSWORD } from '../../xdc/assumed.ts';
import { printShow } from '../../xdc/show.ts';
import { takeApart } from './argv.ts';
import { readHosts, writeHosts } from './keep.ts';
import { EMPTY, newHost, shownAts, type SimDaemon, type SimHost } from './state.ts';
import { answer, refused, type Answer } from './verbs.ts';

/** One call, as the hook sees it. */
export interface XdcEffect {
  /** Counts the calls of all hosts, from 1. */
  readonly count: number;
  readonly host: string;
  /** As `xdcadm` gets it: with the secret, if it takes one. */
  readonly argv: readonly string[];
  /** `lun create`. */
  readonly verb: string;
  readonly changes: boolean;
}

/** What happens instead of a good end. */
export type XdcFault =
  /** The program is killed; its effect has landed or not. */
  | { readonly _tag: 'Dies'; readonly landed: boolean }
  /** The effect lands, its reply does not. */
  | { readonly _tag: 'LostReply' }
  /** The host does not answer. */
  | { readonly _tag: 'Unreachable' }
  /** Any answer, and no effect. */
  | { readonly _tag: 'Says'; readonly exitCode: number; readonly stdout?: string; readonly stderr: string };

/** How simulated gateways are set up. */
export interface XdcSimulatorOptions {
  /** Names of the hosts. Default: one, `gw1`. */
  readonly hosts?: readonly string[];
  /** A fault that takes the place of the good end. */
  readonly faults?: (effect: XdcEffect) => XdcFault | undefined;
  /** Where what the hosts hold is kept, as JSON with secrets in clear; it is read at the start and written after each change. Default: nowhere. */
  readonly file?: string;
}

/** Simulated gateways. */
export interface XdcSimulator {
  /** The hosts, for `xdcTargets`. */
  readonly hosts: readonly Host[];
  /** Runs `xdcadm` on a host. */
  readonly run: (host: string) => ProcessRunner;
  /** What `xdcadm -L at -m at -o show` says there, secrets and all (S0-92). */
  readonly shows: (host: string) => string;
  /** The limits of a LUN as they were given, by `bps_total` and `ops_total`; undefined when there is no such LUN. */
  readonly limits: (host: string, lunName: string) => Readonly<Record<string, string>> | undefined;
  /** The names of the LUNs of a host, bound or not. */
  readonly luns: (host: string) => readonly string[];
  /**
   * The daemon starts anew with what was saved, without the limits if it forgets these, or with nothing. Which of it a real one does is not
   * known.
   */
  readonly restart: (host: string, forgets?: 'unsaved' | 'limits' | 'everything') => void;
  /** From now on the host does not answer, or does again. */
  readonly cut: (host: string, isCut?: boolean) => void;
  /** Every command line, as it was sent: secrets came by stdin and are not in it. */
  readonly calls: readonly { readonly host: string; readonly argv: readonly string[] }[];
}

const cancelled: PortError = { _tag: 'Cancelled', code: 'Cancelled', message: 'The simulated child was stopped because we asked.' };
const KILLED: ProcessResult = { exitCode: 137, stdout: '', stderr: '' };
const lostReply: PortError = { _tag: 'Retryable', code: 'LostReply', message: 'The simulated reply was lost.', outcomeUnknown: true };

const withoutLimits = (daemon: SimDaemon): SimDaemon => ({ ...daemon, luns: daemon.luns.map((lun) => ({ ...lun, limits: {} })) });

interface Machine {
  readonly states: ReadonlyMap<string, SimHost>;
  readonly holds: (host: string, state: SimHost) => void;
  readonly cutOff: ReadonlySet<string>;
  readonly faults: NonNullable<XdcSimulatorOptions['faults']>;
}

const stateOf = ({ states }: Pick<Machine, 'states'>, host: string): SimHost => states.get(host) ?? newHost;

function answerCall(machine: Machine, host: string, call: ProcessCall, count: number): E.Either<PortError, ProcessResult> {
  if (call.signal.aborted) return E.left(cancelled);
  if (machine.cutOff.has(host)) return E.left(unreachable(host, 'the simulated network is down', false));
  const argv = startedWith(call.argv, PASSWORD, typeof call.stdin === 'string' ? call.stdin : '') ?? call.argv;
  const asked = takeApart(argv.slice(1));
  const { mode = '', op = '' } = typeof asked === 'string' ? {} : asked.words;
  const land = (): Answer => {
    const given = typeof asked === 'string' ? refused(asked) : answer(stateOf(machine, host), asked, host);
    if (given.host !== undefined) machine.holds(host, given.host);
    return given;
  };
  const fault = machine.faults({ count, host, argv, verb: `${mode} ${op}`, changes: op !== 'show' });
  switch (fault?._tag) {
    case undefined: {
      const { exitCode, stdout, stderr } = land();
      return E.right({ exitCode, stdout, stderr });
    }
    case 'Dies':
      if (fault.landed) land();
      return E.right(KILLED);
    case 'LostReply':
      land();
      return E.left(lostReply);
    case 'Unreachable':
      return E.left(unreachable(host, 'the simulated network is down', false));
    case 'Says':
      return E.right({ exitCode: fault.exitCode, stdout: fault.stdout ?? '', stderr: fault.stderr });
  }
}

/**
 * Makes simulated gateways with XDC. What no source tells of `xdcadm` they do as it is assumed.
 *
 * @example
 * import { xdcTargets } from '@blockledger/adapters-xdc';
 * import { simulateXdc } from '@blockledger/adapters-xdc/simulator';
 * const gateways = simulateXdc({ hosts: ['gw1', 'gw2'] });
 * const backend = xdcTargets({ hosts: gateways.hosts });
 * backend.hosts(); // => ['gw1', 'gw2']
 * gateways.shows('gw1'); // => 'Access Target information:\n'
 */
export const simulateXdc = ({ hosts: names = ['gw1'], faults = () => undefined, file }: XdcSimulatorOptions = {}): XdcSimulator => {
  const states = new Map<string, SimHost>(file === undefined ? [] : readHosts(file));
  const holds = (host: string, state: SimHost): void => {
    states.set(host, state);
    if (file !== undefined) writeHosts(file, states);
  };
  const cutOff = new Set<string>();
  const calls: { readonly host: string; readonly argv: readonly string[] }[] = [];
  const machine: Machine = { states, holds, cutOff, faults };
  const run = (host: string): ProcessRunner => (call) => () => {
    calls.push({ host, argv: call.argv });
    return Promise.resolve(answerCall(machine, host, call, calls.length));
  };
  return {
    hosts: names.map((name) => localHost({ name, run: run(name) })),
    run,
    shows: (host) => printShow(shownAts(stateOf(machine, host).running)),
    limits: (host, lunName) => stateOf(machine, host).running.luns.find(({ name }) => name === lunName)?.limits,
    luns: (host) => stateOf(machine, host).running.luns.map(({ name }) => name),
    restart: (host, forgets = 'unsaved') => {
      const { saved } = stateOf(machine, host);
      const running = forgets === 'everything' ? EMPTY : forgets === 'limits' ? withoutLimits(saved) : saved;
      holds(host, { running, saved: forgets === 'everything' ? EMPTY : saved });
    },
    cut: (host, isCut = true) => void (isCut ? cutOff.add(host) : cutOff.delete(host)),
    calls,
  };
};
