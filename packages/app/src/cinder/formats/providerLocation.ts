/** `provider_location`: where a volume can be reached, in one line of Cinder's database (S1-26). */
import { isIPv6 } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { cinderError, type CinderError } from '../errors.ts';

/** Where initiators log in: an IP address, and a TCP port from 1 to 65535. */
export interface PortalAddress {
  readonly ip: string;
  readonly port: number;
}

/** What a `provider_location` says: at least one portal, the IQN of the target, and the LUN number of the volume there. */
export interface ProviderLocation {
  readonly portals: readonly PortalAddress[];
  readonly iqn: string;
  readonly lun: number;
}

/** `ip:port`, with brackets around an IPv6 address (S1-26). */
export const portalText = ({ ip, port }: PortalAddress): string => `${isIPv6(ip) ? `[${ip}]` : ip}:${port}`;

/**
 * `{ip}:{port};{ip}:{port} {iqn} {lun}` (S1-26).
 *
 * @example
 * import { formatProviderLocation } from '@blockledger/app/cinder-driver';
 * const portals = [{ ip: '192.168.1.101', port: 3260 }, { ip: '192.168.1.102', port: 3260 }];
 * formatProviderLocation({ portals, iqn: 'iqn.2004-08.com.qsan:target-xxx', lun: 0 }); // => '192.168.1.101:3260;192.168.1.102:3260 iqn.2004-08.com.qsan:target-xxx 0'
 */
export const formatProviderLocation = ({ portals, iqn, lun }: ProviderLocation): string => `${portals.map(portalText).join(';')} ${iqn} ${lun}`;

const PORTAL = /^(?:\[([0-9A-Fa-f:.]+)\]|([^[\]:;\s]+)):(\d{1,5})$/;
const MAX_PORT = 65_535;

const portalOf = (text: string): PortalAddress | undefined => {
  const [, inner, plain, port] = PORTAL.exec(text) ?? [];
  const ip = inner ?? plain;
  if (ip === undefined || (inner !== undefined && !isIPv6(inner))) return undefined;
  return Number(port) >= 1 && Number(port) <= MAX_PORT ? { ip, port: Number(port) } : undefined;
};

const astray = (text: string): CinderError =>
  cinderError('InvalidInput', 'ProviderLocationIsInvalid', `a provider_location is "{ip}:{port};{ip}:{port} {iqn} {lun}", not "${text.slice(0, 200)}"`);

/**
 * Reads a `provider_location` (S1-26, S1-33). Refused as `InvalidInput` where it is none.
 *
 * @example
 * import { parseProviderLocation } from '@blockledger/app/cinder-driver';
 * const read = parseProviderLocation('192.168.1.101:3260 iqn.2004-08.com.qsan:target-xxx 7');
 * read._tag === 'Right' && read.right.lun; // => 7
 */
export const parseProviderLocation = (text: string): E.Either<CinderError, ProviderLocation> => {
  const [where = '', iqn = '', lun = '', ...rest] = text.split(' ');
  const portals = where.split(';').map(portalOf);
  const known = portals.filter((portal) => portal !== undefined);
  const isSound = known.length === portals.length && iqn !== '' && /^\d{1,5}$/.test(lun) && rest.length === 0;
  return isSound ? E.right({ portals: known, iqn, lun: Number(lun) }) : E.left(astray(text));
};
