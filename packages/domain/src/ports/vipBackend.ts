/**
 * A backend of virtual IPs: addresses that move between gateway hosts by VRRP. One call takes the whole wanted instance of one address on
 * one host; it looks first and then does only what differs, so it may be repeated at will.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import * as t from 'io-ts';
import { Uuid, VipGroupId, VipId } from '../kernel/ids.ts';
import type { PortError } from '../kernel/portError.ts';
import { Count } from '../kernel/quantities.ts';
import type { CallContext, PlannedStep } from './blockBackend.ts';
import type { Diagnose } from './diagnosis.ts';
import { HostPlace, Portal } from './targetBackend.ts';

/** The network device of a host that VRRP speaks on: `eth0`, `enp2s0f3`. */
export const NetworkInterface = t.refinement(t.string, (text) => /^[\w.@:-]{1,15}$/.test(text), 'NetworkInterface');
/** A value of the codec `NetworkInterface`. */
export type NetworkInterface = t.TypeOf<typeof NetworkInterface>;

/** A virtual router id, 1 to 255; one group of addresses each per network segment (I-23). */
export const Vrid = t.refinement(t.number, (n) => Number.isInteger(n) && n >= 1 && n <= 255, 'Vrid');
/** A value of the codec `Vrid`. */
export type Vrid = t.TypeOf<typeof Vrid>;

/** What a host must serve before it may hold an address: this target by this portal with these LUNs. Checked on the host itself. */
export const ReadyCheck = t.readonly(t.strict({ iqn: t.string, portal: Portal, luns: t.readonlyArray(Count) }), 'ReadyCheck');
/** A value of the codec `ReadyCheck`. */
export type ReadyCheck = t.TypeOf<typeof ReadyCheck>;

/** One address on one host: each address has an instance on every host of its group, with a priority of its own (S0-75, I-23). */
export const VipInstance = t.readonly(
  t.strict({
    vipGroupId: VipGroupId,
    vipId: VipId,
    ip: t.string,
    /** Prefix length, 32 as a rule: the address brings no route of its own (S0-76, R-16). */
    mask: Count,
    vrid: Vrid,
    /** 1 to 254; the highest one that is ready holds the address. 101 for the preferred host (S0-77). */
    priority: Count,
    preempt: t.boolean,
    interface: NetworkInterface,
    /** This host's own address on the interface, which its adverts come from. */
    source: t.string,
    /** The other hosts' addresses: adverts from anybody else are somebody else's. */
    peers: t.readonlyArray(t.string),
    checks: t.readonlyArray(ReadyCheck),
  }),
  'VipInstance',
);
/** A value of the codec `VipInstance`. */
export type VipInstance = t.TypeOf<typeof VipInstance>;

/** Which instance: of which address, on which host. */
export const VipInstanceRef = t.readonly(t.strict({ place: HostPlace, vipId: VipId, ip: t.string, mask: Count, interface: NetworkInterface }), 'VipInstanceRef');
/** A value of the codec `VipInstanceRef`. */
export type VipInstanceRef = t.TypeOf<typeof VipInstanceRef>;

const action = <K extends string, P extends t.Props>(kind: K, props: P) => t.readonly(t.strict({ do: t.literal(kind), place: HostPlace, ...props }));

/** The calls that change something, as data. */
export const VipAction = t.union(
  [
    /**
     * The instance runs just as wanted. Its configuration was checked before it was given to the daemon: a bad one is never loaded.
     * A `yielding` instance takes part without ever holding the address: that is how an address is moved away before its instance goes.
     */
    action('ensureInstance', { instance: VipInstance, yielding: t.boolean }),
    /** The instance is gone with its files, and the address is not on this host any more. */
    action('ensureInstanceGone', { instance: VipInstanceRef }),
    /** Looks, changes nothing. */
    action('observeInstance', { instance: VipInstanceRef }),
    /** Listens on the wire for so long and tells which virtual router ids are in use there. */
    action('scanVrids', { interface: NetworkInterface, listenMs: Count }),
    /** This host may hold addresses again: its LUNs were opened anew after it was fenced. `token` names the opening. */
    action('admitHost', { token: Uuid }),
  ],
  'VipAction',
);
/** A value of the codec `VipAction`. */
export type VipAction = t.TypeOf<typeof VipAction>;
/** The action of one name: `VipActionOf<'ensureInstance'>`. */
export type VipActionOf<K extends VipAction['do']> = Extract<VipAction, { do: K }>;

/** What an instance is doing; `stopped`: no daemon runs. */
export const VrrpState = t.keyof({ master: null, backup: null, fault: null, stopped: null }, 'VrrpState');
/** A value of the codec `VrrpState`. */
export type VrrpState = t.TypeOf<typeof VrrpState>;

/**
 * Why an instance may not hold its address just now: `admission`, its host has to be admitted, or admitted again since it may have been
 * fenced; `service`, something in its `checks` is not served, or its link is down; `yielding`, it was told so.
 */
export const NotReady = t.keyof({ admission: null, service: null, yielding: null }, 'NotReady');
/** A value of the codec `NotReady`. */
export type NotReady = t.TypeOf<typeof NotReady>;

/** Somebody's advert heard on the wire: who speaks for which virtual router. */
export const HeardAdvert = t.readonly(t.strict({ source: t.string, vrid: Vrid, priority: Count }), 'HeardAdvert');
/** A value of the codec `HeardAdvert`. */
export type HeardAdvert = t.TypeOf<typeof HeardAdvert>;

/**
 * What a call reports back. `holds` is whether the address is on the host's interface, whatever the daemon believes: a killed daemon leaves
 * it there. `notReady` is absent from an instance that may hold it. `heard` is from `scanVrids`.
 */
export const VipResult = t.readonly(
  t.partial({ exists: t.boolean, state: VrrpState, holds: t.boolean, notReady: NotReady, heard: t.readonlyArray(HeardAdvert) }),
  'VipResult',
);
/** A value of the codec `VipResult`. */
export type VipResult = t.TypeOf<typeof VipResult>;

/** An instance as a host shows it. */
export interface SeenInstance {
  readonly vipId?: VipId;
  readonly ip: string;
  readonly vrid: number;
  readonly priority: number;
  readonly state: VrrpState;
  readonly holds: boolean;
  readonly notReady?: NotReady;
}

/**
 * A system that keeps virtual IPs. To write one, hold it to `vipBackendContract` of `@blockledger/domain/testing`. A host that cannot be
 * reached is `Retryable` with the code `HostUnreachable`.
 */
export interface VipBackend {
  /** The kind of backend: `keepalived`. */
  readonly kind: string;
  /** As with block backends: for so long an effect may land late, in ms. */
  readonly lateEffectsMs?: number;
  /** Hosts that this backend can reach, by the names that places carry. */
  readonly hosts: () => readonly string[];
  /** Does one action. The answer to an action that was already done is the same as to one that does it now. */
  readonly perform: (action: VipAction, context: CallContext) => TaskEither<PortError, VipResult>;
  /** Every instance of ours on a host, and addresses of ours that stand there without one. */
  readonly list: (place: HostPlace, context: CallContext) => TaskEither<PortError, readonly SeenInstance[]>;
  /** The steps of an action on an untouched host. Pure. */
  readonly plan: (action: VipAction) => readonly PlannedStep[];
  /** Says what is wrong between here and the hosts, for `blockledger doctor`. */
  readonly diagnose?: Diagnose;
  /** Ends what is still running and frees what is held. Instances under systemd go on; children of this process end with it. */
  readonly close: () => Promise<void>;
}
