/** Which addresses a webhook may reach. A receiver's name may lead anywhere, also to the services that only this machine should see. */
import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { MASK, type UrlFacts } from '@blockledger/domain';
import ipaddr from 'ipaddr.js';

const listOf = (...subnets: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, net.includes(':') ? 'ipv6' : 'ipv4');
  return list;
};

const loopback = listOf(['127.0.0.0', 8], ['::1', 128]);

/** Link-local addresses, where clouds keep the keys of their machines, and the addresses outside it where some do. */
const keepers = listOf(['169.254.0.0', 16], ['100.100.100.200', 32], ['192.0.0.192', 32], ['168.63.129.16', 32], ['fe80::', 10], ['fd00:ec2::254', 128]);

/** What no receiver can have. */
const nobodys = listOf(['0.0.0.0', 8], ['224.0.0.0', 4], ['240.0.0.0', 4], ['::', 128], ['ff00::', 8]);

const LAST = [12, 13, 14, 15];

/** Networks whose addresses hold an IPv4 address that a translator or a tunnel leads to, and at which bytes: RFC 4291, 2765, 3056, 6052, 8215. */
const carriers: readonly { readonly net: BlockList; readonly at: readonly (readonly number[])[] }[] = [
  { net: listOf(['::', 96], ['::ffff:0:0:0', 96], ['64:ff9b::', 96]), at: [LAST] },
  { net: listOf(['2002::', 16]), at: [[2, 3, 4, 5]] },
  // The network decides how long the prefix is, so it may be any of these; the ninth byte is left out.
  { net: listOf(['64:ff9b:1::', 48]), at: [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], LAST] },
];

const isIn = (list: BlockList, address: string): boolean => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** The IPv4 addresses that an IPv6 address may lead to. */
const carriedBy = (address: string): readonly string[] => {
  const bytes = ipaddr.parse(address).toByteArray();
  const places = carriers.filter(({ net }) => isIn(net, address)).flatMap(({ at }) => at);
  return places.map((place) => place.map((n) => bytes[n]).join('.'));
};

/** An address that no webhook reaches unless the configuration says so. */
export const isForbidden = (address: string): boolean => {
  if (isIP(address) === 0) return false;
  return isIn(nobodys, address) || isIn(keepers, address) || (isIP(address) === 6 && carriedBy(address).some((carried) => isIn(keepers, carried)));
};

/** The host of a URL without the brackets of an IPv6 address. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** An address taken apart; null for one that cannot be parsed. */
export const urlFacts = (text: string): UrlFacts | null => {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const host = hostOf(url);
  const isLoopback = host === 'localhost' || (isIP(host) !== 0 && isIn(loopback, host));
  return { protocol: url.protocol, isLoopback, hasCredentials: url.username !== '' || url.password !== '' };
};

/** An address for records: without the user and password that it should not have. */
export const withoutCredentials = (text: string): string => {
  if (urlFacts(text)?.hasCredentials !== true) return text;
  const url = new URL(text);
  url.username = MASK;
  url.password = '';
  return url.href;
};

/** Refused before anything was sent. */
export class AddressIsForbidden extends Error {
  constructor(host: string, address: string) {
    super(host === address ? `${address} is an address that webhooks may not reach` : `${host} leads to ${address}, an address that webhooks may not reach`);
    this.name = 'AddressIsForbidden';
  }
}

/** Throws for a URL that names a forbidden address itself: such a host is not looked up. */
export const checkHost = (url: URL): void => {
  const host = hostOf(url);
  if (isForbidden(host)) throw new AddressIsForbidden(host, host);
};

/** Looks a name up for a connection and refuses forbidden addresses: what was checked is what is connected to. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '');
    const bad = addresses.find(({ address }) => isForbidden(address));
    const [first] = addresses;
    if (bad !== undefined) return callback(new AddressIsForbidden(hostname, bad.address), '');
    if (options.all === true || first === undefined) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};
