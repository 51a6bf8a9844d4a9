/** LUNs are objects of the host, bound to access targets. Two of its access targets may have the same one. */
import * as E from 'fp-ts/lib/Either.js';
import type { PortError, VolumeId } from '@blockledger/domain';
import { addLun, createLun, deleteLun, limitLun, removeLun, removeMapping, resizeLun, type Command } from './commands.ts';
import { lookAtLuns, type At, type LunObject } from './look.ts';
import { say, sayAll, type Eventually, type Session } from './session.ts';
import type { ShownLun } from './show.ts';
import type { Wanted, WantedLun } from './wanted.ts';

/** The same bytes under the same serial number; the size may differ. */
const isSame = (shown: LunObject, wanted: WantedLun): boolean => shown.name === wanted.name && shown.serial === wanted.serial && shown.config === wanted.config;

/** The LUN as it stands, if it is the one that is wanted. */
const standing = (at: At, wanted: WantedLun): ShownLun | undefined => at.luns.find((shown) => shown.lun === wanted.lun && isSame(shown, wanted));

/** LUNs that are in the way of one that is wanted: of its number, its name or its serial number, and not it. */
export const inTheWay = (at: At, { luns }: Wanted): readonly ShownLun[] =>
  at.luns.filter((shown) => luns.some((wanted) => (shown.lun === wanted.lun || shown.name === wanted.name || shown.serial === wanted.serial) && standing(at, wanted) !== shown));

/** LUNs that nobody wants. */
export const tooMany = (at: At, { luns }: Wanted): readonly ShownLun[] => at.luns.filter((shown) => !luns.some((wanted) => standing(at, wanted) === shown));

const isBoundElsewhere = (ats: readonly At[], at: At, name: string): boolean => ats.some((other) => other.atid !== at.atid && other.luns.some((lun) => lun.name === name));

/** Takes a LUN away with the masks that name it, and its object unless another access target has it. */
export const takenAway = (ats: readonly At[], at: At, shown: ShownLun): readonly Command[] => [
  ...at.clients.flatMap(({ code, mappings }) => mappings.filter(({ serial }) => serial === shown.serial).map((mapping) => removeMapping(at.atid, code, mapping))),
  removeLun(at.atid, shown.name, shown.lun),
  ...(isBoundElsewhere(ats, at, shown.name) ? [] : [deleteLun(shown.name)]),
];

/** Forgets what was known of LUNs whose objects are made or deleted. */
export const forgetLimits = ({ memory }: Session, names: readonly string[]): void => {
  for (const name of names) memory.unlimited.delete(name);
};

/** No limits can be seen (S0-91), so those that are wanted are applied each time, and missing ones once; a LUN just made has none. */
const limitsOf = ({ memory }: Session, { name, qos }: WantedLun): readonly Command[] => (!qos.enabled && memory.unlimited.has(name) ? [] : limitLun(name, qos));

async function applyLimits(session: Session, wanted: WantedLun): Eventually<void> {
  const commands = limitsOf(session, wanted);
  if (wanted.qos.enabled) session.memory.unlimited.delete(wanted.name);
  const said = await sayAll(session, commands);
  if (E.isRight(said) && !wanted.qos.enabled) session.memory.unlimited.add(wanted.name);
  return said;
}

/** The object that a LUN is to be made of, as far as it can be known: bound somewhere, or left behind by a call that was cut off. */
interface Found {
  readonly object: LunObject | undefined;
  readonly isBound: boolean;
  /** Nobody knows whether there is one. */
  readonly isUnsure: boolean;
}

async function find(session: Session, ats: readonly At[], { name }: WantedLun): Eventually<Found> {
  const bound = ats.flatMap(({ luns }) => luns).find((lun) => lun.name === name);
  if (bound !== undefined) return E.right({ object: bound, isBound: true, isUnsure: false });
  const loose = await lookAtLuns(session);
  if (E.isLeft(loose)) return loose;
  return E.right({ object: loose.right?.find((lun) => lun.name === name), isBound: false, isUnsure: loose.right === undefined });
}

async function create(session: Session, wanted: WantedLun): Eventually<void> {
  forgetLimits(session, [wanted.name]);
  const made = await say(session, createLun(wanted));
  if (E.isLeft(made)) return made;
  session.memory.unlimited.add(wanted.name);
  return E.right(undefined);
}

