/** IP addresses and networks: parsed, compared and written in one way. Pure; names of hosts are not looked up. */
import * as t from 'io-ts';

/** A network segment: everything that hears the same broadcasts, and so the scope of virtual router ids. A name that operators give. */
export const NetworkSegment = t.refinement(t.string, (text) => /^[\w.:-]{1,64}$/.test(text), 'NetworkSegment');
/** A value of the codec `NetworkSegment`. */
export type NetworkSegment = t.TypeOf<typeof NetworkSegment>;

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const BITS = 32;

const ipv4Of = (text: string): number | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => OCTET.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((value, part) => value * 256 + Number(part), 0);
};

/**
 * An IPv4 address in its one form, or nothing. Leading zeros, which some programs read as octal, are refused.
 *
 * @example
 * import { ipOf } from '@blockledger/domain';
 * ipOf('10.252.1.129'); // => '10.252.1.129'
 * ipOf('10.252.1.299'); // => undefined
 */
export const ipOf = (text: string): string | undefined => (ipv4Of(text) === undefined ? undefined : text);

/** A network: its first and last address as numbers, and the length of its prefix. */
export interface Network {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/**
 * A network written as `address/prefix`, or nothing. The address must be the network's own, without bits of a host.
 *
 * @example
 * import { networkOf } from '@blockledger/domain';
 * networkOf('10.252.1.0/24')?.prefix; // => 24
 * networkOf('10.252.1.7/24'); // => undefined
 */
export const networkOf = (text: string): Network | undefined => {
  const [address = '', prefixText = '', ...more] = text.split('/');
  const first = ipv4Of(address);
  const prefix = Number(prefixText);
  if (first === undefined || more.length > 0 || !OCTET.test(prefixText) || prefix > BITS) return undefined;
  const size = 2 ** (BITS - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
};

/**
 * True for an address that a host of the network may have: inside, and neither the network's own nor its broadcast address. Networks of
 * one or two addresses have neither.
 *
 * @example
 * import { isInside } from '@blockledger/domain';
 * isInside('10.252.1.129', '10.252.1.0/24'); // => true
 * isInside('10.252.1.255', '10.252.1.0/24'); // => false
 */
export const isInside = (ip: string, network: string): boolean => {
  const [value, found] = [ipv4Of(ip), networkOf(network)];
  if (value === undefined || found === undefined || value < found.first || value > found.last) return false;
  return found.last - found.first < 2 || (value !== found.first && value !== found.last);
};

const IQN = /^iqn\.\d{4}-\d{2}\.[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[^\s,]{1,180})?$/;
const EUI = /^eui\.[0-9A-Fa-f]{16}$/;
const NAA = /^naa\.(?:[0-9A-Fa-f]{16}|[0-9A-Fa-f]{32})$/;
const WWN = /^(?:[0-9a-f]{2}:){7}[0-9a-f]{2}$/;
/** Longest iSCSI name, in bytes (RFC 7143). */
const MAX_ISCSI_NAME = 223;

/** What kind of code names an initiator: an iSCSI name, an IP address, or a world wide name (S0-93, X-6). */
export type ClientCodeKind = 'iqn' | 'ip' | 'wwn';

/**
 * The kind of an initiator's code, or nothing where it is none. iSCSI names are in lower case, WWNs are eight pairs with colons.
 *
 * @example
 * import { clientCodeKind } from '@blockledger/domain';
 * clientCodeKind('iqn.1994-05.com.redhat:9f2838fc926e'); // => 'iqn'
 * clientCodeKind('10.255.101.73'); // => 'ip'
 * clientCodeKind('50:01:43:80:12:34:56:78'); // => 'wwn'
 * clientCodeKind('db-1'); // => undefined
 */
export const clientCodeKind = (code: string): ClientCodeKind | undefined => {
  if (code.length <= MAX_ISCSI_NAME && (IQN.test(code) || EUI.test(code) || NAA.test(code))) return 'iqn';
  if (ipv4Of(code) !== undefined) return 'ip';
  return WWN.test(code) ? 'wwn' : undefined;
};
