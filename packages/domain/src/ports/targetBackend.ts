/**
 * A target backend as the drivers see it: gateways that run targets (XDC, tgt), or an array that has its own (QSAN). One call takes the whole
 * wanted configuration of one target on one host; it looks first and then does only what differs, so it may be repeated at will.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import * as t from 'io-ts';
import { AccessPathId, VolumeId } from '../kernel/ids.ts';
import type { PortError } from '../kernel/portError.ts';
import { Bytes, Count } from '../kernel/quantities.ts';
import type { Secret } from '../kernel/secret.ts';
import { Qos, VolumeRef, type CallContext, type PlannedStep } from './blockBackend.ts';
import type { Diagnose } from './diagnosis.ts';
import type { LunSource } from './lunSource.ts';
import { SecretRef } from './secretStore.ts';

const orNull = <C extends t.Mixed>(codec: C) => t.union([t.null, codec]);

/** How hosts reach a volume: over iSCSI, on the gateway itself, or over Fibre Channel. */
export const AccessType = t.keyof({ iscsi: null, local: null, fc: null }, 'AccessType');
/** A value of the codec `AccessType`. */
export type AccessType = t.TypeOf<typeof AccessType>;

/** Where a target runs: the backend's registered name, and the host as that backend knows it. */
export const HostPlace = t.readonly(t.strict({ backend: t.string, host: t.string }), 'HostPlace');
/** A value of the codec `HostPlace`. */
export type HostPlace = t.TypeOf<typeof HostPlace>;

/** One account of CHAP. The secret itself is in the secret store. */
export const ChapAccount = t.readonly(t.strict({ user: t.string, secretRef: SecretRef }), 'ChapAccount');
/** A value of the codec `ChapAccount`. */
export type ChapAccount = t.TypeOf<typeof ChapAccount>;

/** Where initiators connect: an IP address and a TCP port, 3260 as a rule (S0-95). */
export const Portal = t.readonly(t.strict({ ip: t.string, port: Count }), 'Portal');
/** A value of the codec `Portal`. */
export type Portal = t.TypeOf<typeof Portal>;

/** A volume as one target offers it. Initiators see `volume.serial` as its serial number (S0-18, I-19). */
export const TargetLun = t.readonly(t.strict({ lun: Count, volume: VolumeRef, sizeBytes: Bytes, qos: Qos }), 'TargetLun');
/** A value of the codec `TargetLun`. */
export type TargetLun = t.TypeOf<typeof TargetLun>;

/**
 * One initiator that is let in: its IQN or IP address, or its WWN (S0-93, X-6), the LUNs that it may see (S0-94), and the account by which the
 * target proves itself to it, null for one-way CHAP (S0-87).
 */
export const TargetClient = t.readonly(t.strict({ code: t.string, luns: t.readonlyArray(Count), mutual: orNull(ChapAccount) }), 'TargetClient');
/** A value of the codec `TargetClient`. */
export type TargetClient = t.TypeOf<typeof TargetClient>;

/**
 * Which target: of which access path, on which host. `number` is the access path's REST integer, XDC's atid (S0-90). `volumeId` is there where
 * one target stands for one volume: whose target it is, also when it is to go (S1-17).
 */
export const TargetRef = t.readonly(
  t.exact(t.intersection([t.type({ place: HostPlace, accessPathId: AccessPathId, number: Count, iqn: t.string, type: AccessType }), t.partial({ volumeId: VolumeId })])),
  'TargetRef',
);
/** A value of the codec `TargetRef`. */
export type TargetRef = t.TypeOf<typeof TargetRef>;

/** Everything that one target is to have: no more, and no less. `chap` is the account that initiators present, null for none (S0-86). */
export const TargetConfig = t.readonly(
  t.strict({ portals: t.readonlyArray(Portal), chap: orNull(ChapAccount), luns: t.readonlyArray(TargetLun), clients: t.readonlyArray(TargetClient) }),
  'TargetConfig',
);
/** A value of the codec `TargetConfig`. */
export type TargetConfig = t.TypeOf<typeof TargetConfig>;

const action = <K extends string, P extends t.Props>(kind: K, props: P) => t.readonly(t.strict({ do: t.literal(kind), target: TargetRef, ...props }));

/** The calls that change something, as data: owed work carries them, `plan` prints them, a driver hands them to the backend. */
export const TargetAction = t.union(
  [
    /**
     * Makes the target just as wanted. What is added is there before anything is taken away; an account before the clients that need it
     * . `fenced` are codes of clients that may have no session left: their sessions are ended and seen gone before it succeeds (I-21).
     * `unmapped` are volumes of which nothing may stay behind on the host when it succeeds, whatever an earlier call that was cut off has
     * left. Without `fenced`, taking a LUN away cuts nobody off but by the LUN itself. Who is none of `clients` any more has no session left
     * either, where sessions can be ended.
     */
    action('ensureTarget', { config: TargetConfig, fenced: t.readonlyArray(t.string), unmapped: t.readonlyArray(VolumeId) }),
    /** Takes the target away with all that belongs to it, LUNs, clients and accounts. With `force` its sessions are ended first. */
    action('ensureTargetGone', { force: t.boolean }),
    /** Looks, changes nothing. */
    action('observeTarget', {}),
  ],
  'TargetAction',
);
/** A value of the codec `TargetAction`. */
export type TargetAction = t.TypeOf<typeof TargetAction>;
/** The action of one name: `TargetActionOf<'ensureTarget'>`. */
export type TargetActionOf<K extends TargetAction['do']> = Extract<TargetAction, { do: K }>;

/**
 * What a call reports back and what is stored with its confirmation. `exists` from `observeTarget` and `ensureTargetGone`; `portals` where the
 * backend chooses them itself: those by which initiators come in now (S1-20). `sessions` is how many there are just now.
 */
