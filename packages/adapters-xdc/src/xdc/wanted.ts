/** What is asked for, in the terms of XDC; what XDC cannot do is refused before anything is touched. */
import { isIPv4 } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { type ChapAccount, type LunSource, permanent, type Portal, type PortError, type Qos, type TargetActionOf, type TargetConfig, type TargetLun, type TargetRef, type VolumeId, type VolumeRef } from '@blockledger/domain';
import { unsupported } from './errors.ts';
import type { Settings } from './options.ts';

/** A LUN as it is to be. */
export interface WantedLun {
  readonly lun: number;
  readonly name: string;
  readonly serial: string;
  readonly sizeBytes: number;
  readonly config: string;
  readonly qos: Qos;
}

/** A client as it is to be. */
export interface WantedClient {
  readonly code: string;
  readonly mutual: ChapAccount | undefined;
  readonly luns: readonly WantedLun[];
}

/** An access target as it is to be. */
export interface Wanted {
  readonly target: TargetRef;
  readonly portals: readonly Portal[];
  readonly chap: ChapAccount | undefined;
  readonly luns: readonly WantedLun[];
  readonly clients: readonly WantedClient[];
  /** Volumes whose LUNs may not stay behind. */
  readonly unmapped: readonly VolumeId[];
}

/** What stands between two fields has no place in one: blanks, and what ends a line. */
const isWord = (text: string): boolean => /^[^\s\p{Cc}]{1,255}$/u.test(text);

const badName = (what: string): PortError => permanent('BadName', `xdcadm takes names without blanks and control characters only: ${what}`);

/** What is wrong with a target whatever is to be done with it. */
export const targetTrouble = ({ iqn }: TargetRef): PortError | undefined => (isWord(iqn) ? undefined : badName('the name of the target'));

const accountTrouble = ({ chap, clients }: TargetConfig): PortError | undefined => {
  const accounts = [chap, ...clients.map(({ mutual }) => mutual)].filter((account) => account !== null);
  if (!accounts.every(({ user }) => isWord(user))) return badName('the user of an account');
  return chap === null && accounts.length > 0 ? unsupported('initiators that the target proves itself to must prove themselves first') : undefined;
};

const hasTwice = (values: readonly (string | number)[]): boolean => new Set(values).size < values.length;

const configTrouble = ({ portals, luns, clients }: TargetConfig): PortError | undefined => {
  if (!portals.every(({ ip }) => isIPv4(ip))) return unsupported('a portal of XDC is an IPv4 address and a port');
  if (!clients.every(({ code }) => isWord(code))) return badName('the code of a client');
  const numbers = luns.map(({ lun }) => lun);
  if (hasTwice(numbers) || hasTwice(luns.map(({ volume }) => volume.volumeId))) return permanent('BadConfig', 'a LUN number or a volume is there twice');
  if (hasTwice(clients.map(({ code }) => code))) return permanent('BadConfig', 'a client is there twice');
  return clients.every((client) => client.luns.every((lun) => numbers.includes(lun))) ? undefined : permanent('BadConfig', 'a client is to see a LUN that the target does not have');
};

/** The image and its place, as `--lunname` and `--luncfg` have them. */
const imageOf = (source: LunSource | undefined): E.Either<PortError, { readonly name: string; readonly config: string }> => {
  if (source?.kind !== 'rbd') return E.left(unsupported('XDC offers images of RBD; this volume is none'));
  if (!isWord(source.pool) || !isWord(source.image)) return E.left(badName('the image of a volume'));
  return E.right({ name: source.image, config: `ceph/${source.pool}/${source.image}` });
};

const lunOf = (sourceOf: (volume: VolumeRef) => LunSource | undefined) => ({ lun, volume, sizeBytes, qos }: TargetLun): E.Either<PortError, WantedLun> =>
  E.map((image: { readonly name: string; readonly config: string }) => ({ lun, ...image, serial: volume.serial, sizeBytes, qos }))(imageOf(sourceOf(volume)));

/** What is wanted, or why XDC cannot do it. */
export const wantedOf = (
  { target, config, fenced, unmapped }: TargetActionOf<'ensureTarget'>,
  { endsSessions }: Settings,
  sourceOf: (volume: VolumeRef) => LunSource | undefined,
): E.Either<PortError, Wanted> => {
  const blind = fenced.length > 0 && !endsSessions ? unsupported('xdcadm shows no sessions: nobody can be seen to be cut off') : undefined;
  const trouble = targetTrouble(target) ?? blind ?? configTrouble(config) ?? accountTrouble(config);
  if (trouble !== undefined) return E.left(trouble);
  const luns: WantedLun[] = [];
  for (const one of config.luns.map(lunOf(sourceOf))) {
    if (E.isLeft(one)) return one;
    luns.push(one.right);
  }
  const clients = config.clients.map(({ code, mutual, luns: mask }) => ({ code, mutual: mutual ?? undefined, luns: luns.filter(({ lun }) => mask.includes(lun)) }));
  return E.right({ target, portals: config.portals, chap: config.chap ?? undefined, luns, clients, unmapped });
};

/** Blanks would part the word on its way back; a line break would end it on its way there. */
export const secretTrouble = (text: string): PortError | undefined => (isWord(text) ? undefined : unsupported('xdcadm takes no secret with blanks or control characters in it'));
