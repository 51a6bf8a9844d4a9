/** Addresses and names of initiators. */
import { isIP, isIPv6 } from 'node:net';

/** One way to write an address: those of IPv6 can be written in many. What is no address stays as it is. */
export const canonicalAddress = (text: string): string => (isIPv6(text) ? new URL(`http://[${text}]/`).hostname.slice(1, -1) : text);

/** Whether a code is the name of an iSCSI initiator. */
export const isInitiatorName = (code: string): boolean => /^(?:iqn|eui|naa)\.[^\s,]+$/.test(code);

/** A world wide name of Fibre Channel, which can be read as an address of IPv6. */
const isWwn = (code: string): boolean => /^(?:[\dA-Fa-f]{2}:){7}[\dA-Fa-f]{2}$/.test(code);

/** Whether a code is an IP address. */
export const isAddress = (code: string): boolean => isIP(code) !== 0 && !isWwn(code);
