/** What the tests of the `TargetBackend` contract are given, and the words in which they speak. */
import type { Either } from 'fp-ts/lib/Either.js';
import type { CancelSignal } from '../../kernel/cancel.ts';
import type { AccessPathId, VolumeId } from '../../kernel/ids.ts';
import type { PortError } from '../../kernel/portError.ts';
import { MIB, type Bytes } from '../../kernel/quantities.ts';
import { secret as wrapped, type Secret } from '../../kernel/secret.ts';
import type { VolumeRef } from '../../ports/blockBackend.ts';
import type { LunSource } from '../../ports/lunSource.ts';
import type { SecretRef } from '../../ports/secretStore.ts';
import type {
  ChapAccount,
  HostPlace,
  Portal,
  SeenTarget,
  TargetAction,
  TargetActionOf,
  TargetBackend,
  TargetCallContext,
  TargetClient,
  TargetConfig,
  TargetLun,
  TargetRef,
  TargetResult,
} from '../../ports/targetBackend.ts';
import { check, noQos, same, succeeded } from '../blockBackend/given.ts';

export { check, failed, noQos, same, succeeded } from '../blockBackend/given.ts';

/** How somebody logs in. */
export interface LoginAsked {
  readonly target: TargetRef;
  readonly portal: Portal;
  /** The initiator's own name. */
  readonly initiator: string;
  readonly user?: string;
  readonly secret?: string;
}

/** A session that stands: it may come back by itself as long as it is let in, as initiators do. */
export interface Login {
  /** Whether it can read the first block of this LUN now. */
  readonly reads: (lun: number) => Promise<boolean>;
  /** Ends the session for good; one that has ended already is no error. */
  readonly logout: () => Promise<void>;
}

/** A backend to test. What is optional is tested only where it is given. */
export interface TargetBackendUnderTest {
  readonly backend: TargetBackend;
  /** A host that answers. */
  readonly place: HostPlace;
  /** A host of this backend that does not answer. */
  readonly unreachable?: HostPlace;
  /** Makes a volume that hosts can open; `sourceOf` knows it then. */
  readonly makeVolume: (sizeBytes: Bytes) => Promise<VolumeRef>;
  /** Makes it larger, as its own backend does. */
  readonly growVolume?: (volume: VolumeRef, sizeBytes: Bytes) => Promise<void>;
  /** How hosts open a volume that `makeVolume` made. */
  readonly sourceOf: (volume: VolumeRef) => LunSource | undefined;
  /** A portal that nobody else has and that the host can serve. Not asked where portals are fixed. */
  readonly freshPortal: () => Portal;
  /** Calls that are cut off are cut at their first call to the outside, and at every so many after it. Default: 1. A slow backend takes 2 or 3. */
  readonly cutEvery?: number;
  /** The host forgets whatever it forgets when it restarts. */
  readonly restart?: (place: HostPlace) => Promise<void>;
  /** Somebody logs in; undefined when he is not let in. Needed for the tests of sessions. */
  readonly login?: (asked: LoginAsked) => Promise<Login | undefined>;
  /** Frees everything; called after each test. */
  readonly dispose: () => Promise<void>;
}

/** Registers one test. */
export type RegisterTargetTest = (name: string, run: () => Promise<void>) => void;

/** A target with what it is to have. */
export interface Wish {
  readonly target: TargetRef;
  readonly config: TargetConfig;
}

/** What one test works with. */
export interface TargetScene extends TargetBackendUnderTest {
  readonly context: TargetCallContext;
  /** A target that no other test has. */
  readonly target: TargetRef;
  /** Another one of the same access path, where a path has several; else of another path. */
  readonly neighbour: TargetRef;
  /** One of another access path. */
  readonly stranger: TargetRef;
  readonly account: (user: string, secret: string) => ChapAccount;
  /** A volume as this LUN: a new one, or the one that the target stands for. `of` is `target` unless said otherwise. */
  readonly lun: (lun: number, of?: TargetRef) => Promise<TargetLun>;
  /** Portals: new ones where they are given, none where they are fixed. */
  readonly portals: (count: number) => readonly Portal[];
  readonly perform: (action: TargetAction, context?: TargetCallContext) => Promise<Either<PortError, TargetResult>>;
  /** The answer of an action that must succeed. */
  readonly done: (action: TargetAction) => Promise<TargetResult>;
  /** The target as it is seen. */
  readonly seen: (target: TargetRef) => Promise<SeenTarget | undefined>;
  /** Fails unless the target stands just as wished, as far as the backend shows it. */
  readonly stands: (wish: Wish, what: string) => Promise<SeenTarget>;
}

export type OnTargetScene = (name: string, run: (scene: TargetScene) => Promise<void>) => void;

export const SMALL = (64 * MIB) as Bytes;
export const LARGE = (128 * MIB) as Bytes;
/** Secrets that no text may ever show. */
export const SECRETS = ['1qaz2wsx3edc', '3edc2wsx1qaz', '5tgb6yhn7ujm'] as const;

const hex = (digits: number): string => Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('');
export const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;

export const never: CancelSignal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };

/** An initiator that no other test has. */
export const freshInitiator = (): string => `iqn.1994-05.com.redhat:${hex(12)}`;

let lastNumber = Math.floor(Math.random() * 500);

const freshPath = (place: HostPlace): TargetRef => {
  lastNumber += 1;
  const iqn = `iqn.2019-01.com.blockledger:contract.iscsi.${lastNumber}.${hex(16)}`;
  return { place, accessPathId: uuid() as AccessPathId, number: lastNumber, iqn, type: 'iscsi' };
};

