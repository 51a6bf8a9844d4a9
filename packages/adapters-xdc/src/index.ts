/**
 * Gateways for Blockledger: the hosts that programs run on.
 *
 * @module main
 */
export { HOST_UNREACHABLE, isUnreachable, type Host } from './hosts/host.ts';
export { localHost, type LocalHostOptions } from './hosts/localHost.ts';
export { shellLine, shellWord } from './hosts/quote.ts';
export { sshHost, type SshHostOptions } from './hosts/sshHost.ts';
export { writeFile, type HostFile } from './hosts/writeFile.ts';
