/** What `xdcadm -L at -m at -o show` says, as a structure and as text (S0-91). */
import type { Portal } from '@blockledger/domain';

/** A LUN: `lun id: 0 name: … sn: … size: … config: …`. A serial number is any word; `sizeBytes` is in bytes. */
export interface ShownLun {
  readonly lun: number;
  readonly name: string;
  readonly serial: string;
  readonly sizeBytes: number;
  /** `ceph/<pool>/<image>` */
  readonly config: string;
}

/** A portal, with two numbers of which nobody says what they mean. */
export interface ShownPortal extends Portal {
  readonly flag: number;
  readonly mode: number;
}

/** A target of an access target, XDC's word for what a host has of an access path. */
export interface ShownTarget {
  readonly iqn: string;
  readonly state: string;
  readonly portals: readonly ShownPortal[];
}

/** A LUN that a client sees, by its serial number, and under which number. */
export interface ShownMapping {
  readonly serial: string;
  readonly lun: number;
}

/** A client with its mask (S0-94). `A` is what is known of an account. */
export interface ShownClient<A> {
  readonly code: string;
  readonly mutual: A | undefined;
  /** `mask` in all that was ever seen. */
  readonly flag: string;
  readonly mappings: readonly ShownMapping[];
}

/** An access target. `A` is what is known of an account. */
export interface ShownAt<A> {
  readonly atid: number;
  readonly board: number;
  readonly hostname: string;
  readonly type: string;
  readonly chap: A | undefined;
  readonly targets: readonly ShownTarget[];
  readonly luns: readonly ShownLun[];
  readonly clients: readonly ShownClient<A>[];
}

/** An account as the text has it, secret and all (S0-92). */
export interface ClearAccount {
  readonly user: string;
  readonly password: string;
}

export const HEADING = 'Access Target information:';
export const INDENT = '    ';
/** What a client's flag says when it sees only what it is mapped to. */
export const MASKED = 'mask';

const account = (one: ClearAccount | undefined): string => `user: ${one?.user ?? ''} password: ${one?.password ?? ''}`;
const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => INDENT + line);

const targetLines = ({ iqn, state, portals }: ShownTarget): readonly string[] => [
  `iqn: ${iqn}`,
  `state: ${state}`,
  'portlist:',
  ...indent(portals.map(({ ip, port, flag, mode }) => `portal IP: ${ip} port: ${port} flag: ${flag} mode: ${mode}`)),
];

const clientLines = ({ code, mutual, flag, mappings }: ShownClient<ClearAccount>): readonly string[] => [
  `client iqn: ${code}`,
  `chap mutual: ${account(mutual)}`,
  `client lun mapping flag: ${flag}`,
  'client lun mapping list:',
  ...indent(mappings.map(({ serial, lun }) => `client iqn: ${code} lun sn: ${serial} lunid: ${lun}`)),
];

export const lunText = ({ name, serial, sizeBytes, config }: Omit<ShownLun, 'lun'>): string => `name: ${name} sn: ${serial} size: ${sizeBytes} config: ${config}`;

const atLines = (at: ShownAt<ClearAccount>): readonly string[] => [
  `AT ${at.atid}:`,
  ...indent([
    `atid: ${at.atid}`,
    `boardid: ${at.board}`,
    `hostname: ${at.hostname}`,
    `type: ${at.type}`,
    `chap: ${account(at.chap)}`,
    'targetlist:',
    ...indent(at.targets.flatMap(targetLines)),
    'lunlist:',
    ...indent(at.luns.map((lun) => `lun id: ${lun.lun} ${lunText(lun)}`)),
    'clientlist:',
    ...indent(at.clients.flatMap(clientLines)),
  ]),
];

/** The text, as the daemon prints it: with secrets in clear. */
export const printShow = (ats: readonly ShownAt<ClearAccount>[]): string => `${[HEADING, ...indent(ats.flatMap(atLines))].join('\n')}\n`;
