export * from './messages.ts';
export * from './limits.ts';
export * from './facts.ts';
