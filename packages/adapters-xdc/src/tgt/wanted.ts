/** What is asked for, in the terms of tgt; what tgt cannot do is refused before anything is touched. */
import * as E from 'fp-ts/lib/Either.js';
import { type ChapAccount, type LunSource, permanent, type Portal, type PortError, type TargetActionOf, type TargetConfig, type TargetLun, type TargetRef, type VolumeRef } from '@blockledger/domain';
import { isAddress, isInitiatorName } from './addresses.ts';
import type { Backing, LunIdentity } from './commands.ts';
import { unsupported } from './errors.ts';
import { isNote } from './notes.ts';
import type { Settings } from './options.ts';

/** A LUN as it is to be. */
export interface WantedLun {
  /** As initiators count: 0 and up. */
  readonly lun: number;
  readonly sizeBytes: number;
  readonly backing: Backing;
  readonly identity: LunIdentity;
}

/** A target as it is to be. */
export interface Wanted {
  readonly portals: readonly Portal[];
  /** What initiators present. */
  readonly chap: ChapAccount | undefined;
  /** What the target proves itself with. */
  readonly mutual: ChapAccount | undefined;
  readonly luns: readonly WantedLun[];
  readonly codes: readonly string[];
}

/** The highest control port: tgtd keeps it in 15 bits. */
const MOST_CONTROL_PORT = 32_767;

/** Of an address of a socket, for the folder and its name. */
const MOST_SOCKET_PATH = 107;

/** What is wrong with a target whatever is to be done with it. */
export const targetTrouble = ({ type, number, iqn, place }: TargetRef, { controlPort, runDir }: Settings): PortError | undefined => {
  if (type !== 'iscsi') return unsupported(`tgt has targets of type iscsi, not ${type}`);
  if (controlPort + number > MOST_CONTROL_PORT) return unsupported(`access path ${number} is too high for control ports from ${controlPort}: at most ${MOST_CONTROL_PORT - controlPort}`);
  if (!isInitiatorName(iqn)) return permanent('BadName', `"${iqn}" is no name for a target`);
  const path = `${runDir}/${place.host}/ipc.${MOST_CONTROL_PORT}`;
  return path.length > MOST_SOCKET_PATH ? permanent('BadName', `the path of a socket, ${path}, has more than ${MOST_SOCKET_PATH} bytes: choose a shorter runDir`) : undefined;
};

const sortedNumbers = (numbers: readonly number[]): string => [...new Set(numbers)].toSorted((a, b) => a - b).join(' ');

const clientTrouble = ({ clients, luns }: TargetConfig): PortError | undefined => {
  const all = sortedNumbers(luns.map(({ lun }) => lun));
  for (const { code, luns: mask } of clients) {
    if (!isInitiatorName(code) && !isAddress(code)) return unsupported(`tgt lets initiators in by name or address; "${code}" is neither`);
    if (sortedNumbers(mask) !== all) return unsupported('tgt cannot mask LUNs: every client of a target sees all of its LUNs');
  }
  return undefined;
};

/** The parameters of a call are taken apart at commas, and what is shown at line ends. */
const userTrouble = ({ user }: ChapAccount): PortError | undefined =>
  /^[^\s,]{1,223}$/.test(user) && !isNote(user) ? undefined : unsupported(`tgt takes no account named "${user}": no commas and blanks, and no note of ours`);

const accountTrouble = ({ chap, clients }: TargetConfig): PortError | undefined => {
  const [first, ...others] = clients.map(({ mutual }) => mutual);
  if (others.some((mutual) => mutual?.user !== first?.user || mutual?.secretRef !== first?.secretRef)) {
    return unsupported('a target of tgt has one account by which it proves itself, the same for all its clients');
  }
  if (first !== null && first !== undefined && chap === null) return unsupported('initiators that the target proves itself to must prove themselves first');
  return [chap, first].map((account) => (account === null || account === undefined ? undefined : userTrouble(account))).find((trouble) => trouble !== undefined);
};

const isPlain = (text: string): boolean => /^[^,;\n]+$/.test(text);

/** How tgt reaches the bytes of a volume. */
const backingOf = (source: LunSource | undefined, { ceph }: Settings): E.Either<PortError, Backing> => {
  if (source === undefined || source.kind === 'array') return E.left(unsupported('tgt opens images of RBD and files; this volume is neither'));
  if (source.kind === 'file') {
    if (!isPlain(source.path) || !source.path.startsWith('/')) return E.left(permanent('BadName', `tgt cannot open ${source.path}: absolute paths without commas and semicolons`));
    return E.right({ type: 'rdwr', path: source.path, options: undefined });
  }
  const path = `${source.pool}/${source.image}`;
  const [conf, client] = [ceph.conf ?? source.conf, ceph.client ?? source.client];
  const options = [...(conf === undefined ? [] : [`conf=${conf}`]), ...(client === undefined ? [] : [`id=${client.replace(/^client\./, '')}`])];
  if (![path, ...options].every(isPlain)) return E.left(permanent('BadName', `tgt cannot open ${path}: no commas and semicolons in names and paths`));
  return E.right({ type: 'rbd', path, options: options.length === 0 ? undefined : options.join(';') });
};

const lunOf = (settings: Settings, sourceOf: (volume: VolumeRef) => LunSource | undefined) => ({ lun, volume, sizeBytes }: TargetLun): E.Either<PortError, WantedLun> =>
  E.map((backing: Backing) => ({ lun, sizeBytes, backing, identity: { serial: volume.serial, vendor: settings.vendor } }))(backingOf(sourceOf(volume), settings));

/** What is wanted, or why tgt cannot do it. */
export const wantedOf = (
  { target, config }: TargetActionOf<'ensureTarget'>,
  settings: Settings,
  sourceOf: (volume: VolumeRef) => LunSource | undefined,
): E.Either<PortError, Wanted> => {
  const trouble = targetTrouble(target, settings) ?? clientTrouble(config) ?? accountTrouble(config);
  if (trouble !== undefined) return E.left(trouble);
  const luns: WantedLun[] = [];
  for (const one of config.luns.map(lunOf(settings, sourceOf))) {
    if (E.isLeft(one)) return one;
    luns.push(one.right);
  }
  return E.right({
    portals: config.portals,
    chap: config.chap ?? undefined,
    mutual: config.clients[0]?.mutual ?? undefined,
    luns,
    codes: [...new Set(config.clients.map(({ code }) => code))],
  });
};
