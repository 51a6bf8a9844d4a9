/** Addresses of hosts on the command line. */
import { ipOf } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { ADDRESS_ROLES, type HostAddress } from '../../../api/bodies/host.ts';
import type { Reader } from '../../frame/parts.ts';

const FORM = /^([\d.]+)\/(\d{1,2})@([^,\s]+)((?:,(?:role|segment)=[^,\s]+)*)$/;

const roleOf = (text: string | undefined): HostAddress['role'] => ADDRESS_ROLES.find((role) => role === text);

/** `10.252.1.204/24@eth0`, and behind it `,role=admin` and `,segment=lan-a` where they are not the usual. */
export const address: Reader<HostAddress> = {
  read: (given) => {
    const [, ip = '', mask, device = '', more = ''] = FORM.exec(given) ?? [];
    if (ipOf(ip) === undefined) return E.left(`${given} is not an address of a host: write 10.252.1.204/24@eth0, or 10.252.1.204/24@eth0,role=admin,segment=lan-a`);
    const { role: word, segment } = Object.fromEntries(more.split(',').slice(1).map((part) => part.split('='))) as { readonly role?: string; readonly segment?: string };
    const role = roleOf(word);
    if (word !== undefined && role === undefined) return E.left(`${word} is none of ${ADDRESS_ROLES.join(', ')}`);
    return E.right({ ip, mask: Number(mask), interface: device, ...(role === undefined ? {} : { role }), ...(segment === undefined ? {} : { segment }) });
  },
};