export const ensuring = ({ target, config }: Wish, more: Partial<TargetActionOf<'ensureTarget'>> = {}): TargetActionOf<'ensureTarget'> => ({
  do: 'ensureTarget',
  target,
  config,
  fenced: [],
  unmapped: [],
  ...more,
});

export const ending = (target: TargetRef, force = false): TargetActionOf<'ensureTargetGone'> => ({ do: 'ensureTargetGone', target, force });

/** A client that sees all these LUNs. */
export const client = (code: string, luns: readonly TargetLun[], mutual: ChapAccount | null = null): TargetClient => ({ code, luns: luns.map(({ lun }) => lun), mutual });

/** Any order is as good as another. */
const sorted = <A>(values: readonly A[]): readonly A[] => values.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

/** What a wish says and a seen target shows, in the same words and order. */
const inWords = (config: TargetConfig, seen: SeenTarget, given: boolean): readonly unknown[] => {
  const luns = config.luns.map(({ lun, volume, sizeBytes }) => {
    const shown = seen.luns.find((one) => one.lun === lun);
    return [lun, shown?.serial === undefined ? null : volume.serial, shown?.sizeBytes === undefined ? null : sizeBytes, true];
  });
  const clients = config.clients.map(({ code, mutual, luns: mask }) => {
    const shown = seen.clients.find((one) => one.code === code);
    return [code, shown?.luns === undefined ? null : sorted(mask), mutual?.user ?? null];
  });
  const users = config.chap === null ? [] : [config.chap.user];
  return [given ? sorted(config.portals.map(({ ip, port }) => `${ip} ${port}`)) : [], seen.chapUsers === undefined ? null : users, sorted(luns), sorted(clients), true];
};

const asSeen = ({ portals, chapUsers, luns, clients, online }: SeenTarget, given: boolean): readonly unknown[] => [
  given ? sorted(portals.map(({ ip, port }) => `${ip} ${port}`)) : [],
  chapUsers ?? null,
  sorted(luns.map(({ lun, serial, sizeBytes, online: isOnline }) => [lun, serial ?? null, sizeBytes ?? null, isOnline])),
  sorted(clients.map(({ code, luns: mask, mutualUser }) => [code, mask === undefined ? null : sorted(mask), mutualUser ?? null])),
  online,
];

/** The three targets of a scene; where a target stands for a volume, each has one of its own. */
const targetsOn = async ({ backend, place, makeVolume }: TargetBackendUnderTest): Promise<readonly { readonly ref: TargetRef; readonly volume: VolumeRef | undefined }[]> => {
  const { scope } = backend.capabilities;
  const first = freshPath(place);
  const beside = scope === 'accessPath' ? {} : { accessPathId: first.accessPathId, number: first.number };
  return Promise.all(
    [first, { ...freshPath(place), ...beside }, freshPath(place)].map(async (ref) => {
      const volume = scope === 'volume' ? await makeVolume(SMALL) : undefined;
      return { ref: volume === undefined ? ref : { ...ref, volumeId: volume.volumeId }, volume };
    }),
  );
};

/** Makes the scene of one test on a backend. */
export const targetSceneOn = async (given: TargetBackendUnderTest): Promise<TargetScene> => {
  const { backend } = given;
  const secrets = new Map<SecretRef, Secret>();
  const secret: TargetCallContext['secret'] = (ref) => () => {
    const found = secrets.get(ref);
    return Promise.resolve(
      found === undefined ? { _tag: 'Left', left: { _tag: 'Permanent', code: 'SecretUnreadable', message: 'the secret is not kept' } } : { _tag: 'Right', right: found },
    );
  };
  const context: TargetCallContext = { signal: never, onProgress: () => undefined, installationId: `installation-${hex(8)}`, secret, sourceOf: given.sourceOf };
  const targets = await targetsOn(given);
  const [target, neighbour, stranger] = targets.map(({ ref }) => ref);
  check(target !== undefined && neighbour !== undefined && stranger !== undefined, 'three targets');
  const volumeOf = (of: TargetRef): VolumeRef | undefined => targets.find(({ ref }) => ref.iqn === of.iqn)?.volume;
  const perform: TargetScene['perform'] = (action, asked = context) => backend.perform(action, asked)();
  const seen: TargetScene['seen'] = async (ref) => succeeded(await backend.see(ref, context)(), 'see');
  return {
    ...given,
    context,
    target,
    neighbour,
    stranger,
    account: (user, text) => {
      const secretRef = `chap/${uuid()}/${hex(32)}` as SecretRef;
      secrets.set(secretRef, wrapped(text));
      return { user, secretRef };
    },
    lun: async (lun, of = target) => ({ lun, volume: volumeOf(of) ?? (await given.makeVolume(SMALL)), sizeBytes: SMALL, qos: noQos }),
    portals: (count) => (backend.capabilities.portals === 'given' ? Array.from({ length: count }, given.freshPortal) : []),
    perform,
    done: async (action) => succeeded(await perform(action), action.do),
    seen,
    stands: async ({ target: ref, config }, what) => {
      const shown = await seen(ref);
      check(shown !== undefined, `${what}: the target is there`);
      same(shown.chapUsers !== undefined, backend.capabilities.showsChap, `${what}: accounts are shown where the backend can`);
      const portalsAreGiven = backend.capabilities.portals === 'given';
      same(asSeen(shown, portalsAreGiven), inWords(config, shown, portalsAreGiven), what);
      return shown;
    },
  };
};

/** A volume's id, for `unmapped`. */
export const idOf = ({ volume }: TargetLun): VolumeId => volume.volumeId;
