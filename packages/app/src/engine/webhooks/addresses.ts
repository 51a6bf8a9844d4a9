/** Which addresses a webhook may reach. A receiver's name may lead anywhere, also to the services that only this machine should see. */
import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { MASK, type UrlFacts } from '@blockledger/domain';

const listOf = (...subnets: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, net.includes(':') ? 'ipv6' : 'ipv4');
  return list;
};

const loopback = listOf(['127.0.0.0', 8], ['::1', 128]);

/** Link-local addresses, where clouds keep the keys of their machines, and the addresses outside it where some do; and what no receiver can have. */
const forbidden = listOf(
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
  ['168.63.129.16', 32],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
  ['ff00::', 8],
  // The same link-local addresses behind a translator.
  ['64:ff9b::a9fe:0', 112],
);

const isIn = (list: BlockList, address: string): boolean => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** An address that no webhook reaches unless the configuration says so. */
export const isForbidden = (address: string): boolean => isIP(address) !== 0 && isIn(forbidden, address);

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
