/** Attachments that are only remembered: what the driver and the six calls ask for, without anything behind it. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Attachment, Attachments } from '../../../packages/app/src/cinder/attachments.ts';
import { cinderError, type CinderError } from '../../../packages/app/src/cinder/errors.ts';
import type { IscsiPath } from '../../../packages/app/src/cinder/formats/connectionInfo.ts';

interface Kept extends Attachment {
  readonly volume: string;
  readonly shared: boolean;
}

/** Attachments that are remembered, and what they were asked. */
export interface FakeAttachments extends Attachments {
  readonly kept: Map<string, Kept>;
  readonly asked: string[];
  /** What the next call of this name is refused with. */
  readonly refuse: Map<string, CinderError>;
}

const IQN = 'iqn.2004-08.com.qsan:target-xxx';
const PATHS: readonly [IscsiPath, ...IscsiPath[]] = [
  { iqn: IQN, portal: { ip: '192.168.1.101', port: 3260 }, lun: 0 },
  { iqn: IQN, portal: { ip: '192.168.1.102', port: 3260 }, lun: 0 },
];

/** Nothing is attached at first. */
export const fakeAttachments = (): FakeAttachments => {
  const kept = new Map<string, Kept>();
  const asked: string[] = [];
  const refuse = new Map<string, CinderError>();
  const told = (name: string, act: () => E.Either<CinderError, unknown>) => (): Promise<E.Either<CinderError, unknown>> => {
    asked.push(name);
    const refusal = refuse.get(name);
    refuse.delete(name);
    return Promise.resolve(refusal === undefined ? act() : E.left(refusal));
  };
  const step = (id: string, change: Partial<Kept>): E.Either<CinderError, unknown> => {
    const one = kept.get(id);
    if (one === undefined) return E.left(cinderError('VolumeBackendAPIException', 'AttachmentNotFound', 'there is no such attachment'));
    kept.set(id, { ...one, ...change });
    return E.right(undefined);
  };
  const ofVolume = (volume: string): readonly Kept[] => [...kept.values()].filter((one) => one.volume === volume);
  return {
    kept,
    asked,
    refuse,
    list: (volume) => TE.fromIO(() => ofVolume(volume)),
    reserve: ({ volume, id }, { shared, mode }) =>
      told('reserve', () => {
        if (kept.has(id)) return E.right(undefined);
        if (ofVolume(volume).some((other) => !shared || !other.shared)) return E.left(cinderError('VolumeIsBusy', 'VolumeIsAttached', 'the volume is attached'));
        kept.set(id, { id, volume, shared, mode, stage: 'reserved', initiator: null, hostName: null, instanceId: null });
        return E.right(undefined);
      }),
    attach: ({ volume, id }, { shared, mode }, { initiator, host }) =>
      told('attach', () => {
        kept.set(id, { id, volume, shared, mode, stage: 'connected', initiator, hostName: host, instanceId: null });
        return E.right(undefined);
      }),
    connect: ({ id }, { initiator, host }) => told('connect', () => (kept.get(id)?.stage === 'reserved' ? step(id, { stage: 'connected', initiator, hostName: host }) : E.right(undefined))),
    connection: ({ id }) => () => Promise.resolve(E.right({ paths: PATHS, chap: { username: 'chap_user', password: 'chap_password' }, mode: kept.get(id)?.mode ?? 'rw' })),
    complete: ({ id }, { instanceId, hostName, mode }) => told('complete', () => step(id, { stage: 'attached', instanceId, hostName, ...(mode === null ? {} : { mode }) })),
    beginDetach: ({ id }) => told('beginDetach', () => step(id, { stage: 'detaching' })),
    disconnect: ({ volume, id }, force) =>
      told(`disconnect${force ? ' by force' : ''}`, () => {
        for (const one of id === null ? ofVolume(volume) : ofVolume(volume).filter((each) => each.id === id)) step(one.id, { stage: 'disconnected' });
        return E.right(undefined);
      }),
    release: ({ id }, force) =>
      told(`release${force ? ' by force' : ''}`, () => {
        kept.delete(id);
        return E.right(undefined);
      }),
  };
};