/** What is bound to nothing may have been opened long ago, and be locked out by the storage since: it is opened anew. */
async function replace(session: Session, wanted: WantedLun): Eventually<void> {
  const deleted = await say(session, deleteLun(wanted.name));
  return E.isLeft(deleted) ? deleted : create(session, wanted);
}

/** The object is there. An error that may mean no more than that it was there before is kept for later. */
async function provide(session: Session, found: Found, wanted: WantedLun): Eventually<PortError | undefined> {
  const { object, isBound, isUnsure } = found;
  if (object !== undefined && !isBound) return E.map(() => undefined)(await replace(session, wanted));
  if (object !== undefined && isSame(object, wanted)) {
    const resized = object.sizeBytes === wanted.sizeBytes ? E.right(undefined) : await sayAll(session, [resizeLun(wanted.name, wanted.sizeBytes)]);
    return E.isLeft(resized) ? resized : E.right(undefined);
  }
  if (object !== undefined) {
    const message = `another access target of host ${session.host.name} has a LUN named ${wanted.name} that is another volume; it was not touched`;
    return E.left({ _tag: 'Mismatch', code: 'ForeignLun', message, expected: wanted.config, found: object.config });
  }
  const made = await create(session, wanted);
  if (E.isRight(made)) return E.right(undefined);
  if (!isUnsure || made.left.code !== 'Refused') return made;
  const again = await replace(session, wanted);
  return E.isRight(again) ? E.right(undefined) : E.right(made.left);
}

async function add(session: Session, ats: readonly At[], at: At, wanted: WantedLun): Eventually<void> {
  const found = await find(session, ats, wanted);
  if (E.isLeft(found)) return found;
  const doubt = await provide(session, found.right, wanted);
  if (E.isLeft(doubt)) return doubt;
  // Limits before anybody can use it.
  const limited = await applyLimits(session, wanted);
  if (E.isLeft(limited)) return doubt.right === undefined ? limited : E.left(doubt.right);
  const added = await say(session, addLun(at.atid, wanted.name, wanted.lun));
  return E.isLeft(added) ? E.left(doubt.right ?? added.left) : E.right(undefined);
}

/** The LUN is there with its size and its limits. */
export async function ensureLun(session: Session, ats: readonly At[], at: At, wanted: WantedLun): Eventually<void> {
  const shown = standing(at, wanted);
  if (shown === undefined) return add(session, ats, at, wanted);
  const resized = shown.sizeBytes === wanted.sizeBytes ? E.right(undefined) : await sayAll(session, [resizeLun(wanted.name, wanted.sizeBytes)]);
  return E.isLeft(resized) ? resized : applyLimits(session, wanted);
}

/** Images of ours have the volume's id in their names. */
const isOf = (name: string) => (volume: VolumeId): boolean => name.replaceAll('-', '').includes(volume.replaceAll('-', ''));

/** Images of volumes, and the place that they are in. */
const isImageOfOurs = ({ name, config }: LunObject): boolean => /^volume-[0-9a-f]{32}$/.test(name) && config.startsWith('ceph/') && config.endsWith(`/${name}`);

/**
 * Objects of volumes that are unmapped, and all others of ours that are bound to nothing: a call that was cut off left them. They would hold
 * their images open. Looked for once after the start, and after every command about LUNs that did not end well.
 */
export async function clearLoose(session: Session, ats: readonly At[], volumes: readonly VolumeId[] = []): Eventually<void> {
  if (session.memory.isSwept && volumes.length === 0) return E.right(undefined);
  const objects = await lookAtLuns(session);
  if (E.isLeft(objects)) return objects;
  const bound = new Set(ats.flatMap(({ luns }) => luns.map(({ name }) => name)));
  const loose = (objects.right ?? []).filter((object) => !bound.has(object.name) && (isImageOfOurs(object) || volumes.some(isOf(object.name))));
  const cleared = await sayAll(session, loose.map(({ name }) => deleteLun(name)));
  if (E.isRight(cleared)) session.memory.isSwept = true;
  return cleared;
}

/** What is not as wanted; undefined when all is. */
export const lunDifference = (at: At, { luns }: Wanted): string | undefined => {
  const wrong = luns.find((wanted) => standing(at, wanted)?.sizeBytes !== wanted.sizeBytes);
  if (wrong !== undefined) return `LUN ${wrong.lun} is not as wanted`;
  return at.luns.length > luns.length ? 'a LUN is too much' : undefined;
};
