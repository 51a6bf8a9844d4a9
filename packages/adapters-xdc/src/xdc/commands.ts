/** What is said to `xdcadm`: one table, no effects. Both spellings of an option mean the same; here is one for each. */
import type { AccessType, Portal, Qos } from '@blockledger/domain';
import { ASSUMED_WORDS, TYPE_WORDS, UNLIMITED } from './assumed.ts';
import type { ShownLun } from './show.ts';

/** One command line of `xdcadm`, without the program. */
export interface Command {
  /** For people. */
  readonly summary: string;
  readonly args: readonly string[];
  /** A secret is to be given besides, as the last word. It stands nowhere else. */
  readonly takesSecret?: true;
}

const LLD = ['-L', 'at'];
const say = (mode: string, op: string, ...rest: readonly string[]): readonly string[] => [...LLD, '-m', mode, '-o', op, ...rest];
const assumed = (words: readonly string[]): readonly string[] => [...LLD, ...words];

/** `10.255.101.74:3260` (S0-95). */
export const portalText = ({ ip, port }: Portal): string => `${ip}:${port}`;

export const showAts: Command = { summary: 'look at the access targets', args: say('at', 'show') };
export const showLuns: Command = { summary: 'look at the LUNs, bound or not', args: assumed(ASSUMED_WORDS.showLuns) };
export const save: Command = { summary: 'save the configuration', args: assumed(ASSUMED_WORDS.save) };

export const createAt = (atid: number, node: string, board: number): Command => ({
  summary: `make access target ${atid}`,
  args: say('at', 'create', '--atid', String(atid), '--servernode', node, '--boardid', String(board)),
});
export const deleteAt = (atid: number): Command => ({ summary: `take access target ${atid} away`, args: say('at', 'delete', '--atid', String(atid)) });

export const createTarget = (atid: number, iqn: string, type: AccessType): Command => ({
  summary: `make target ${iqn}`,
  args: say('target', 'create', '--atid', String(atid), '--iqn', iqn, '--type', TYPE_WORDS[type]),
});
export const deleteTarget = (atid: number, iqn: string): Command => ({ summary: `take target ${iqn} away`, args: say('target', 'delete', '--atid', String(atid), '--iqn', iqn) });

export const addPortal = (atid: number, iqn: string, portal: Portal): Command => ({
  summary: `listen on ${portalText(portal)}`,
  args: say('target', 'add', '--atid', String(atid), '--iqn', iqn, '--port', portalText(portal)),
});
export const removePortal = (atid: number, iqn: string, portal: Portal): Command => ({
  summary: `listen no more on ${portalText(portal)}`,
  args: say('target', 'remove', '--atid', String(atid), '--iqn', iqn, '--port', portalText(portal)),
});

/** Sizes are in bytes here, and in MB with rbd. */
export const createLun = ({ name, serial, sizeBytes, config }: Omit<ShownLun, 'lun'>): Command => ({
  summary: `make a LUN of ${config} with serial number ${serial}`,
  args: say('lun', 'create', '--lunname', name, '--lunsn', serial, '--lunsize', String(sizeBytes), '--luncfg', config),
});
export const deleteLun = (name: string): Command => ({ summary: `take the LUN of ${name} away`, args: say('lun', 'delete', '--lunname', name) });

export const addLun = (atid: number, name: string, lun: number): Command => ({
  summary: `offer ${name} as LUN ${lun}`,
  args: say('lun', 'add', '--atid', String(atid), '--lunname', name, '--lunid', String(lun)),
});
export const removeLun = (atid: number, name: string, lun: number): Command => ({
  summary: `offer ${name} as LUN ${lun} no more`,
  args: say('lun', 'remove', '--atid', String(atid), '--lunname', name, '--lunid', String(lun)),
});

/** With `update`, which one source leaves out. */
export const resizeLun = (name: string, sizeBytes: number): Command => ({
  summary: `the LUN of ${name} has ${sizeBytes} bytes`,
  args: say('lun', 'update', '--lunname', name, '--lunsize', String(sizeBytes)),
});

/** Highest and burst, of bytes and of IO operations in a second (S0-44). */
export const LIMIT_TABLE = [
  { name: 'bps_total', max: 'maxBytesPerSecond', burst: 'burstBytesPerSecond' },
  { name: 'ops_total', max: 'maxIops', burst: 'burstIops' },
] as const;

export const limitLun = (name: string, qos: Qos): readonly Command[] =>
  LIMIT_TABLE.map((limit) => {
    const value = qos.enabled ? `${qos[limit.max]},${qos[limit.burst]}` : UNLIMITED;
    return { summary: `limit ${limit.name} of ${name} to ${value}`, args: say('lun', 'update', '--lunname', name, '--name', limit.name, '--value', value) };
  });

export const setChap = (atid: number, user: string): Command => ({
  summary: `initiators present account ${user}`,
  args: assumed(ASSUMED_WORDS.setChap(String(atid), user)),
  takesSecret: true,
});
export const clearChap = (atid: number, user: string): Command => ({ summary: `initiators present account ${user} no more`, args: assumed(ASSUMED_WORDS.clearChap(String(atid), user)) });

export const createClient = (atid: number, code: string): Command => ({ summary: `let ${code} in`, args: assumed(ASSUMED_WORDS.createClient(String(atid), code)) });
export const deleteClient = (atid: number, code: string): Command => ({ summary: `keep ${code} out`, args: assumed(ASSUMED_WORDS.deleteClient(String(atid), code)) });

export const setMutual = (atid: number, code: string, user: string): Command => ({
  summary: `the target proves itself to ${code} as ${user}`,
  args: assumed(ASSUMED_WORDS.setMutual(String(atid), code, user)),
  takesSecret: true,
});
export const clearMutual = (atid: number, code: string, user: string): Command => ({
  summary: `the target proves itself to ${code} no more`,
  args: assumed(ASSUMED_WORDS.clearMutual(String(atid), code, user)),
});

/** A LUN as a mask names it. */
export interface Masked {
  readonly serial: string;
  readonly lun: number;
}

export const addMapping = (atid: number, code: string, { serial, lun }: Masked): Command => ({
  summary: `show LUN ${lun} to ${code}`,
  args: assumed(ASSUMED_WORDS.addMapping(String(atid), code, serial, String(lun))),
});
export const removeMapping = (atid: number, code: string, { serial, lun }: Masked): Command => ({
  summary: `hide LUN ${lun} from ${code}`,
  args: assumed(ASSUMED_WORDS.removeMapping(String(atid), code, serial, String(lun))),
});
