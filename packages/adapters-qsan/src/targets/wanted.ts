/** What is asked for, in the terms of the array; what it cannot do is refused before anything is sent. */
import * as E from 'fp-ts/lib/Either.js';
import { type ChapAccount, type LunSource, permanent, type PortError, type TargetActionOf, type TargetConfig, type TargetRef, type VolumeRef } from '@blockledger/domain';
import { unsupported } from '../errors.ts';
import { targetName } from '../names.ts';

/** A LUN as it is to be: the array's volume, under a number. */
export interface WantedLun {
  readonly lun: number;
  readonly volume: string;
  readonly sizeBytes: number;
}

/** A target as it is to be. */
export interface Wanted {
  readonly name: string;
  readonly iqn: string;
  readonly chap: ChapAccount | undefined;
  readonly lun: WantedLun | undefined;
  readonly initiators: readonly string[];
}

/** The name of a target on the array: every target stands for one volume (S1-17). */
export const nameOf = ({ type, volumeId }: TargetRef): E.Either<PortError, string> => {
  if (type !== 'iscsi') return E.left(unsupported('types', `an array has targets of type iscsi here, not ${type}`));
  return volumeId === undefined ? E.left(unsupported('scope', 'a target of an array stands for one volume, and none is named')) : E.right(targetName(volumeId));
};

const IQN = /^(?:iqn\.\d{4}-\d{2}\.|eui\.|naa\.)[\w.:-]{1,210}$/i;

/** Names of initiators are the same in upper and lower case. */
export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const clientTrouble = ({ clients, luns }: TargetConfig): PortError | undefined => {
  for (const { code, luns: mask, mutual } of clients) {
    if (!IQN.test(code)) return unsupported('clientCodes', `an array lets initiators in by name; "${code}" is none`);
    if (mutual !== null) return unsupported('mutualChap', 'an array does not prove itself to initiators');
    if (luns.some(({ lun }) => !mask.includes(lun))) return unsupported('scope', 'an array cannot mask LUNs: every client of a target sees its volume');
  }
  return undefined;
};

const USER = /^[^\p{C}\s]{1,223}$/u;

const accountTrouble = ({ chap }: TargetConfig): PortError | undefined =>
  chap === null || USER.test(chap.user) ? undefined : permanent('BadName', 'the user of an account has 1 to 223 printable characters and no blanks');

const lunOf = ({ target, config }: TargetActionOf<'ensureTarget'>, sourceOf: (volume: VolumeRef) => LunSource | undefined): E.Either<PortError, WantedLun | undefined> => {
  const [first, ...others] = config.luns;
  if (first === undefined) return E.right(undefined);
  if (others.length > 0 || first.volume.volumeId !== target.volumeId) return E.left(unsupported('scope', 'a target of an array has the one volume that it stands for'));
  if (first.qos.enabled) return E.left(unsupported('qos', 'the array has no limits of bandwidth and IOPS'));
  const source = sourceOf(first.volume);
  if (source === undefined || source.kind !== 'array') return E.left(unsupported('opens', 'an array offers its own volumes; this one is none'));
  return E.right({ lun: first.lun, volume: source.volume, sizeBytes: first.sizeBytes });
};

/** What is wanted, or why the array cannot do it. */
export const wantedOf = (action: TargetActionOf<'ensureTarget'>, sourceOf: (volume: VolumeRef) => LunSource | undefined): E.Either<PortError, Wanted> => {
  const { target, config, fenced } = action;
  const name = nameOf(target);
  if (E.isLeft(name)) return name;
  const trouble = clientTrouble(config) ?? accountTrouble(config);
  if (trouble !== undefined) return E.left(trouble);
  if (fenced.length > 0) return E.left(unsupported('fences', 'an array does not show whether an initiator has a session left'));
  const lun = lunOf(action, sourceOf);
  if (E.isLeft(lun)) return lun;
  const initiators = config.clients.map(({ code }) => code);
  return E.right({
    name: name.right,
    iqn: target.iqn,
    chap: config.chap ?? undefined,
    lun: lun.right,
    initiators: initiators.filter((code, at) => initiators.findIndex((other) => sameName(other, code)) === at),
  });
};
