/** Identity, limits and priority of an image: writes only what differs. */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult, PortError, ProcessResult, Qos, VolumeIdentity } from '@blockledger/domain';
import type { Command, Dialect } from '../commands/dialect.ts';
import { EXIT, unsupported } from '../errors.ts';
import { identified, identityText, qosChanges, VOLUME_KEY, type Metas } from '../marks.ts';
import type { Image } from '../names.ts';
import { imageOf, ourMetas } from '../observe.ts';
import { say, type Eventually, type Session } from '../session.ts';
import { volumeMissing } from './result.ts';

/** What an image is to carry. */
export interface Settings {
  readonly identity: VolumeIdentity;
  readonly qos: Qos;
  readonly performancePriority: boolean;
}

/** The refusal of a priority where there is no such thing; nothing was sent. */
export const priorityTrouble = ({ dialect }: Pick<Session, 'dialect'>, wanted: boolean): PortError | undefined =>
  wanted && dialect.priority === undefined ? unsupported('performancePriority', 'this cluster has no performance priority') : undefined;

/** An image as it is, and what it is to carry. */
export interface Setting {
  readonly image: Image;
  readonly metas: Metas;
  readonly wanted: Settings;
  readonly installationId: string;
}

/** The calls that bring an image with these metas to these settings: identity first, so that a half-done image is known as ours. */
export function settingCommands(dialect: Dialect, { image, metas, wanted, installationId }: Setting): readonly Command[] {
  const text = identityText(wanted.identity, installationId);
  const priority = dialect.priority?.(image, wanted.performancePriority);
  return [
    ...(metas[VOLUME_KEY] === text ? [] : [dialect.metaSet(image, VOLUME_KEY, text)]),
    ...qosChanges(metas, wanted.qos).map(({ option, value }) => dialect.option(image, option, value)),
    ...(priority === undefined ? [] : [priority]),
  ];
}

/** Says the first command, then the others at once: they write different keys. A meta that is already gone is no error (2). */
export async function sayAll(session: Session, [first, ...others]: readonly Command[]): Eventually<void> {
  if (first === undefined) return E.right(undefined);
  const sayOne = (command: Command): Eventually<ProcessResult> => say(session, command, command.args.includes('remove') ? [EXIT.notFound] : []);
  const said = await sayOne(first);
  if (E.isLeft(said)) return said;
  const results = await Promise.all(others.map(sayOne));
  return results.find(E.isLeft) ?? E.right(undefined);
}

/** Sets limits, priority and the display name in the identity. A rename moves no image (S0-43). */
export async function ensureSettings(session: Session, action: ActionOf<'ensureSettings'>): Eventually<BackendResult> {
  const refusal = priorityTrouble(session, action.performancePriority);
  if (refusal !== undefined) return E.left(refusal);
  const metas = await ourMetas(session, action.volume);
  if (E.isLeft(metas)) return metas;
  if (metas.right === undefined) return E.left(volumeMissing(action.volume));
  const owner = identified(metas.right);
  if (typeof owner === 'string') return E.left(volumeMissing(action.volume));
  const wanted = { ...action, identity: { ...owner.identity, name: action.name } };
  const setting = { image: imageOf(action.volume), metas: metas.right, wanted, installationId: session.context.installationId };
  const said = await sayAll(session, settingCommands(session.dialect, setting));
  return E.isLeft(said) ? said : E.right({ exists: true, generation: owner.identity.generation });
}
