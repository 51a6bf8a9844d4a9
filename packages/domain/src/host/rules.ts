/** What must hold before a host accepts a command. */
import { ipOf, isInside, networkOf } from '../kernel/addresses.ts';
import { nameFault } from '../kernel/names.ts';
import { refuseHost, type HostRefusal } from './errors.ts';
import type { HostDecisionFacts } from './facts.ts';
import { ADMISSION_SETTLES_MS, MAX_ADDRESSES, MAX_HOST_REASON } from './limits.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import type { NetworkAddress } from './messages.ts';
import { gatewayAddresses, type HostFields, type HostState } from './state.ts';

type Answer = HostRefusal | undefined;

export const validName = (name: string): Answer => {
  const fault = nameFault(name);
  return fault === undefined ? undefined : refuseHost('NameIsNotAllowed', `the name ${JSON.stringify(name)} is not allowed: ${fault}`, { value: name });
};

/** The backends that a host names. */
export interface HostBackends {
  readonly name: string;
  readonly targets: string | null;
  readonly vips: string | null;
}

export const hostServes = ({ name, targets, vips }: HostBackends): Answer =>
  targets === null && vips === null ? refuseHost('HostServesNothing', `host "${name}" would serve neither targets nor virtual IPs`, { value: name }) : undefined;

export const backendsKnown = ({ targets, vips }: HostBackends, facts: HostDecisionFacts): Answer => {
  if (targets !== null && facts.targets === null) return refuseHost('BackendIsUnknown', `this control plane has no target backend named "${targets}"`, { value: targets });
  return vips !== null && facts.vips === null ? refuseHost('BackendIsUnknown', `this control plane has no backend of virtual IPs named "${vips}"`, { value: vips }) : undefined;
};

export const backendReachesHost = ({ name, targets, vips }: HostBackends, facts: HostDecisionFacts): Answer => {
  const missing = facts.targets?.reaches === false ? targets : facts.vips?.reaches === false ? vips : null;
  return missing === null ? undefined : refuseHost('HostIsUnknownToBackend', `the backend "${missing}" has no host named "${name}"`, { value: name });
};

const BITS = 32;
const networkAround = (ip: string, prefix: number): string => {
  const value = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (BITS - prefix);
  const first = value - (value % size);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${prefix}`;
};

const addressFault = ({ ip, prefix }: NetworkAddress): string | undefined => {
  if (ipOf(ip) === undefined) return 'it is not an IPv4 address';
  if (prefix < 1 || prefix > BITS) return `its prefix is ${prefix}, between 1 and ${BITS} is allowed`;
  const network = networkAround(ip, prefix);
  return networkOf(network) === undefined || !isInside(ip, network) ? `it is the network's own or the broadcast address of ${network}` : undefined;
};

export const validAddress = (address: NetworkAddress): Answer => {
  const fault = addressFault(address);
  return fault === undefined ? undefined : refuseHost('AddressIsNotAllowed', `the address ${JSON.stringify(address.ip)} is not allowed: ${fault}`, { value: address.ip });
};

export const addressesDiffer = (addresses: readonly NetworkAddress[]): Answer => {
  const double = addresses.find(({ ip, networkAddressId }, at) => addresses.slice(0, at).some((other) => other.ip === ip || other.networkAddressId === networkAddressId));
  return double === undefined ? undefined : refuseHost('AddressAlreadyThere', `the address ${double.ip} stands there twice`, { value: double.ip });
};

export const roomForAddress = (count: number): Answer =>
  count <= MAX_ADDRESSES ? undefined : refuseHost('TooManyAddresses', `the host would have ${count} addresses`, { value: count, limit: MAX_ADDRESSES });

export const reasonFits = (reason: string): Answer =>
  reason.length <= MAX_HOST_REASON
    ? undefined
    : refuseHost('ReasonIsTooLong', `the reason has ${reason.length} characters`, { value: reason.length, limit: MAX_HOST_REASON });

export const unused = ({ users }: HostState): Answer => {
  const paths = Object.keys(users);
  return paths.length === 0 ? undefined : refuseHost('HostIsInUse', `${paths.length} access paths have targets on the host`, { value: paths, limit: 0 });
};

export const addressUnused = (state: HostState, address: NetworkAddress): Answer =>
  address.role === 'gateway' && Object.keys(state.users).length > 0
    ? refuseHost('AddressIsInUse', `access paths have targets on the host, whose portal is ${address.ip}`, { value: address.ip })
    : undefined;

/** A look takes time, and so does the host to see that it was admitted. Opening everything once more would cut off whoever came back. */
export const admissionIsOld = ({ admission, host }: HostState, at: TimestampMs): Answer => {
  const admittedAt = admission?.at ?? null;
  const since = admittedAt === null ? ADMISSION_SETTLES_MS : at - admittedAt;
  return since >= ADMISSION_SETTLES_MS ? undefined : refuseHost('AdmittedJustNow', `host "${host?.name ?? ''}" was admitted ${since} ms ago`, { value: since, limit: ADMISSION_SETTLES_MS });
};

/** Where each access path has a daemon of its own, the portals of a host belong to the first one that came (S0-95). Which one is not said: it may be another tenant's (I-12). */
export const portalIsFree = ({ users }: HostState, host: HostFields, { targets }: HostDecisionFacts): Answer =>
  Object.keys(users).length === 0 || targets?.capabilities.sharedPortals !== false
    ? undefined
    : refuseHost('PortalTaken', `the portals of host "${host.name}" belong to another access path`, { value: host.name });

export const servesTargets = (host: HostFields, { targets }: HostDecisionFacts): Answer => {
  if (host.targets === null) return refuseHost('HostHasNoTargets', `host "${host.name}" has no backend for targets`, { value: host.name });
  if (gatewayAddresses(host).length > 0 || targets?.capabilities.portals === 'fixed') return undefined;
  // Whether it has portals of its own cannot be asked of a backend that is away.
  return targets === null
    ? refuseHost('BackendIsUnknown', `this control plane has no target backend named "${host.targets}" just now`, { value: host.targets })
    : refuseHost('HostHasNoTargets', `host "${host.name}" has no gateway address to offer targets on`, { value: host.name });
};
