/** Whose share of the service a request takes. */
import type { Principal } from '../../queries/views.ts';

/**
 * What limits of one principal are counted by. Two tenants may use one name, and so may the configuration and the log: none of them takes
 * anything from another. Two tokens of one name, the old one and the one that takes over from it, are one holder.
 */
export const holderOf = ({ name, tenant, tokenId }: Principal): string => JSON.stringify([tenant, name, tokenId === null ? 'configured' : 'issued']);
