/**
 * The pure core of Blockledger: what may be asked, what is decided, what happened, what is then owed.
 *
 * @module main
 */
export * from './accessPath/index.ts';
export * from './accessToken/index.ts';
export * from './backend/index.ts';
export * from './clientGroup/index.ts';
export * from './host/index.ts';
export * from './kernel/index.ts';
export * from './messages.ts';
export * from './pool/index.ts';
export * from './ports/index.ts';
export * from './reservation/index.ts';
export * from './snapshot/index.ts';
export * from './vipGroup/index.ts';
export * from './volume/index.ts';
export * from './webhook/index.ts';
