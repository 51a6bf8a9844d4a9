/** What `tgtadm` shows, as data. */
import * as E from 'fp-ts/lib/Either.js';
import type { Portal } from '@blockledger/domain';

/** A LUN as shown, under tgt's own number. */
export interface ShownLun {
  readonly lun: number;
  readonly scsiId: string;
  readonly serial: string;
  /** Rounded to millions of bytes: see `shownMegabytes`. */
  readonly megabytes: number;
  readonly online: boolean;
  readonly removable: boolean;
  readonly type: string;
  readonly path: string;
}

/** A session as shown. */
export interface ShownSession {
  readonly id: number;
  readonly initiator: string;
  readonly connections: readonly { readonly id: number; readonly address: string }[];
}

/** A target as shown. Accounts are in the order in which they were bound; names and addresses of initiators stand in one list. */
export interface ShownTarget {
  readonly tid: number;
  readonly iqn: string;
  readonly ready: boolean;
  readonly sessions: readonly ShownSession[];
  readonly luns: readonly ShownLun[];
  readonly accounts: readonly string[];
  readonly outgoing?: string;
  readonly acl: readonly string[];
}

/** A heading with what is indented below it. */
interface Block {
  readonly text: string;
  readonly below: Block[];
}

const INDENT = 4;

/** The text as a tree. Blanks at the end of a line say nothing. */
const treeOf = (text: string): E.Either<string, readonly Block[]> => {
  const root: Block = { text: '', below: [] };
  const path: Block[] = [root];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const depth = (line.length - line.trimStart().length) / INDENT;
    const parent = path[depth];
    if (parent === undefined) return E.left(`"${line.slice(0, 80)}" is indented too far`);
    const block: Block = { text: line.trim(), below: [] };
    parent.below.push(block);
    path.splice(depth + 1, path.length, block);
  }
  return E.right(root.below);
};

const blockOf = ({ below }: Block, heading: string): readonly Block[] => below.find(({ text }) => text === heading)?.below ?? [];

/** The value after a label: `Online: Yes`. */
const valueOf = ({ below }: Block, label: string): string | undefined => below.find(({ text }) => text.startsWith(`${label}:`))?.text.slice(label.length + 1).trim();

const numberIn = (text: string | undefined): number | undefined => {
  const found = /^(\d+)\b/.exec(text ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
};

const lunOf = (block: Block): ShownLun | undefined => {
  const lun = numberIn(block.text.slice('LUN: '.length));
  const megabytes = numberIn(valueOf(block, 'Size'));
  const [scsiId, serial, type, path] = ['SCSI ID', 'SCSI SN', 'Backing store type', 'Backing store path'].map((label) => valueOf(block, label));
  if (lun === undefined || megabytes === undefined || scsiId === undefined || serial === undefined || type === undefined || path === undefined) return undefined;
  return { lun, scsiId, serial, megabytes, online: valueOf(block, 'Online') === 'Yes', removable: valueOf(block, 'Removable media') === 'Yes', type, path };
};

const sessionOf = (block: Block): ShownSession | undefined => {
  const id = numberIn(block.text.slice('I_T nexus: '.length));
  const initiator = valueOf(block, 'Initiator')?.split(' ')[0];
  if (id === undefined || initiator === undefined) return undefined;
  const connections = block.below
    .filter(({ text }) => text.startsWith('Connection: '))
    .map((connection) => ({ id: numberIn(connection.text.slice('Connection: '.length)) ?? 0, address: valueOf(connection, 'IP Address') ?? '' }));
  return { id, initiator, connections };
};

const OUTGOING = ' (outgoing)';

const targetOf = (block: Block): E.Either<string, ShownTarget> => {
  const [, tid, iqn] = /^Target (\d+): (\S+)$/.exec(block.text) ?? [];
  const state = block.below.find(({ text }) => text === 'System information:');
  if (tid === undefined || iqn === undefined || state === undefined) return E.left(`"${block.text.slice(0, 80)}" is no target`);
  const sessions = blockOf(block, 'I_T nexus information:').map(sessionOf);
  const luns = blockOf(block, 'LUN information:').map(lunOf);
  if (sessions.includes(undefined) || luns.includes(undefined)) return E.left(`target ${tid} has a session or LUN that cannot be read`);
  const accounts = blockOf(block, 'Account information:').map(({ text }) => text);
  const outgoing = accounts.find((text) => text.endsWith(OUTGOING))?.slice(0, -OUTGOING.length);
  return E.right({
    tid: Number(tid),
    iqn,
    ready: valueOf(state, 'State') === 'ready',
    sessions: sessions.filter((one) => one !== undefined),
    luns: luns.filter((one) => one !== undefined),
    accounts: accounts.filter((text) => !text.endsWith(OUTGOING)),
    ...(outgoing === undefined ? {} : { outgoing }),
    acl: blockOf(block, 'ACL information:').map(({ text }) => text),
  });
};

/** Reads `--mode target --op show`. */
export const parseTargets = (text: string): E.Either<string, readonly ShownTarget[]> => {
  const tree = treeOf(text);
  if (E.isLeft(tree)) return tree;
  const targets: ShownTarget[] = [];
  for (const block of tree.right) {
    const target = targetOf(block);
    if (E.isLeft(target)) return target;
    targets.push(target.right);
  }
  return E.right(targets);
};

/** Reads `--mode portal --op show`. */
export const parsePortals = (text: string): E.Either<string, readonly Portal[]> => {
  const portals: Portal[] = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, ip, port] = /^Portal: \[?([^\]\s]+?)\]?:(\d+),\d+$/.exec(line.trim()) ?? [];
    if (ip === undefined || port === undefined) return E.left(`"${line.slice(0, 80)}" is no portal`);
    portals.push({ ip, port: Number(port) });
  }
  return E.right(portals);
};

/** Reads `--mode account --op show`: names, never secrets. */
export const parseAccounts = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(' ') && line.trim() !== '')
    .map((line) => line.trim());

/** Reads `--mode target --op stat`: how many commands are under way at each LUN, under tgt's own number, all sessions together. */
export const parseTraffic = (text: string): ReadonlyMap<number, number> => {
  const underWay = new Map<number, number>();
  for (const line of text.split('\n').slice(1)) {
    const numbers = line.trim().split(/\s+/).map(Number);
    const [, lun, , , readsBegun, , readsDone, , writesBegun, , writesDone] = numbers;
    if (lun === undefined || readsBegun === undefined || readsDone === undefined || writesBegun === undefined || writesDone === undefined) continue;
    underWay.set(lun, (underWay.get(lun) ?? 0) + readsBegun - readsDone + writesBegun - writesDone);
  }
  return underWay;
};

/**
 * The number of megabytes that tgt shows for a size: its own arithmetic. Two sizes that are a MiB or more apart show as different numbers, so
 * a volume that has grown is noticed.
 */
export const shownMegabytes = (bytes: number): number => {
  const sectors = Math.floor(bytes / 512);
  return Math.floor((sectors - (Math.floor(sectors / 625) - 974)) / 1950);
};