export const TargetResult = t.readonly(t.partial({ exists: t.boolean, portals: t.readonlyArray(Portal), sessions: Count }), 'TargetResult');
/** A value of the codec `TargetResult`. */
export type TargetResult = t.TypeOf<typeof TargetResult>;

/** A session of an initiator with a target, as the host shows it. */
export interface TargetSession {
  /** The initiator's IQN or WWN. */
  readonly initiator: string;
  /** Its address; absent where there is none, or where it is not shown. */
  readonly address?: string;
  /** The portal it came in by; absent where the backend cannot tell. */
  readonly portal?: Portal;
}

/** A LUN as a target shows it. `serial` and `sizeBytes` are absent where the backend does not show them exactly. */
export interface SeenLun {
  readonly lun: number;
  readonly source: string;
  readonly serial?: string;
  readonly sizeBytes?: number;
  /** False while it answers not ready. */
  readonly online: boolean;
}

/** A target as it stands, ours or not. Never a secret: of accounts only the users (S0-92). */
export interface SeenTarget {
  readonly iqn: string;
  readonly online: boolean;
  readonly portals: readonly Portal[];
  /** Users that initiators may present; empty without CHAP. Absent where the backend does not show them. */
  readonly chapUsers?: readonly string[];
  readonly luns: readonly SeenLun[];
  readonly clients: readonly { readonly code: string; readonly luns?: readonly number[]; readonly mutualUser?: string }[];
  readonly sessions: readonly TargetSession[];
}

/** What a call of a target backend gets besides its arguments. */
export interface TargetCallContext extends CallContext {
  /** Opens a secret. It is used and forgotten: it never stands in an error, a log line or an answer (I-24). */
  readonly secret: (ref: SecretRef) => TaskEither<PortError, Secret>;
  /** How the volume is opened; undefined where its block backend cannot be opened by hosts. */
  readonly sourceOf: (volume: VolumeRef) => LunSource | undefined;
}

/**
 * What a target backend can do; the core consults them so that a refusal names the missing capability before anything is touched.
 * - `scope`: what one target stands for: the whole access path with masks (XDC), one client group of it (tgt, which cannot mask), or one volume
 *   for all client groups that see it (QSAN, where a volume has one mapping at most: S1-17, S1-22).
 * - `opens`: volumes of which kinds its hosts open. `array`: those of the block backend that has the same name, for they are one array.
 * - `list`: all targets of a host can be listed; without it only a target that is known can be looked at, and `list` is `Unsupported` (S1-42).
 * - `showsChap`: the users that initiators may present are shown. `clearsChap`: the account can be taken away while clients are let in; without
 *   it a target loses its account by being made anew, which is refused as `Busy` as long as a client stays let in.
 * - `mutualChap`: an account per client, one per target, or none. `portals`: given by us, or fixed by the backend, which then reports them with
 *   each target that it makes (S1-20).
 * - `maxLuns`: how many volumes one access path has, and one more than its largest LUN number.
 */
export interface TargetCapabilities {
  readonly types: readonly AccessType[];
  readonly scope: 'accessPath' | 'clientGroup' | 'volume';
  readonly opens: readonly LunSource['kind'][];
  readonly list: boolean;
  readonly clientCodes: readonly ('iqn' | 'ip' | 'wwn')[];
  readonly forwardChap: boolean;
  readonly showsChap: boolean;
  readonly clearsChap: boolean;
  readonly mutualChap: 'client' | 'target' | 'none';
  readonly portals: 'given' | 'fixed';
  /** Targets of several access paths may stand on one portal of a host; false where each access path has a daemon of its own there. */
  readonly sharedPortals: boolean;
  readonly qos: boolean;
  readonly onlineExtend: boolean;
  /** Sessions are shown, and can be ended one by one. */
  readonly sessions: boolean;
  /** A call can see to it that an initiator has no session left; without it nothing is taken away by force (I-21). */
  readonly fences: boolean;
  /** A host serves a portal whose address is not its own yet: needed for virtual IPs. */
  readonly virtualPortals: boolean;
  readonly maxLuns: number;
}

/**
 * A system that offers volumes to initiators. To write one, hold it to `targetBackendContract` of `@blockledger/domain/testing`. A method
 * returns its error, it never throws; it ends soon after the signal of its context was given. A host that cannot be reached is `Retryable`
 * with the code `HostUnreachable`, told apart from everything that a host answers.
 */
export interface TargetBackend {
  /** The kind of backend: `xdc`, `tgt`, `qsan`. */
  readonly kind: string;
  readonly capabilities: TargetCapabilities;
  /** As with block backends: for so long an effect may land late, in ms. */
  readonly lateEffectsMs?: number;
  /** Hosts that this backend can reach, by the names that places carry. */
  readonly hosts: () => readonly string[];
  /** Does one action. The answer to an action that was already done is the same as to one that does it now. */
  readonly perform: (action: TargetAction, context: TargetCallContext) => TaskEither<PortError, TargetResult>;
  /** One target; `undefined` when there is none. */
  readonly see: (target: TargetRef, context: CallContext) => TaskEither<PortError, SeenTarget | undefined>;
  /** Every target of a host, ours and others': for the audit. */
  readonly list: (place: HostPlace, context: CallContext) => TaskEither<PortError, readonly SeenTarget[]>;
  /** The steps of an action on an untouched host. Pure, secrets masked. */
  readonly plan: (action: TargetAction) => readonly PlannedStep[];
  /** Says what is wrong between here and the hosts, for `blockledger doctor`. */
  readonly diagnose?: Diagnose;
  /** Ends what is still running and frees what is held. Targets go on serving. */
  readonly close: () => Promise<void>;
}
