/** What is said on a host: one table. Pure. */
import type { VipInstance, VipInstanceRef } from '@blockledger/domain';
import type { Layout } from './layout.ts';
import type { Settings } from './options.ts';
import { ADMIT, CHECK, END, LISTEN, LOAD, LOOK, RELOAD, START } from './scripts/host.ts';
import { SURVEY } from './scripts/survey.ts';

/** A command for a host. */
export interface Command {
  readonly summary: string;
  /** Word of a small set, for figures. */
  readonly verb: string;
  readonly argv: readonly string[];
  /** How long it may take, in ms. */
  readonly patienceMs: number;
}

const SOON_MS = 10_000;
/** Ending waits for a keeper, a daemon and its child, each of which may take its time. */
const ENDING_MS = 35_000;
/** Starting anew may have to wait for a keeper to end. */
const STARTING_MS = 15_000;

/** A script by its name, with its text. */
type Script = readonly [verb: string, text: string];

const script = ([verb, text]: Script, args: readonly string[], summary: string, patienceMs = SOON_MS): Command => ({
  summary,
  verb,
  argv: ['sh', '-c', text, verb, ...args],
  patienceMs,
});

/** An address as programs write it. */
export const addressOf = ({ ip, mask }: Pick<VipInstance, 'ip' | 'mask'>): string => `${ip}/${mask}`;

/** For what a look waits, and for how long at most, in ms. */
export interface Until {
  readonly what: 'running' | 'released';
  readonly ms: number;
}

const unitsOf = ({ supervise, unitFolder }: Settings): string => (supervise === 'systemd' ? unitFolder : '');

/** Looks at one instance. */
export const lookAt = (settings: Settings, root: string, ref: Pick<VipInstanceRef, 'vipId' | 'ip' | 'mask' | 'interface'>, until?: Until): Command =>
  script(
    ['look', LOOK],
    [root, unitsOf(settings), ref.vipId, until?.what ?? '', String(Math.round((until?.ms ?? 0) / 100)), addressOf(ref), ref.interface],
    `look at the instance of ${ref.ip}`,
    SOON_MS + (until?.ms ?? 0),
  );

/** Looks at all instances of a host. */
export const lookAround = (settings: Settings, root: string): Command => script(['look', LOOK], [root, unitsOf(settings), '', '', '0', '', ''], 'look at all instances');

/** What is called on a host by its name, and so must be found there. */
const toolsOf = ({ supervise, systemctl }: Settings): readonly string[] => ['ip', 'ss', 'timeout', 'tcpdump', supervise === 'child' ? 'setsid' : (systemctl[0] ?? 'systemctl')];

/** Looks whether keepalived can work on a host. */
export const survey = (settings: Settings, root: string): Command =>
  script(['survey', SURVEY], [root, settings.keepalived, ...toolsOf(settings)], 'look whether keepalived can work there');

export const checkCandidate = ({ keepalived }: Settings, { candidate }: Layout): Command =>
  script(['check', CHECK], [candidate, keepalived], 'have keepalived check the configuration');

export const loadCandidate = ({ candidate, conf }: Layout): Command => script(['load', LOAD], [candidate, conf], 'put the checked configuration in its place');

export const startKeeper = ({ dir }: Layout): Command => script(['start', START], [dir], 'start the keeper, which starts keepalived', STARTING_MS);

export const reloadDaemon = ({ dir }: Layout): Command => script(['reload', RELOAD], [dir], 'have keepalived read the configuration anew');

export const endInstance = ({ dir }: Layout, remove: boolean, addresses: readonly Pick<VipInstanceRef, 'ip' | 'mask' | 'interface'>[]): Command =>
  script(
    ['end', END],
    [dir, remove ? 'yes' : 'no', ...addresses.flatMap((each) => [addressOf(each), each.interface])],
    'end what runs, take the address off the interface, remove the folder',
    ENDING_MS,
  );

export const admit = (root: string, token: string, patterns: readonly string[]): Command => script(['admit', ADMIT], [root, token, ...patterns], 'admit the host');

export const listen = (device: string, listenMs: number): Command =>
  script(['listen', LISTEN], [device, (Math.max(100, listenMs) / 1_000).toFixed(1)], `listen on ${device} for ${listenMs} ms`, listenMs + SOON_MS);

const systemctl = ({ systemctl: words }: Settings, verb: string, ...args: readonly string[]): Command => ({
  summary: `systemctl ${[verb, ...args].join(' ')}`,
  verb: `systemctl ${verb}`,
  argv: [...words, verb, ...args],
  patienceMs: ENDING_MS,
});

/** A unit that was written is known after `daemon-reload` only, and before `enable`. */
export const unitBegins = (settings: Settings, { unit }: Layout, running: boolean): readonly Command[] => [
  systemctl(settings, 'daemon-reload'),
  systemctl(settings, 'enable', unit),
  systemctl(settings, running ? 'reload' : 'start', unit),
];

/** While its file is there. */
export const unitEnds = (settings: Settings, { unit, unitFile }: Layout): readonly Command[] => [
  systemctl(settings, 'stop', unit),
  systemctl(settings, 'disable', unit),
  { summary: 'remove the unit', verb: 'rm', argv: ['rm', '-f', '--', unitFile], patienceMs: SOON_MS },
  systemctl(settings, 'daemon-reload'),
];
