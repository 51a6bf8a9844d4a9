/** What the tests of XDC ask for: wishes, volumes, accounts, and a context that knows their secrets. */
import { secret, type AccessPathId, type Bytes, type ChapAccount, type LunSource, type Qos, type SecretRef, type SerialNumber, type TargetActionOf, type TargetCallContext, type TargetClient, type TargetConfig, type TargetLun, type TargetRef, type VolumeId, type VolumeRef } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';

export const SECRETS = { storage: '1qaz2wsx3edc', prover: '3edc2wsx1qaz', other: '5tgb6yhn7ujm' } as const;
export const noQos: Qos = { enabled: false, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 };
/** Four numbers that are all different. */
export const someQos: Qos = { enabled: true, maxBytesPerSecond: 1_048_576_000, burstBytesPerSecond: 2_097_152_000, maxIops: 100_000, burstIops: 200_000 };

export const account = (user: keyof typeof SECRETS, secretOf: keyof typeof SECRETS = user): ChapAccount => ({ user, secretRef: `chap/${secretOf}/0123456789abcdef` as SecretRef });

export const volumeOf = (n: number): VolumeRef => ({
  placement: { backend: 'ceph', pool: 'vols' },
  volumeId: `0b9d7a3e-0000-4000-8000-${n.toString(16).padStart(12, '0')}` as VolumeId,
  serial: `1c5a53c0${n.toString(16).padStart(8, '0')}` as SerialNumber,
});
export const nameOf = ({ volumeId }: VolumeRef): string => `volume-${volumeId.replaceAll('-', '')}`;
export const sourceOf = (volume: VolumeRef): LunSource => ({ kind: 'rbd', pool: volume.placement.pool, image: nameOf(volume) });

export const lun = (number: number, volume = volumeOf(number), more: Partial<TargetLun> = {}): TargetLun => ({ lun: number, volume, sizeBytes: 10_737_418_240 as Bytes, qos: noQos, ...more });
export const client = (code: string, luns: readonly number[], mutual: ChapAccount | null = null): TargetClient => ({ code, luns, mutual });

export const target = (number = 1, more: Partial<TargetRef> = {}): TargetRef => ({
  place: { backend: 'xdc', host: 'gw1' },
  accessPathId: `0b9d7a3e-0000-4000-9000-${String(number).padStart(12, '0')}` as AccessPathId,
  number,
  iqn: `iqn.2019-01.com.xsky:testcluster.iscsi.${number}.14e203c25aeaaab5`,
  type: 'iscsi',
  ...more,
});

/** One portal, two LUNs, an account, and two clients of which one sees one LUN. */
export const CONFIG: TargetConfig = {
  portals: [{ ip: '10.255.101.74', port: 3260 }],
  chap: account('storage'),
  luns: [lun(0), lun(1)],
  clients: [client('10.255.101.73', [0], account('prover')), client('iqn.1994-05.com.redhat:9f2838fc926e', [0, 1])],
};

export const ensuring = (config: Partial<TargetConfig> = {}, more: Partial<TargetActionOf<'ensureTarget'>> = {}): TargetActionOf<'ensureTarget'> => ({
  do: 'ensureTarget',
  target: target(),
  config: { ...CONFIG, ...config },
  fenced: [],
  unmapped: [],
  ...more,
});

/** A context; it opens the secrets above. */
export const context: TargetCallContext = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  installationId: 'installation-1',
  secret: (ref) => () => Promise.resolve(E.right(secret(SECRETS[ref.split('/')[1] as keyof typeof SECRETS]))),
  sourceOf,
};
