/**
 * Gateways for Blockledger: the hosts that programs run on, the targets of XDC and of tgt on them, and virtual IPs that move between them.
 *
 * @module main
 */
export { HOST_UNREACHABLE, isUnreachable, type Host } from './hosts/host.ts';
export { localHost, type LocalHostOptions } from './hosts/localHost.ts';
export { shellLine, shellWord } from './hosts/quote.ts';
export { sshHost, type SshHostOptions } from './hosts/sshHost.ts';
export { writeFile, type HostFile } from './hosts/writeFile.ts';
export { tgtTargets } from './tgt/backend.ts';
export { tgtReadiness } from './tgt/readiness.ts';
export type { TgtCephOptions, TgtOptions, TgtdOptions } from './tgt/options.ts';
export { keepalivedVips } from './keepalived/backend.ts';
export type { KeepalivedOptions } from './keepalived/options.ts';
export type { Readiness } from './keepalived/readiness.ts';
export { xdcTargets } from './xdc/backend.ts';
export type { XdcOptions } from './xdc/options.ts';
export { xdcReadiness, type XdcReadinessOptions } from './xdc/readiness.ts';
