/** One access path on one real gateway, in short words: for tests of tgt beside the contract. */
import type { AccessPathId, Bytes, ChapAccount, Portal, PortError, SecretRef, TargetAction, TargetCallContext, TargetClient, TargetConfig, TargetLun, TargetRef, TargetResult, VolumeRef } from '@blockledger/domain';
import { secret } from '@blockledger/domain';
import { randomBytes, randomUUID } from 'node:crypto';
import type { RealTgt } from './tgt.ts';

export const SIZE = (64 * 2 ** 20) as Bytes;
export const LARGER = (128 * 2 ** 20) as Bytes;
const NO_QOS = { enabled: false, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 };

/** A test's gateway with an access path, and what is done with it. */
export interface TgtScene {
  readonly target: TargetRef;
  /** Another client group of the same access path. */
  readonly beside: TargetRef;
  readonly context: TargetCallContext;
  readonly account: (user: string, text: string) => ChapAccount;
  readonly lun: (lun: number, volume: VolumeRef, sizeBytes?: Bytes) => TargetLun;
  /** What is not said: one portal, no account, no LUN, nobody. */
  readonly config: (more: Partial<TargetConfig>) => TargetConfig;
  readonly perform: (action: TargetAction) => Promise<{ readonly _tag: 'Right'; readonly right: TargetResult } | { readonly _tag: 'Left'; readonly left: PortError }>;
  /** Must succeed. */
  readonly ensure: (config: TargetConfig, target?: TargetRef) => Promise<TargetResult>;
  /** Must fail; the error. */
  readonly refused: (config: TargetConfig, target?: TargetRef) => Promise<PortError>;
  readonly gone: (force?: boolean, target?: TargetRef) => Promise<TargetResult>;
  readonly portal: Portal;
}

/** All LUNs for one client. */
export const letting = (code: string, luns: readonly TargetLun[], mutual: ChapAccount | null = null): TargetClient => ({ code, luns: luns.map(({ lun }) => lun), mutual });

const freshIqn = (): string => `iqn.2019-01.com.blockledger:test.iscsi.7.${randomBytes(8).toString('hex')}`;

/** Makes a scene on a gateway. */
export const tgtScene = ({ backend, host, sourceOf, freshPortal }: RealTgt, more: { readonly sourceOf?: TargetCallContext['sourceOf']; readonly number?: number } = {}): TgtScene => {
  const secrets = new Map<SecretRef, string>();
  const context: TargetCallContext = {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    installationId: randomUUID(),
    secret: (ref) => () => Promise.resolve({ _tag: 'Right', right: secret(secrets.get(ref) ?? '') }),
    sourceOf: (volume) => more.sourceOf?.(volume) ?? sourceOf(volume),
  };
  const target: TargetRef = { place: { backend: 'tgt', host: host.name }, accessPathId: randomUUID() as AccessPathId, number: more.number ?? 7, iqn: freshIqn(), type: 'iscsi' };
  const portal = freshPortal();
  const perform: TgtScene['perform'] = (action) => backend.perform(action, context)();
  const ensure = (config: TargetConfig, of = target) => perform({ do: 'ensureTarget', target: of, config, fenced: [], unmapped: [] });
  const succeeded = (answer: Awaited<ReturnType<TgtScene['perform']>>): TargetResult => {
    if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left));
    return answer.right;
  };
  return {
    target,
    beside: { ...target, iqn: freshIqn() },
    context,
    account: (user, text) => {
      const secretRef = `chap/${randomUUID()}/${randomBytes(16).toString('hex')}` as SecretRef;
      secrets.set(secretRef, text);
      return { user, secretRef };
    },
    lun: (lun, volume, sizeBytes = SIZE) => ({ lun, volume, sizeBytes, qos: NO_QOS }),
    config: (wanted) => ({ portals: [portal], chap: null, luns: [], clients: [], ...wanted }),
    perform,
    ensure: async (config, of) => succeeded(await ensure(config, of)),
    refused: async (config, of) => {
      const answer = await ensure(config, of);
      if (answer._tag === 'Right') throw new Error('it succeeded');
      return answer.left;
    },
    gone: async (force = false, of = target) => succeeded(await perform({ do: 'ensureTargetGone', target: of, force })),
    portal,
  };
};
